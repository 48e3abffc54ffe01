using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;
using static MatchCluster.Grains.Tests.Redis.RedisFixture;

namespace MatchCluster.Grains.Tests.Redis;

public sealed class RedisOpeningTests : IAsyncLifetime
{
    private static readonly RedisKeys Keys = new(Name);

    private RedisServer server = null!;
    private ConnectionMultiplexer redis = null!;

    public async Task InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        redis = await server.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
    }

    [SkippableFact]
    public async Task The_partition_count_of_the_first_opening_stays()
    {
        Assert.Equal(7, (await OpenAsync(null, 7)).PartitionCount);
        Assert.Equal(7, (await OpenAsync(null, 3)).PartitionCount);
        Assert.Equal(7, (await OpenAsync(7, 3)).PartitionCount);

        string reason = await RefusalAsync(8);

        Assert.Contains("created with 7 partitions and 8 are asked for", reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Openings_at_the_same_moment_agree_on_one_count()
    {
        RedisGalleryStore[] stores = await Task.WhenAll(Enumerable.Range(1, 10).Select(async count =>
        {
            RedisGalleryStore store = await OpenAsync(null, count);
            await store.OpenEpochAsync(new PartitionId(0), None);
            return store;
        }));

        Assert.Single(stores.Select(store => store.PartitionCount).Distinct());
    }

    [SkippableFact]
    public async Task Keys_of_somebody_else_are_refused_by_name()
    {
        IDatabase database = redis.GetDatabase();
        await database.StringSetAsync(Keys.Marker, "theirs");
        Assert.Contains($"key {Keys.Marker} is a String", await RefusalAsync(null), StringComparison.Ordinal);

        await database.KeyDeleteAsync(Keys.Marker);
        await database.HashSetAsync(Keys.Marker, "format", "their format");
        Assert.Contains("'their format'", await RefusalAsync(null), StringComparison.Ordinal);

        await database.KeyDeleteAsync(Keys.Marker);
        await database.ListLeftPushAsync(Keys.Index(2), "theirs");
        Assert.Contains($"key {Keys.Index(2)} exists", await RefusalAsync(4), StringComparison.Ordinal);
        Assert.False(await database.KeyExistsAsync(Keys.Marker));
    }

    [SkippableFact]
    public async Task A_newer_version_and_a_damaged_marker_are_refused()
    {
        await OpenAsync(3, 1);
        IDatabase database = redis.GetDatabase();

        await database.HashSetAsync(Keys.Marker, "version", RedisMarker.PicturesVersion + 1);
        Assert.Contains("newer program", await RefusalAsync(null), StringComparison.Ordinal);

        await database.HashSetAsync(Keys.Marker, "version", RedisMarker.Version);
        await database.HashSetAsync(Keys.Marker, "partitions", "many");
        Assert.Contains("states 'many' partitions", await RefusalAsync(null), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_server_that_would_lose_acked_writes_is_refused_where_that_is_asked()
    {
        RedisStoreOptions strict = new() { RequireAof = true };
        await RedisGalleryStore.OpenAsync(redis, Name, null, 1, strict, None);

        await redis.GetServers()[0].ConfigSetAsync("appendfsync", "everysec");
        StoreException refused = await Assert.ThrowsAsync<StoreException>(
            async () => await RedisGalleryStore.OpenAsync(redis, Name, null, 1, strict, None));
        Assert.Contains("fsync everysec", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("appendonly yes and appendfsync always", refused.Message, StringComparison.Ordinal);
        Assert.Contains("everysec", (await OpenAsync(null, 1)).Durability, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(-3600)]
    [InlineData(-6)]
    [InlineData(6)]
    [InlineData(3600)]
    public async Task A_clock_that_is_not_redis_own_is_refused_with_both_times(int seconds)
    {
        ShiftedClock clock = new(TimeSpan.FromSeconds(seconds));
        RedisStoreOptions shifted = new() { Clock = clock };

        StoreException refused = await Assert.ThrowsAsync<StoreException>(
            async () => await RedisGalleryStore.OpenAsync(redis, Name, null, 1, shifted, None));

        Assert.Matches(
            $"clock says 2[0-9T:.-]+Z and Redis 127.0.0.1:{server.Port} says 2[0-9T:.-]+Z: [0-9.]+ s apart, "
            + "wanted at most 5 s; synchronise the clocks",
            refused.Message);
        Assert.Contains($"clock says {clock.First:yyyy-MM-dd'T'HH:mm:ss.fff}", refused.Message);
        Assert.False(await redis.GetDatabase().KeyExistsAsync(Keys.Marker));
    }

    [SkippableTheory]
    [InlineData(-4)]
    [InlineData(4)]
    public async Task A_clock_within_the_limit_is_taken(int seconds)
    {
        RedisStoreOptions shifted = new() { Clock = new ShiftedClock(TimeSpan.FromSeconds(seconds)) };
        await RedisGalleryStore.OpenAsync(redis, Name, null, 1, shifted, None);
    }

    [SkippableFact]
    public async Task A_connection_without_the_right_to_ask_says_what_it_does_not_know()
    {
        ConfigurationOptions options = RedisServer.OptionsFor(server.Port);
        options.AllowAdmin = false;
        await using ConnectionMultiplexer guest = await ConnectionMultiplexer.ConnectAsync(options);

        RedisGalleryStore store = await RedisGalleryStore.OpenAsync(guest, Name, null, 1, None);

        Assert.StartsWith("append-only file, fsync unknown", store.Durability, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(async () => await RedisGalleryStore.OpenAsync(
            guest, Name, null, 1, new RedisStoreOptions { RequireAof = true }, None));
    }

    [SkippableFact]
    public async Task A_server_that_deletes_keys_when_it_is_full_is_refused()
    {
        IServer host = redis.GetServers()[0];
        await host.ConfigSetAsync("maxmemory", "100mb");
        await host.ConfigSetAsync("maxmemory-policy", "allkeys-lru");
        Assert.Contains("allkeys-lru), wanted noev", await RefusalAsync(null), StringComparison.Ordinal);

        await host.ConfigSetAsync("maxmemory-policy", "volatile-lru");
        await OpenAsync(null, 1);
    }

    [SkippableFact]
    public async Task A_server_that_does_not_run_is_refused_in_words()
    {
        await server.KillAsync();
        await using ConnectionMultiplexer nobody =
            await ConnectionMultiplexer.ConnectAsync(RedisServer.OptionsFor(server.Port));

        StoreException refused = await Assert.ThrowsAsync<StoreException>(
            async () => await RedisGalleryStore.OpenAsync(nobody, Name, null, 1, None));

        Assert.Contains("no Redis primary is connected", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_redis_cluster_of_one_node_keeps_each_partition_in_one_slot_and_spreads_them()
    {
        await using RedisServer node = await RedisServer.StartAsync("--cluster-enabled", "yes");
        ConnectionMultiplexer first = await node.ConnectAsync();
        await first.GetServers()[0].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await node.WaitForLineAsync("Cluster state changed: ok");
        ConnectionMultiplexer cluster = await node.ConnectAsync();
        const int Partitions = 8;

        RedisGalleryStore store = await RedisGalleryStore.OpenAsync(cluster, Name, Partitions, 1, None);
        for (int p = 0; p < Partitions; p++)
        {
            PartitionId partition = new(p);
            long epoch = await store.OpenEpochAsync(partition, None);
            AppendResult result = await store.AppendAsync(
                partition, epoch, [StoreWrite.Put(SomeEncounters.Sized("p", "e", 10))], None);
            Assert.Equal(new AppendResult(AppendOutcome.Applied), result);
            Assert.Single(await store.ReadPersonAsync(partition, "p", None));
        }

        Assert.Equal(ServerType.Cluster, cluster.GetServers()[0].ServerType);
        Assert.True(await store.SizeInBytesAsync(None) > 0);
        // A client of a cluster of one node has no use for slots (HashSlot is -1): the server is asked.
        IServer server = cluster.GetServers()[0];
        int[][] slots = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(p => Task.WhenAll(
            Keys.Partition(p).Select(key => RedisClusterTests.KeySlotAsync(server, key)))));
        Assert.Equal(Partitions, slots.Select(each => Assert.Single(each.Distinct())).Distinct().Count());
    }

    [SkippableFact]
    public async Task A_name_that_would_break_the_keys_is_a_bug_of_the_caller()
    {
        foreach (string name in (string[])["", "a{b", "a:b", new string('x', RedisLimits.NameLength + 1)])
        {
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await RedisGalleryStore.OpenAsync(redis, name, null, 1, None));
        }
    }

    private sealed class ShiftedClock(TimeSpan by) : TimeProvider
    {
        public DateTimeOffset First { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            DateTimeOffset now = base.GetUtcNow() + by;
            First = First == default ? now : First;
            return now;
        }
    }

    private ValueTask<RedisGalleryStore> OpenAsync(int? partitions, int defaultPartitions) =>
        RedisGalleryStore.OpenAsync(redis, Name, partitions, defaultPartitions, None);

    private async Task<string> RefusalAsync(int? partitions) =>
        (await Assert.ThrowsAsync<StoreException>(async () => await OpenAsync(partitions, 1))).Message;
}
