using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Tests.Governance;
using MatchCluster.Matching.Tests.Quotas;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The counts of a cluster on a real server.</summary>
public sealed class RedisQuotaStoreTests
{
    [SkippableFact]
    public async Task Redis_counts()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await QuotaStoreContract.HoldsAsync(StoreOn(redis));
    }

    [SkippableFact]
    public async Task Front_ends_count_together_and_never_pass_the_quota()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer one = await server.ConnectAsync(server.Port);
        await using ConnectionMultiplexer other = await server.ConnectAsync(server.Port);
        UseMeter[] meters =
            [new(StoreOn(one), TimeProvider.System), new(StoreOn(other), TimeProvider.System)];
        Agreement agreement = SomeAgreements.Border with { QuotaPerDay = 3000 };
        long used = 0;
        await Parallel.ForAsync(0, 8, async (i, cancel) =>
        {
            for (int tries = 0; tries < 1000; tries++)
            {
                if (await meters[i % 2].TakeAsync(agreement, cancel) is null)
                {
                    Interlocked.Increment(ref used);
                }
            }
        });
        Assert.InRange(used, 3000 - UseMeter.MostTaken, 3000);
        foreach (UseMeter meter in meters)
        {
            await meter.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Without_Redis_nothing_is_counted_and_nothing_allowed()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await using UseMeter meter = new(StoreOn(redis), TimeProvider.System);
        Agreement agreement = SomeAgreements.Border with { QuotaPerDay = 3 };
        Assert.Null(await meter.TakeAsync(agreement, default));

        await server.KillAsync();

        Assert.Equal(RefusalKind.Unavailable, (await meter.TakeAsync(agreement, default))?.Kind);
    }

    private static RedisQuotaStore StoreOn(ConnectionMultiplexer redis) =>
        new(redis, RedisFixture.Name, new RedisStoreOptions { SettleWithin = TimeSpan.FromSeconds(2) });
}
