using System.Runtime.CompilerServices;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// Finds the rows of a query without reading the whole log: those of a person by the store's index, those of a time by
/// halving, as rows are written in the order of their times but for the slack of clocks.
/// </summary>
internal static class AuditRows
{
    /// <param name="store">The log.</param>
    /// <param name="query">Which rows.</param>
    /// <param name="about">Keyed hash of the query's person.</param>
    /// <param name="head">The last row that counts.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public static async IAsyncEnumerable<AuditRow> ReadAsync(
        IAuditStore store, AuditQuery query, string? about, AuditHead head,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        long after = query.After;
        if (query.From is { } from)
        {
            after = Math.Max(after, await BeforeAsync(store, from - AuditQuery.Slack, head.Sequence, cancel));
        }

        string? over = query.To is { } to ? AuditEntry.Written(to + AuditQuery.Slack) : null;
        await foreach (AuditRow row in store.ReadAsync(after, about, cancel))
        {
            if (row.Sequence > head.Sequence
                || (over is not null && string.CompareOrdinal(AuditQuery.EndOf(row.Json), over) > 0))
            {
                yield break;
            }

            if (query.Covers(row.Json))
            {
                yield return row;
            }
        }
    }

    /// <summary>The number of a row after which all of the time come.</summary>
    private static async ValueTask<long> BeforeAsync(
        IAuditStore store, DateTimeOffset time, long last, CancellationToken cancel)
    {
        string wanted = AuditEntry.Written(time);
        long before = 0;
        long notBefore = last + 1;
        while (notBefore - before > 1)
        {
            long middle = before + ((notBefore - before) / 2);
            AuditRow? row = await store.ReadAsync(middle - 1, about: null, cancel).FirstOrDefaultAsync(cancel);
            if (row is not null && string.CompareOrdinal(AuditQuery.EndOf(row.Json), wanted) < 0)
            {
                before = middle;
            }
            else
            {
                notBefore = middle;
            }
        }

        return before;
    }
}
