using System.Text;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Tests.Feeds;
using MatchCluster.Matching.Tests.Packs;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The change logs of a cluster's store on a real server.</summary>
public sealed class RedisFeedTests
{
    [SkippableFact]
    public async Task Whoever_follows_a_log_on_another_member_has_the_state_of_the_gallery_at_every_change()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await using ConnectionMultiplexer others = await server.ConnectAsync(server.Port);
        await using RedisGalleryStore silo = await OpenAsync(redis);
        await using RedisGalleryStore frontEnd = await OpenAsync(others);
        await ChangeLogContract.FollowedAsync(silo, frontEnd.Changes!, 3);
    }

    [SkippableFact]
    public async Task A_log_keeps_as_much_as_it_is_told_and_says_what_it_does_not_keep()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await using RedisGalleryStore store = await OpenAsync(redis, kept: 8);
        await ChangeLogContract.KeptAsync(store, 8);
    }

    [SkippableFact]
    public async Task What_was_written_without_the_log_ends_what_can_be_read_on_from()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await ChangeLogContract.ReopenedAsync(async log => await OpenAsync(redis, kept: log ? 100 : 0));
    }

    /// <summary>
    /// Whoever takes changes may be gone before it removed them from the outbox; others take at once. Each change comes
    /// into the log once.
    /// </summary>
    [SkippableFact]
    public async Task What_was_taken_and_not_removed_is_not_taken_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await using RedisGalleryStore one = await OpenAsync(redis);
        await using RedisGalleryStore other = await OpenAsync(redis);
        IDatabase database = redis.GetDatabase();
        RedisKeys keys = new(RedisFixture.Name);
        FeedReplica replica = new("G", new FeedKeys(await one.StateKeyAsync(default)).Of("G"));
        await using MatchEngine engine = MatchEngine.Open(one, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        EncounterRoot root = new(engine);
        Random random = new(5);
        for (int round = 0; round < 20; round++)
        {
            await ChangeLogContract.WriteAsync(root, random, 4);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(reader =>
                (reader % 2 == 0 ? one : other).Changes!.PositionAsync("G", default).AsTask()));
            for (int partition = 0; partition < 3; partition++)
            {
                // Back in front stand the two that were taken last, as if the one that took them had ended there.
                string[] taken = ((string)(await database.HashGetAsync(keys.Taken, partition))!).Split(':');
                foreach (long number in (long[])[long.Parse(taken[1]), long.Parse(taken[1]) - 1])
                {
                    byte[] place = Encoding.ASCII.GetBytes($"{taken[0]}:{number}:");
                    await database.ListLeftPushAsync(
                        keys.Outbox(partition), (byte[])[.. place, .. FeedCodec.Entry(Nobody)]);
                }
            }

            await Task.WhenAll(Enumerable.Range(0, 6).Select(reader =>
                (reader % 2 == 0 ? one : other).Changes!.PositionAsync("G", default).AsTask()));
            replica.Follow(await other.Changes!.ReadAsync("G", replica.Last, 1000, default));
            Assert.Equal(replica.Last, replica.Proved);
            Assert.Equal(
                replica.State, (await one.Changes!.PositionAsync("G", default)).State);
        }

        await replica.AssertHoldsAsync(root, ChangeLogContract.Budget);
    }

    [SkippableFact]
    public async Task Packs_and_the_reports_of_their_copies_hold_their_contract()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await using ConnectionMultiplexer others = await server.ConnectAsync(server.Port);
        await PackStoreContract.HoldsAsync(
            new RedisPackStore(redis, RedisFixture.Name, new RedisStoreOptions()),
            new RedisPackStore(others, RedisFixture.Name, new RedisStoreOptions()));
    }

    private static FeedEntry Nobody { get; } = new(
        "G", ChangeKind.Added, "taken twice", "E", Guid.Empty, DateTimeOffset.UnixEpoch, new GalleryState(default, 1));

    private static async Task<RedisGalleryStore> OpenAsync(ConnectionMultiplexer redis, int kept = 100_000) =>
        await RedisGalleryStore.OpenAsync(
            redis, RedisFixture.Name, 3, 3, new RedisStoreOptions { ChangesKept = kept }, default);
}
