using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests;
using MatchCluster.Matching.Tests.Cases;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The probes of a cluster's cases on a real server.</summary>
public sealed class RedisCaseSamplesTests
{
    private static readonly DateTimeOffset Now = CaseSamplesContract.Now;
    private static readonly Encounter Person = TestPeople.EncounterOf(1, gallery: "visa");

    [SkippableFact]
    public async Task Redis_holds_the_contract_plain_and_sealed()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        using KeyRing keys = await TestKeys.RingAsync(new TestKeys());
        foreach (KeyRing? any in (KeyRing?[])[null, keys])
        {
            await CaseSamplesContract.HoldsAsync(StoreOn(redis, any));
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        }
    }

    [SkippableFact]
    public async Task Redis_ends_a_probe_at_its_time_and_holds_nothing_of_a_sealed_one_in_the_clear()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        using KeyRing keys = await TestKeys.RingAsync(new TestKeys());
        foreach (KeyRing? any in (KeyRing?[])[null, keys])
        {
            await StoreOn(redis, any).PutAsync("C-1", "visa", Person.Samples, Now.AddDays(1), default);
            RedisKey key = Assert.Single(redis.GetServers().SelectMany(one => one.Keys(pattern: "*probes*")));
            Assert.Equal(Now.AddDays(1).UtcDateTime, await redis.GetDatabase().KeyExpireTimeAsync(key));
            byte[] bytes = (await redis.GetDatabase().StringGetAsync(key))!;
            Assert.Equal(any is null ? Person.PersonId : null, ClearText.IsIn(bytes, [Person]));
        }

        await Assert.ThrowsAsync<StoreException>(
            async () => await StoreOn(redis, null).ReadAsync("C-1", Now, default));

        // A time that has ended by Redis' clock: nothing is kept.
        await StoreOn(redis, keys).PutAsync(
            "C-2", "visa", Person.Samples, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), default);
        Assert.Single(redis.GetServers().SelectMany(one => one.Keys(pattern: "*probes*")));
    }

    [SkippableFact]
    public async Task A_front_end_reads_what_another_one_sealed_with_a_key_that_it_has_not_seen()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        RedisStoreOptions options = new() { MasterKey = TestKeys.Source() };
        await using RedisGalleryStore silo = await OpenAsync(options);
        options = options with { TouchesNoRecords = true };
        await using RedisGalleryStore one = await OpenAsync(options);
        await using RedisGalleryStore other = await OpenAsync(options);

        await StoreOn(redis, one.Keys).PutAsync("C-1", "visa", Person.Samples, Now.AddDays(1), default);

        Assert.Equal(
            Person.Samples.Select(CaseSamplesContract.Told),
            (await StoreOn(redis, other.Keys).ReadAsync("C-1", Now, default))!.Select(CaseSamplesContract.Told));

        await one.Keys!.DestroyAsync("visa", default);
        Assert.Null(await StoreOn(redis, one.Keys).ReadAsync("C-1", Now, default));

        async Task<RedisGalleryStore> OpenAsync(RedisStoreOptions with) =>
            await RedisGalleryStore.OpenAsync(redis, RedisFixture.Name, 1, 1, with, default);
    }

    [SkippableFact]
    public async Task A_front_end_with_a_master_key_does_not_turn_encryption_on()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        await using (await RedisGalleryStore.OpenAsync(redis, RedisFixture.Name, 1, 1, default))
        {
            StoreException refused = await Assert.ThrowsAsync<StoreException>(
                async () => await RedisGalleryStore.OpenAsync(
                    redis, RedisFixture.Name, 1, 1,
                    new RedisStoreOptions { MasterKey = TestKeys.Source(), TouchesNoRecords = true }, default));
            Assert.Contains("is not encrypted and a front end is given a master key", refused.Message);
        }

        await using RedisGalleryStore plain = await RedisGalleryStore.OpenAsync(
            redis, RedisFixture.Name, 1, 1, default);
        Assert.Null(plain.Keys);
    }

    private static RedisCaseSamples StoreOn(ConnectionMultiplexer redis, KeyRing? keys) => new(
        redis, RedisFixture.Name, new RedisStoreOptions { SettleWithin = TimeSpan.FromSeconds(2) }, keys);
}
