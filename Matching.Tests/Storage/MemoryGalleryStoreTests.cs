using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class MemoryGalleryStoreTests : GalleryStoreContract
{
    protected override ValueTask<IGalleryStore> NewStoreAsync(int partitions) =>
        ValueTask.FromResult<IGalleryStore>(new MemoryGalleryStore(partitions));

    [Fact]
    public void A_partition_count_beyond_the_limit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryGalleryStore(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryGalleryStore(Limits.Partitions + 1));
    }
}
