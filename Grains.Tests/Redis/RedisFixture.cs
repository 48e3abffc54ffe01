using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>A server with one store and one open partition.</summary>
internal sealed class RedisFixture : IAsyncDisposable
{
    public const string Name = "people";

    private RedisFixture(RedisServer server, ConnectionMultiplexer redis, RedisGalleryStore store, long epoch)
    {
        Server = server;
        Redis = redis;
        Store = store;
        Epoch = epoch;
    }

    public static PartitionId P0 => new(0);

    public static CancellationToken None => CancellationToken.None;

    public RedisServer Server { get; }

    public ConnectionMultiplexer Redis { get; }

    public RedisGalleryStore Store { get; }

    public long Epoch { get; }

    public static Task<RedisFixture> NewAsync(params string[] settings) =>
        NewAsync(new RedisStoreOptions(), settings);

    public static async Task<RedisFixture> NewAsync(RedisStoreOptions options, params string[] settings)
    {
        RedisServer server = await RedisServer.StartAsync(settings);
        try
        {
            return await OnAsync(server, server.Port, options);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another store on a server, through a connection of its own.</summary>
    public static async Task<RedisFixture> OnAsync(RedisServer server, int port, RedisStoreOptions options)
    {
        ConnectionMultiplexer redis = await server.ConnectAsync(port);
        RedisGalleryStore store = await RedisGalleryStore.OpenAsync(redis, Name, null, 1, options, None);
        return new RedisFixture(server, redis, store, await store.OpenEpochAsync(P0, None));
    }

    public async Task<AppendResult> PutAsync(params Encounter[] encounters) =>
        await Store.AppendAsync(P0, Epoch, [.. encounters.Select(StoreWrite.Put)], None);

    public async Task<List<StoredEncounter>> AllAsync()
    {
        List<StoredEncounter> all = [];
        await foreach (IReadOnlyList<StoredEncounter> chunk in Store.ReadAllAsync(P0, None))
        {
            all.AddRange(chunk);
        }

        return all;
    }

    /// <summary>How often the server ran a command since it started.</summary>
    public async Task<long> CallsOfAsync(string command)
    {
        string info = (string)(await Redis.GetServers()[0].ExecuteAsync("INFO", "commandstats"))!;
        string start = $"cmdstat_{command}:calls=";
        int at = info.IndexOf(start, StringComparison.Ordinal);
        return at < 0 ? 0 : long.Parse(info[(at + start.Length)..].Split(',')[0]);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Server.DisposeAsync();
    }
}
