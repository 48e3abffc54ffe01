using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Health;

/// <summary>How far the partitions are, in one sentence and in detail.</summary>
/// <param name="IsReady">Whether every partition is loaded: answers are then complete.</param>
/// <param name="CanAnswer">Whether at least one partition is loaded: searches then answer, and say what they
/// did not search.</param>
internal sealed record Readiness(
    bool IsReady, bool CanAnswer, string Sentence, long Loaded, long ToLoad,
    IReadOnlyList<PartitionReadiness> Partitions)
{
    public static Readiness Of(IReadOnlyList<PartitionStatus> partitions)
    {
        long loaded = partitions.Sum(partition => partition.Loaded);
        long toLoad = partitions.Sum(partition => partition.ToLoad);
        int failed = partitions.Count(partition => partition.State == PartitionState.Failed);
        bool ready = partitions.All(partition => partition.State == PartitionState.Ready);
        bool any = partitions.Any(partition => partition.State == PartitionState.Ready);
        string sentence = failed > 0 ? $"{failed} of {partitions.Count} partitions failed"
            : ready ? "ready"
            : $"loading {loaded} of {toLoad}";
        return new Readiness(ready, any, sentence, loaded, toLoad, [.. partitions.Select(Of)]);
    }

    private static PartitionReadiness Of(PartitionStatus status) => new(
        status.Partition.Number,
        status.State switch
        {
            PartitionState.Ready => "ready",
            PartitionState.Failed => "failed" + (status.Reason is null ? "" : $": {status.Reason}"),
            _ => $"loading {status.Loaded} of {status.ToLoad}",
        },
        status.Unreadable);
}

/// <param name="Partition">Number of the partition.</param>
/// <param name="State">"ready", "loading n of m" or "failed: why".</param>
/// <param name="Unreadable">Stored encounters that could not be read; they are not searched.</param>
internal sealed record PartitionReadiness(int Partition, string State, long Unreadable);
