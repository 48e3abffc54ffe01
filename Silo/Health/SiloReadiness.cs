using MatchCluster.Grains.Members;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Silo.Health;

/// <summary>How the silo is: on its way into the cluster, loading, ready, or on its way out.</summary>
internal sealed class SiloReadiness(string name)
{
    private volatile string phase = "connecting to Redis";
    private volatile OwnPartitions? own;
    private volatile ReadinessReport last = new("starting", false, 0, []);

    public string Name => name;

    /// <summary>What was last looked at, for gauges.</summary>
    public ReadinessReport Last => last;

    public void Is(string sentence)
    {
        own = null;
        phase = sentence;
    }

    public void Joined(OwnPartitions partitions) => own = partitions;

    public async Task<ReadinessReport> LookAsync(CancellationToken cancel)
    {
        last = own is { } partitions && await partitions.StatusAsync(cancel) is { } status
            ? Of(status, partitions.PartitionsOfStore)
            : new ReadinessReport(own is null ? phase : "not an active member of the cluster", false, 0, []);
        return last;
    }

    private static ReadinessReport Of(IReadOnlyList<PartitionStatus> partitions, int ofStore)
    {
        int failed = partitions.Count(partition => partition.State == PartitionState.Failed);
        int loading = partitions.Count(partition => partition.State == PartitionState.Loading);
        long loaded = partitions.Sum(partition => partition.Loaded);
        long toLoad = partitions.Sum(partition => partition.ToLoad);
        string sentence = failed > 0 ? $"{failed} of {partitions.Count} partitions failed"
            : loading > 0 ? $"loading {loaded} of {toLoad} encounters, {loading} of {partitions.Count} partitions to go"
            : $"ready: {partitions.Count} of {ofStore} partitions";
        return new ReadinessReport(sentence, failed == 0 && loading == 0, ofStore, partitions);
    }
}

/// <param name="Sentence">The standing as a sentence for people.</param>
/// <param name="IsReady">Whether it joined and serves every partition that it shall.</param>
/// <param name="PartitionsOfStore">Partitions of the whole gallery; 0 before it joined.</param>
/// <param name="Partitions">Partitions that it shall serve.</param>
internal sealed record ReadinessReport(
    string Sentence, bool IsReady, int PartitionsOfStore, IReadOnlyList<PartitionStatus> Partitions);
