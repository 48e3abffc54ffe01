using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>A gallery of version 1, as it was stored: two partitions of five people each.</summary>
public sealed class SqliteVersionTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_store_of_version_1_is_brought_forward_and_counted_at_its_first_load()
    {
        File.Copy(GoldenEncounter.PathOf("gallery-v1.bin"), directory.File(SqliteFile.Name));
        await using (SqliteGalleryStore store = await SqliteFixture.OpenAsync(directory.Path))
        {
            Assert.Equal(2, store.PartitionCount);
            Assert.Equal([1, 2, 3], (await store.ReadBlobAsync("name", default))!);
            for (int number = 0; number < 2; number++)
            {
                PartitionId id = new(number);
                Assert.Null(await store.DigestAsync(id, default));
                await LoadAsync(store, id, wanted: 5);
                Assert.Equal(5, (await store.DigestAsync(id, default))?.Encounters);
                Assert.Single(await store.ReadPersonAsync(id, IdOf((number * 6) + 1), default));
            }

            // From here on it is counted like any other.
            long epoch = await store.OpenEpochAsync(SqliteFixture.P0, default);
            await store.AppendAsync(SqliteFixture.P0, epoch, [StoreWrite.Delete(IdOf(1), "E1")], default);
            Assert.Equal(4, (await store.DigestAsync(SqliteFixture.P0, default))?.Encounters);
            await LoadAsync(store, SqliteFixture.P0, wanted: 4);
        }

        await using SqliteGalleryStore again = await SqliteFixture.OpenAsync(directory.Path);
        await LoadAsync(again, SqliteFixture.P0, wanted: 4);
    }

    private static async Task LoadAsync(SqliteGalleryStore store, PartitionId id, long wanted)
    {
        using PartitionHost host = new(store, threads: 1, TimeProvider.System);
        await using LocalPartition partition = host.Open(id);
        await partition.Loading;
        PartitionStatus status = await partition.StatusAsync(default);
        Assert.Equal((PartitionState.Ready, wanted, 0), (status.State, status.Encounters, status.Unreadable));
    }
}
