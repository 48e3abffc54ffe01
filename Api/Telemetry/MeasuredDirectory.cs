using System.Diagnostics;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Telemetry;

/// <summary>The engine's partitions with a clock at each: the engine itself knows no metrics.</summary>
internal sealed class MeasuredDirectory : IPartitionDirectory
{
    public MeasuredDirectory(IPartitionDirectory directory, SearchMetrics metrics) =>
        All = [.. directory.All.Select(partition => new MeasuredPartition(partition, metrics))];

    public IReadOnlyList<IPartition> All { get; }
}

internal sealed class MeasuredPartition(IPartition inner, SearchMetrics metrics) : IPartition
{
    public PartitionId Id => inner.Id;

    public async ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget)
    {
        using Activity? activity = metrics.Activities.StartActivity("partition");
        activity?.SetTag("partition", Id.Number);
        PartitionAnswer answer = await inner.SearchAsync(batch, budget);
        activity?.SetTag("outcome", answer.Outcome.ToString());
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
