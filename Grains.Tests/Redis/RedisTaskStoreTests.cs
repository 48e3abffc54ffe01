using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Tests.Tasks;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The tasks of a cluster on a real server.</summary>
public sealed class RedisTaskStoreTests
{
    [SkippableFact]
    public async Task Redis_keeps_tasks()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await TaskStoreContract.HoldsAsync(StoreOn(redis));
        IServer only = redis.GetServers().Single();
        string[] left = [.. only.Keys(pattern: "*task*").Select(key => key.ToString())];
        Assert.Equal(["mc:{test}:tasks:totals"], left.Select(key => key.Replace(RedisFixture.Name, "test")));
        HashEntry[] totals = await redis.GetDatabase().HashGetAllAsync(left[0]);
        Assert.All(totals, total => Assert.Equal(0, (long)total.Value));
    }

    [SkippableFact]
    public async Task Front_ends_share_tasks_and_each_goes_to_one_of_them()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer one = await server.ConnectAsync(server.Port);
        await using ConnectionMultiplexer other = await server.ConnectAsync(server.Port);
        RedisTaskStore[] stores = [StoreOn(one), StoreOn(other)];
        for (int i = 0; i < 50; i++)
        {
            await stores[i % 2].PutAsync(TaskStoreContract.Some("shared", $"t{i}", partner: $"p{i}"), default);
        }

        List<string>[] claimed = [[], []];
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async i =>
        {
            while (await stores[i].ClaimAsync(
                new TaskClaim(
                    TaskPhase.Execute, ["shared"], $"front end {i}", TaskStoreContract.At(1), TaskStoreContract.At(9),
                    3),
                default) is { Count: > 0 } tasks)
            {
                claimed[i].AddRange(tasks.Select(task => task.Id));
            }
        }));
        Assert.Equal(50, claimed.SelectMany(ids => ids).Distinct().Count());
        Assert.Equal(50, claimed.Sum(ids => ids.Count));
    }

    [SkippableFact]
    public async Task A_task_that_cannot_be_read_holds_up_no_other()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        RedisTaskStore store = StoreOn(redis);
        TaskRecord broken = TaskStoreContract.Some("kind", "t1");
        await store.PutAsync(broken, default);
        await redis.GetDatabase().HashSetAsync(
            new RedisKeys(RedisFixture.Name).Task(broken.Id), "request", new byte[] { 7 });
        await TaskStoreContract.HandsOutOthersAsync(store, broken);
    }

    [SkippableFact]
    public async Task Without_Redis_no_task_is_taken_in()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        RedisTaskStore store = StoreOn(redis);
        await server.KillAsync();
        await Assert.ThrowsAsync<StoreException>(
            () => store.PutAsync(TaskStoreContract.Some("lost"), default).AsTask());
    }

    private static RedisTaskStore StoreOn(ConnectionMultiplexer redis) => new(
        redis, RedisFixture.Name, new RedisStoreOptions { SettleWithin = TimeSpan.FromSeconds(2) }, ring: null,
        TaskStoreContract.Limits);
}
