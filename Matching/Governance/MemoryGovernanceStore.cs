namespace MatchCluster.Matching.Governance;

/// <summary>Documents that end with the process: for tests and for trials.</summary>
public sealed class MemoryGovernanceStore : IGovernanceStore
{
    private readonly Lock guard = new();
    private readonly Dictionary<string, SortedDictionary<string, List<GovernanceDocument>>> kinds =
        new(StringComparer.Ordinal);

    private readonly Dictionary<string, long> stamps = new(StringComparer.Ordinal);

    public ValueTask<long> StampAsync(string kind, CancellationToken cancel)
    {
        lock (guard)
        {
            return ValueTask.FromResult(stamps.GetValueOrDefault(kind));
        }
    }

    public ValueTask<IReadOnlyList<GovernanceDocument>> ReadAllAsync(string kind, CancellationToken cancel)
    {
        lock (guard)
        {
            return ValueTask.FromResult<IReadOnlyList<GovernanceDocument>>(
                kinds.TryGetValue(kind, out var documents) ? [.. documents.Values.Select(all => all[^1])] : []);
        }
    }

    public async ValueTask<GovernanceDocument?> ReadAsync(string kind, string key, CancellationToken cancel) =>
        await ReadVersionsAsync(kind, key, cancel) is { Count: > 0 } all ? all[^1] : null;

    public ValueTask<IReadOnlyList<GovernanceDocument>> ReadVersionsAsync(
        string kind, string key, CancellationToken cancel)
    {
        lock (guard)
        {
            return ValueTask.FromResult<IReadOnlyList<GovernanceDocument>>(
                kinds.TryGetValue(kind, out var documents) && documents.TryGetValue(key, out var all) ? [.. all] : []);
        }
    }

    public ValueTask<bool> WriteAsync(GovernanceDocument document, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(document);
        lock (guard)
        {
            if (!kinds.TryGetValue(document.Kind, out var documents))
            {
                documents = new SortedDictionary<string, List<GovernanceDocument>>(StringComparer.Ordinal);
                kinds.Add(document.Kind, documents);
            }

            if (!documents.TryGetValue(document.Key, out List<GovernanceDocument>? all))
            {
                all = [];
            }

            if (document.Version != all.Count + 1)
            {
                return ValueTask.FromResult(false);
            }

            all.Add(document);
            documents[document.Key] = all;
            stamps[document.Kind] = stamps.GetValueOrDefault(document.Kind) + 1;
            return ValueTask.FromResult(true);
        }
    }
}
