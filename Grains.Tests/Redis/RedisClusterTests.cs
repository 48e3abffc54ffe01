using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Feeds;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;
using static MatchCluster.Grains.Tests.Redis.RedisFixture;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>A Redis Cluster of three nodes: the store's keys lie where the servers say, on all of them.</summary>
public sealed class RedisClusterTests : IAsyncLifetime
{
    private const int Nodes = 3;
    private const int Slots = 16384;
    private const int Partitions = 16;

    private static readonly RedisKeys Keys = new(Name);

    private readonly List<RedisServer> nodes = [];
    private ConnectionMultiplexer redis = null!;

    public async Task InitializeAsync()
    {
        try
        {
            await FormAsync();
        }
        catch
        {
            // xunit disposes of nothing that did not come to be.
            await DisposeAsync();
            throw;
        }
    }

    private async Task FormAsync()
    {
        for (int node = 0; node < Nodes; node++)
        {
            nodes.Add(await RedisServer.StartAsync("--cluster-enabled", "yes"));
        }

        for (int node = 0; node < Nodes; node++)
        {
            IServer server = (await nodes[node].ConnectAsync()).GetServers()[0];
            int first = node * Slots / Nodes;
            int last = ((node + 1) * Slots / Nodes) - 1;
            await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", first, last);
            await server.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", nodes[0].Port);
        }

        foreach (RedisServer node in nodes)
        {
            await node.WaitForLineAsync("Cluster state changed: ok");
        }

        redis = await nodes[0].ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (RedisServer node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task The_change_logs_follow_partitions_on_all_nodes()
    {
        await using RedisGalleryStore store = await RedisGalleryStore.OpenAsync(
            redis, Name, 5, 5, new RedisStoreOptions { ChangesKept = 100_000 }, None);
        await ChangeLogContract.FollowedAsync(store, store.Changes!, 11);
    }

    [SkippableFact]
    public async Task Each_partition_lies_in_one_slot_and_every_node_has_its_share()
    {
        RedisGalleryStore store = await RedisGalleryStore.OpenAsync(redis, Name, Partitions, 1, None);
        for (int p = 0; p < Partitions; p++)
        {
            PartitionId partition = new(p);
            long epoch = await store.OpenEpochAsync(partition, None);
            AppendResult put = await store.AppendAsync(
                partition, epoch, [StoreWrite.Put(SomeEncounters.Sized($"p{p}", "e", 10))], None);
            Assert.Equal(new AppendResult(AppendOutcome.Applied), put);
            Assert.Equal($"p{p}", Assert.Single(await store.ReadPersonAsync(partition, $"p{p}", None)).PersonId);
            Assert.Equal(1, await store.CountAsync(partition, None));
        }

        IServer[] servers = redis.GetServers();
        Assert.Equal(Nodes, servers.Length);
        int[] slots = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(async p =>
        {
            int[] each = await Task.WhenAll(Keys.Partition(p).Select(key => KeySlotAsync(servers[0], key)));
            Assert.Equal(each[0], redis.HashSlot(Keys.State(p)));
            return Assert.Single(each.Distinct());
        }));
        Assert.Equal(Partitions, slots.Distinct().Count());
        Assert.True(await store.SizeInBytesAsync(None) > 0);

        // Three keys a partition, and the marker: on the nodes that own their slots, and on no other.
        long[] held = await Task.WhenAll(servers.Select(server => server.DatabaseSizeAsync()));
        Assert.All(held, keys => Assert.True(keys >= 3, $"{string.Join(' ', held)} keys"));
        Assert.Equal((3 * Partitions) + 1, held.Sum());
    }

    [SkippableFact]
    public async Task The_client_knows_the_node_of_every_key_and_is_never_sent_on()
    {
        RedisGalleryStore store = await RedisGalleryStore.OpenAsync(redis, Name, Partitions, 1, None);
        IServer[] servers = redis.GetServers();

        // Its handshake asks every node for one key, wherever that lies.
        await Task.WhenAll(servers.Select(server => server.ConfigResetStatisticsAsync()));
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(async p =>
        {
            long epoch = await store.OpenEpochAsync(new PartitionId(p), None);
            await store.AppendAsync(
                new PartitionId(p), epoch, [StoreWrite.Put(SomeEncounters.Sized("p", "e", 10))], None);
        }));

        foreach (IServer server in servers)
        {
            string errors = (string?)await server.ExecuteAsync("INFO", "errorstats") ?? "";
            Assert.DoesNotContain("MOVED", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("CROSSSLOT", errors, StringComparison.Ordinal);
        }
    }

    /// <summary>What the server says: the client has an opinion of its own.</summary>
    internal static async Task<int> KeySlotAsync(IServer server, RedisKey key) =>
        (int)await server.ExecuteAsync("CLUSTER", "KEYSLOT", key);
}
