using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>What silos erase, on its way into the audit log, on a real server.</summary>
public sealed class RedisErasuresTests
{
    [SkippableFact]
    public async Task Nothing_is_noted_before_a_front_end_wants_it()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        RedisErasures silo = On(redis);
        Assert.Null(await silo.NoteAsync([new ErasedEncounter("P-1", ["G"])]));
        Assert.Empty(await On(redis).TakeAsync(10, default));
        Assert.Empty(redis.GetServers()[0].Keys());
    }

    [SkippableFact]
    public async Task Notes_are_taken_by_one_front_end_at_a_time_and_stay_until_they_have_rows()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        RedisErasures silo = On(redis);
        RedisErasures first = On(redis);
        RedisErasures second = On(redis);
        await first.BeginAsync(default);
        Assert.Null(await silo.NoteAsync(
            [.. Enumerable.Range(0, 150).Select(i => new ErasedEncounter($"P-{i / 2}", i == 0 ? ["H", "G"] : ["G"]))]));
        Assert.Null(await silo.NoteAsync([new ErasedEncounter("P-last", ["G"])]));

        IReadOnlyList<NotedErasure> taken = await first.TakeAsync(2, default);
        Assert.Equal([50, 25], taken.Select(note => note.Persons.Count));
        Assert.Equal(["G", "H"], taken[0].Galleries);
        Assert.Empty(await second.TakeAsync(2, default));
        Assert.Equal(taken.Select(note => note.Id), (await first.TakeAsync(2, default)).Select(note => note.Id));

        await first.RemoveAsync(taken, default);
        NotedErasure last = Assert.Single(await second.TakeAsync(2, default));
        Assert.Equal(["P-last"], last.Persons);

        // What is gone already takes nothing else with it.
        await first.RemoveAsync(taken, default);
        Assert.Equal(last.Id, Assert.Single(await second.TakeAsync(2, default)).Id);
        await second.RemoveAsync([last], default);
        Assert.Empty(await second.TakeAsync(2, default));
    }

    [SkippableFact]
    public async Task What_cannot_be_noted_is_not_erased()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        RedisErasures silo = new(
            redis, RedisFixture.Name, new RedisStoreOptions { SettleWithin = TimeSpan.FromMilliseconds(200) });
        await silo.BeginAsync(default);
        await redis.GetDatabase().ListRightPushAsync(
            "mc:{people}:erasures:notes", [.. Enumerable.Repeat((RedisValue)"x", RedisErasures.MostWaiting)]);
        Outage? full = await silo.NoteAsync([new ErasedEncounter("P-1", ["G"])]);
        Assert.Contains("notes of erasures wait", full?.Reason, StringComparison.Ordinal);

        await server.KillAsync();
        Assert.NotNull(await silo.NoteAsync([new ErasedEncounter("P-1", ["G"])]));
    }

    private static RedisErasures On(IConnectionMultiplexer redis) =>
        new(redis, RedisFixture.Name, new RedisStoreOptions());
}
