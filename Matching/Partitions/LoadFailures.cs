using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>What callers are told where a partition could not be loaded, whatever it was that went wrong.</summary>
internal static class LoadFailures
{
    public static Outage OutageOf(Exception failure) => failure switch
    {
        StoreException store => store.Outage,
        MemoryLimitException full => new Outage(full.Message, MayRetry: false),
        OutOfMemoryException => new Outage(
            "memory was exhausted while it was loaded; lower the memory limit, or give the process more",
            MayRetry: true),
        OperationCanceledException => new Outage("it was closed while it was loaded", MayRetry: true),
        _ => new Outage($"an unexpected error ended its load ({failure.GetType().Name})", MayRetry: true),
    };
}
