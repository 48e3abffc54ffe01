using MatchCluster.Matching.Governance;

namespace MatchCluster.Matching.Cases;

/// <summary>
/// The last version of every case, the oldest first, in memory. The store is read again only where somebody else wrote
/// since: the writes of this process are put in as they are made.
/// </summary>
internal sealed class CaseIndex(IGovernanceStore store)
{
    private readonly Lock guard = new();
    private readonly Dictionary<string, Case> byId = new(StringComparer.Ordinal);
    private readonly SortedSet<(DateTimeOffset Opened, string Id)> inTime = new(new ByTime());
    private long own;
    private (long Stamp, long Own)? read;

    /// <summary>Puts in what this process wrote.</summary>
    public void Wrote(Case one)
    {
        lock (guard)
        {
            own++;
            Put(one);
        }
    }

    /// <summary>Some of the cases after one, the oldest first.</summary>
    /// <param name="after">The id of the last one that the caller has; null begins with the oldest.</param>
    /// <param name="isWanted">Which ones.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>Null where there is no case of the id <paramref name="after"/>.</returns>
    /// <exception cref="Storage.StoreException">The store cannot be read.</exception>
    public async ValueTask<IReadOnlyList<Case>?> ReadAsync(
        string? after, Func<Case, bool> isWanted, int most, CancellationToken cancel)
    {
        await RefreshAsync(cancel);
        lock (guard)
        {
            Case? last = null;
            if (after is not null && !byId.TryGetValue(after, out last))
            {
                return null;
            }

            IEnumerable<(DateTimeOffset, string Id)> from = last is null || inTime.Count == 0 ? inTime
                : inTime.GetViewBetween((last.Opened, last.Id), inTime.Max).Skip(1);
            return [.. from.Select(one => byId[one.Id]).Where(isWanted).Take(most)];
        }
    }

    /// <summary>Reads the store where others may have written.</summary>
    private async ValueTask RefreshAsync(CancellationToken cancel)
    {
        // Own writes are counted after the store has counted them: if in doubt it is read once more than needed.
        (long Stamp, long Own)? known;
        long ownBefore;
        lock (guard)
        {
            (known, ownBefore) = (read, own);
        }

        long stamp = await store.StampAsync(CaseJson.Kind, cancel);
        if (known is { } last && stamp - last.Stamp == ownBefore - last.Own)
        {
            return;
        }

        IReadOnlyList<GovernanceDocument> all = await store.ReadAllAsync(CaseJson.Kind, cancel);
        lock (guard)
        {
            foreach (GovernanceDocument document in all)
            {
                if (byId.GetValueOrDefault(document.Key) is not { } held || held.Version < document.Version)
                {
                    Put(CaseJson.Read(document));
                }
            }

            read = (stamp, ownBefore);
        }
    }

    private void Put(Case one)
    {
        if (byId.GetValueOrDefault(one.Id) is not { } held || held.Version < one.Version)
        {
            byId[one.Id] = one;
            inTime.Add((one.Opened, one.Id));
        }
    }

    private sealed class ByTime : IComparer<(DateTimeOffset Opened, string Id)>
    {
        public int Compare((DateTimeOffset Opened, string Id) x, (DateTimeOffset Opened, string Id) y) =>
            x.Opened != y.Opened ? x.Opened.CompareTo(y.Opened) : string.CompareOrdinal(x.Id, y.Id);
    }
}
