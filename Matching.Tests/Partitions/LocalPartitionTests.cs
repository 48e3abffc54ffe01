using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>The contract, held by the partition of this process.</summary>
public sealed class LocalPartitionTests : PartitionContract
{
    private readonly MemoryGalleryStore store = new(1);
    private readonly ScanThreads threads = new(2);
    private LocalPartition? opened;

    protected override async Task<IPartition> OpenAsync()
    {
        opened = new LocalPartition(new PartitionId(0), store, threads, TimeProvider.System);
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
