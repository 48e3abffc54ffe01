using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Partitions;

namespace MatchCluster.Matching.Tests.Frames;

/// <summary>The contract, held by a partition that is reached through frames.</summary>
public sealed class FramedPartitionTests : PartitionContract
{
    private readonly MemoryGalleryStore store = new(1);
    private readonly ScanThreads threads = new(2);
    private LocalPartition? inner;

    protected override async Task<IPartition> OpenAsync()
    {
        inner = new LocalPartition(new PartitionId(0), store, threads, TimeProvider.System, MemoryBudget.Unlimited);
        await inner.Loading;
        return new FramedPartition(inner);
    }

    protected override async Task CloseAsync()
    {
        await inner!.DisposeAsync();
        threads.Dispose();
        await store.DisposeAsync();
    }
}
