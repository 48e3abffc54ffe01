using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class SqliteGalleryStoreTests : GalleryStoreContract, IAsyncLifetime
{
    private readonly TempDirectory directory = new();
    private SqliteGalleryStore? store;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (store is not null)
        {
            await store.DisposeAsync();
        }

        directory.Dispose();
    }

    protected override async ValueTask<IGalleryStore> NewStoreAsync(int partitions) =>
        store = await SqliteGalleryStore.OpenAsync(directory.Path, partitions, 1, CancellationToken.None);
}
