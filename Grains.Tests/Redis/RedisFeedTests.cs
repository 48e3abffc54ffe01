using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Tests.Feeds;
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

    private static async Task<RedisGalleryStore> OpenAsync(ConnectionMultiplexer redis, int kept = 100_000) =>
        await RedisGalleryStore.OpenAsync(
            redis, RedisFixture.Name, 3, 3, new RedisStoreOptions { ChangesKept = kept }, default);
}
