using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Tests;

/// <summary>A partition that answers every search alike.</summary>
internal sealed class StubPartition(int number, PartitionAnswer answer, PartitionState state) : IPartition
{
    public PartitionId Id => new(number);

    public ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget) =>
        ValueTask.FromResult(answer);

    public ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget) =>
        ValueTask.FromResult(new WriteAck([.. writes.Writes.Select(
            _ => new WriteResult(Outage: new Outage("the disk is full", MayRetry: true)))]));

    public ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget) =>
        ValueTask.FromResult(new ReadAnswer { Outage = new Outage("loading", MayRetry: true) });

    public ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel) =>
        ValueTask.FromResult(new PartitionStatus { Partition = Id, State = state, Loaded = 3, ToLoad = 10 });
}

internal sealed class StubDirectory(params IReadOnlyList<StubPartition> partitions) : IPartitionDirectory
{
    public IReadOnlyList<IPartition> All => partitions;

    public static StubPartition Complete(int number, params IReadOnlyList<Hit> hits) => new(
        number,
        new PartitionAnswer
        {
            Partition = new PartitionId(number),
            Outcome = PartitionOutcome.Complete,
            IdentitiesHeld = 5,
            IdentitiesSearched = 5,
            Results = [new SearchHits(GalleryKnown: true, PersonKnown: false, hits)],
        },
        PartitionState.Ready);

    public static StubPartition Loading(int number) => new(
        number,
        new PartitionAnswer
        {
            Partition = new PartitionId(number),
            Outcome = PartitionOutcome.Unavailable,
            Reason = $"partition {number} is loading, 3 of 10",
            RetryAfter = TimeSpan.FromSeconds(2),
            IdentitiesHeld = 10,
        },
        PartitionState.Loading);

    public static StubPartition Full(int number) => new(
        number,
        new PartitionAnswer
        {
            Partition = new PartitionId(number),
            Outcome = PartitionOutcome.Refused,
            Reason = "1024 batches wait already",
            RetryAfter = TimeSpan.FromSeconds(1),
            IdentitiesHeld = 5,
        },
        PartitionState.Ready);
}
