using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>The contract, held by the partition of this process.</summary>
public sealed class LocalPartitionTests : PartitionContract
{
    private readonly MemoryGalleryStore store = new(1);
    private readonly ScanThreads threads = new(2);
    private LocalPartition? opened;

    [Fact]
    public async Task A_search_that_waits_while_the_partition_closes_sees_what_it_held_and_no_empty_gallery()
    {
        await using MemoryGalleryStore one = new(1);
        using ScanThreads single = new(1);
        await using LocalPartition closing = new(
            new PartitionId(0), one, single, TimeProvider.System, MemoryBudget.Unlimited);
        await closing.Loading;
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromSeconds(60));
        Assert.True((await closing.ApplyAsync(new WriteBatch([new Write.Create(EncounterOf(0))]), budget))
            .Results[0].IsApplied);
        using ManualResetEventSlim free = new();
        Task<bool> busy = single.SearchAsync(_ => free.Wait(TimeSpan.FromSeconds(60)));

        Task<PartitionAnswer> waiting = closing.SearchAsync(
            new SearchBatch([new Search { Probe = ProbeOf(0), Gallery = "G", Threshold = 0, MaxCandidates = 1 }]),
            budget).AsTask();
        await closing.DisposeAsync();
        free.Set();
        PartitionAnswer answer = await waiting;

        Assert.True(await busy);
        Assert.Equal((PartitionOutcome.Complete, 1, 1),
            (answer.Outcome, answer.IdentitiesHeld, answer.IdentitiesSearched));
        Assert.Equal(IdOf(0), Assert.Single(answer.Results[0].Hits).PersonId);
    }

    protected override async Task<IPartition> OpenAsync()
    {
        opened = new LocalPartition(new PartitionId(0), store, threads, TimeProvider.System, MemoryBudget.Unlimited);
        await opened.Loading;
        return opened;
    }

    protected override async Task CloseAsync()
    {
        await opened!.DisposeAsync();
        threads.Dispose();
        await store.DisposeAsync();
    }
}
