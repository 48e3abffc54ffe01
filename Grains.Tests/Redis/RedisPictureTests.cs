using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>Pictures in Redis: the contract of every store with keys, and what Redis' files hold.</summary>
public sealed class RedisPictureTests : PictureStoreContract, IAsyncLifetime
{
    private RedisServer? server;
    private ConnectionMultiplexer? redis;
    private RedisGalleryStore? store;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await CloseAsync();
        if (redis is not null)
        {
            await redis.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task No_picture_is_in_a_file_of_redis_in_the_clear_and_the_marker_says_that_there_are_some()
    {
        IGalleryStore open = await OpenAsync();
        Matching.Model.Encounter[] all = [.. Enumerable.Range(0, 6).Select(i => SomeEncounters.Pictured(i, "a"))];
        long epoch = await open.OpenEpochAsync(RedisFixture.P0, RedisFixture.None);
        Assert.Equal("2", await VersionAsync());
        AppendResult result = await open.AppendAsync(
            RedisFixture.P0, epoch, [.. all.Select(StoreWrite.Put)], RedisFixture.None);
        Assert.Equal(AppendOutcome.Applied, result.Outcome);
        Assert.Equal("3", await VersionAsync());
        string[] files = Directory.GetFiles(server!.Files, "*", SearchOption.AllDirectories);
        Assert.Contains(files, path => new FileInfo(path).Length > 10_000);
        Assert.All(files, path => Assert.Null(PlainIn(File.ReadAllBytes(path), all)));
        await OpenAsync();
    }

    protected override async ValueTask<IGalleryStore> OpenAsync()
    {
        await CloseAsync();
        server ??= await RedisServer.StartAsync();
        redis ??= await server.ConnectAsync();
        return store = await RedisGalleryStore.OpenAsync(
            redis, RedisFixture.Name, null, 1, new RedisStoreOptions { MasterKey = TestKeys.Source() },
            RedisFixture.None);
    }

    protected override async ValueTask<Dictionary<string, byte[]>> StoredAsync() =>
        (await redis!.GetDatabase().HashGetAllAsync(Pictures)).ToDictionary(
            entry =>
            {
                (byte[] person, byte[] id) = RedisMember.Split((byte[])entry.Name!);
                return $"{System.Text.Encoding.UTF8.GetString(person)}/{System.Text.Encoding.UTF8.GetString(id)}";
            },
            entry => (byte[])entry.Value!);

    protected override async ValueTask DamageAsync(string person, byte[]? bytes)
    {
        byte[] member = RedisMember.Of(System.Text.Encoding.UTF8.GetBytes(person), "e"u8.ToArray());
        if (bytes is null)
        {
            await redis!.GetDatabase().HashDeleteAsync(Pictures, member);
        }
        else
        {
            await redis!.GetDatabase().HashSetAsync(Pictures, member, bytes);
        }
    }

    private static RedisKey Pictures => $"mc:{{{RedisFixture.Name}:0}}:pictures";

    private async Task<string?> VersionAsync() =>
        await redis!.GetDatabase().HashGetAsync($"mc:{{{RedisFixture.Name}}}:gallery", "version");

    private async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref store, null) is { } open)
        {
            await open.DisposeAsync();
        }
    }
}
