using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

public sealed class PartitionLoadTests
{
    [Fact]
    public async Task A_load_that_is_ended_does_not_bring_the_rest_of_a_long_chunk()
    {
        const int chunk = 1024;
        PartitionId id = new(0);
        await using MemoryGalleryStore store = new(1);
        using PartitionHost host = new(store, threads: 1, TimeProvider.System);
        await using (LocalPartition partition = host.Open(id))
        {
            await partition.Loading;
            WriteAck ack = await partition.ApplyAsync(
                new WriteBatch([new Write.Create(EncounterOf(0))]), SearchBudget.Of(TimeSpan.FromSeconds(60)));
            Assert.True(ack.Results[0].IsApplied);
        }

        List<StoredEncounter> stored = [];
        await foreach (IReadOnlyList<StoredEncounter> some in store.ReadAllAsync(id, default))
        {
            stored.AddRange(some);
        }

        using ScanThreads threads = new(1);
        using CancellationTokenSource ended = new();
        PartitionLoad load = new(id, store, threads, new MemoryBudget(long.MaxValue));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load.RunAsync(
            Chunk(Enumerable.Repeat(Assert.Single(stored), chunk)), (_, _) => ended.Cancel(), ended.Token));

        Assert.InRange(load.Loaded, 1, 64);
    }

    private static async IAsyncEnumerable<IReadOnlyList<StoredEncounter>> Chunk(IEnumerable<StoredEncounter> stored)
    {
        await Task.CompletedTask;
        yield return [.. stored];
    }
}
