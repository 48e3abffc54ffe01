using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// Where the rows of a log lie. Several front ends may write to one store: a row is added only where it follows the
/// last one that is there.
/// </summary>
public interface IAuditStore : IAsyncDisposable
{
    /// <summary>What it is called in sentences for an operator.</summary>
    string Name { get; }

    /// <summary>Random; the first row names it where all others name the row before them.</summary>
    string Id { get; }

    /// <summary>The last row as the store names it; whether that row is right is another question.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    ValueTask<AuditHead> ReadHeadAsync(CancellationToken cancel);

    /// <summary>
    /// Writes rows, all or none; called by one at a time. It does not throw for what the store can tell.
    /// </summary>
    /// <param name="previous">The row that the first of them follows.</param>
    /// <param name="rows">None tries whether the store can be written at all.</param>
    ValueTask<AuditAppend> AppendAsync(AuditHead previous, IReadOnlyList<AuditRow> rows);

    /// <summary>Reads rows of a log that may be written meanwhile, the oldest first.</summary>
    /// <param name="after">Only rows with greater numbers.</param>
    /// <param name="about">Only rows that hold this keyed hash of a person; null takes all.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    IAsyncEnumerable<AuditRow> ReadAsync(long after, string? about, CancellationToken cancel = default);
}

/// <summary>What became of some rows: written where all is null.</summary>
/// <param name="Moved">The last row now, written by another front end; nothing was written.</param>
/// <param name="Lost">
/// The last row now, where the one to be followed is no longer there: the store lost what it had acknowledged.
/// </param>
/// <param name="Outage">Why nothing was written, or why it is not known.</param>
public readonly record struct AuditAppend(AuditHead? Moved = null, AuditHead? Lost = null, Outage? Outage = null);
