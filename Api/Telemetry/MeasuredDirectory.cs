using System.Diagnostics;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Telemetry;

/// <summary>The engine's partitions with a clock at each: the engine itself knows no metrics.</summary>
internal sealed class MeasuredDirectory(IPartitionDirectory inner, SearchMetrics metrics) : IPartitionDirectory
{
    public IReadOnlyList<IPartition> All { get; } =
        [.. inner.All.Select(partition => new MeasuredPartition(partition, metrics))];

    public IReadOnlyList<Task<PartitionAnswer>> SearchAll(SearchBatch batch, SearchBudget budget)
    {
        using ScatterSpan scatter = new(metrics.Activities, All.Count);
        return
        [
            .. inner.SearchAll(batch, budget).Select(
                answer => scatter.WatchAsync(MeasuredPartition.WatchAsync(metrics, answer))),
        ];
    }

    public ValueTask<IReadOnlyList<PartitionStatus>> StatusAllAsync(CancellationToken cancel) =>
        inner.StatusAllAsync(cancel);
}

internal sealed class MeasuredPartition(IPartition inner, SearchMetrics metrics) : IPartition
{
    public PartitionId Id => inner.Id;

    public async ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget) =>
        await WatchAsync(metrics, inner.SearchAsync(batch, budget).AsTask());

    /// <summary>Counts an answer that is on its way.</summary>
    public static async Task<PartitionAnswer> WatchAsync(SearchMetrics metrics, Task<PartitionAnswer> asked)
    {
        PartitionAnswer answer = await asked;
        metrics.Scanned(answer);
        return answer;
    }

    public async ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget)
    {
        long started = Stopwatch.GetTimestamp();
        WriteAck ack = await inner.ApplyAsync(writes, budget);
        metrics.Wrote(Stopwatch.GetElapsedTime(started), ack);
        return ack;
    }

    public ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget) => inner.ReadAsync(query, budget);

    public ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel) => inner.StatusAsync(cancel);
}
