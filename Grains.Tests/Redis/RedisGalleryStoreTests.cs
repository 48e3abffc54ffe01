using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The contract of every store, on one server under a name per test.</summary>
public sealed class RedisGalleryStoreTests(RedisGalleryStoreTests.SharedServer shared)
    : GalleryStoreContract, IClassFixture<RedisGalleryStoreTests.SharedServer>, IAsyncLifetime
{
    private RedisGalleryStore? store;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (store is not null)
        {
            await store.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task It_says_what_an_ack_is_worth()
    {
        await NewStoreAsync(1);

        Assert.Equal(
            "append-only file, fsync always: an acked append survives loss of power", store!.Durability);
    }

    protected override async ValueTask<IGalleryStore> NewStoreAsync(int partitions) =>
        store = await RedisGalleryStore.OpenAsync(
            await (await shared.ServerAsync()).ConnectAsync(), $"t{Guid.NewGuid():N}", partitions, 1, None);

    public sealed class SharedServer : IAsyncLifetime
    {
        private RedisServer? server;

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }

        /// <summary>Started by the first test: only a test can skip, its fixture would fail it.</summary>
        internal async Task<RedisServer> ServerAsync() => server ??= await RedisServer.StartAsync();
    }
}
