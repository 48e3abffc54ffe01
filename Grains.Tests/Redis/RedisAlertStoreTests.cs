using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Tests.Tasks;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The alerts of a cluster on a real server.</summary>
public sealed class RedisAlertStoreTests
{
    [SkippableFact]
    public async Task Redis_keeps_alerts()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await AlertStoreContract.HoldsAsync(
            new RedisAlertStore(redis, RedisFixture.Name, new RedisStoreOptions()));
    }
}
