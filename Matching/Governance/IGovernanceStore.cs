namespace MatchCluster.Matching.Governance;

/// <summary>
/// One version of a document about how the system may be used: an agreement, a gallery's policy, a case.
/// </summary>
/// <param name="Kind">What it is, a short word: documents of a kind are read together.</param>
/// <param name="Key">Its name, unique in the kind.</param>
/// <param name="Version">Counts the writes of this name, from 1.</param>
/// <param name="Json">Its content, UTF-8.</param>
public sealed record GovernanceDocument(string Kind, string Key, long Version, ReadOnlyMemory<byte> Json);

/// <summary>
/// Where these documents are kept, durable and in order. Every process that uses the same store sees a write at once.
/// </summary>
public interface IGovernanceStore
{
    /// <summary>
    /// Counts the writes of a kind: whoever holds a copy that was read at this count needs not read again.
    /// </summary>
    /// <exception cref="Storage.StoreException">The store cannot be read.</exception>
    ValueTask<long> StampAsync(string kind, CancellationToken cancel);

    /// <summary>The last version of each document of a kind, ordered by key (ordinal).</summary>
    ValueTask<IReadOnlyList<GovernanceDocument>> ReadAllAsync(string kind, CancellationToken cancel);

    /// <summary>The last version of a document; null where there is none.</summary>
    ValueTask<GovernanceDocument?> ReadAsync(string kind, string key, CancellationToken cancel);

    /// <summary>Every version of a document, the oldest first.</summary>
    ValueTask<IReadOnlyList<GovernanceDocument>> ReadVersionsAsync(string kind, string key, CancellationToken cancel);

    /// <summary>
    /// Writes a version: false where it is not the one after the last, because somebody else wrote in between.
    /// Applied means durable.
    /// </summary>
    ValueTask<bool> WriteAsync(GovernanceDocument document, CancellationToken cancel);
}
