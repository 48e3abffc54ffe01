using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>A partition that answers searches as a test tells it to.</summary>
internal sealed class FakePartition(int number, Func<SearchBatch, Task<PartitionAnswer>> answer) : IPartition
{
    public PartitionId Id { get; } = new(number);

    public async ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget) => await answer(batch);

    public ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget) =>
        throw new NotSupportedException();

    public ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget) => throw new NotSupportedException();

    public ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel) =>
        ValueTask.FromResult(new PartitionStatus { Partition = Id, State = PartitionState.Ready, Identities = 100 });

    public static PartitionAnswer Complete(int number, long held, params (string Id, double Score)[] hits) => new()
    {
        Partition = new PartitionId(number),
        Outcome = PartitionOutcome.Complete,
        IdentitiesHeld = held,
        IdentitiesSearched = held,
        Results = [new SearchHits(true, false, [.. hits.Select(h => new Hit(h.Id, h.Score, []))])],
    };

    public static PartitionAnswer Not(int number, PartitionOutcome outcome, string reason, long held) => new()
    {
        Partition = new PartitionId(number),
        Outcome = outcome,
        Reason = reason,
        RetryAfter = TimeSpan.FromSeconds(2),
        IdentitiesHeld = held,
    };
}

internal sealed class FakeDirectory(params IPartition[] partitions) : IPartitionDirectory
{
    public IReadOnlyList<IPartition> All { get; } = partitions;
}
