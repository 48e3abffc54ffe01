using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>A store in Redis with a master key, and what is in Redis' files.</summary>
public sealed class SealedRedisTests
{
    [SkippableFact]
    public async Task No_template_is_in_redis_or_its_files_in_the_clear()
    {
        await using RedisFixture fixture = await RedisFixture.NewAsync(Options());
        Encounter[] all = [.. Enumerable.Range(0, 30).Select(i => Some(i, i % 2 == 0 ? ["a"] : ["a", "b"]))];

        Assert.Equal(AppendOutcome.Applied, (await fixture.PutAsync(all)).Outcome);

        foreach ((Encounter wanted, StoredEncounter found) in all.Zip(await fixture.AllAsync()))
        {
            SomeEncounters.AssertSame(wanted, found);
        }

        Assert.Null(ClearText.IsIn(fixture.Server.Files, all));
        foreach (HashEntry record in await fixture.Redis.GetDatabase().HashGetAllAsync("mc:{people:0}:records"))
        {
            Assert.Null(ClearText.IsIn((byte[])record.Value!, all));
        }

        PartitionDigest? digest = await fixture.Store.DigestAsync(RedisFixture.P0, RedisFixture.None);
        Assert.Equal(30, digest?.Encounters);
    }

    [SkippableFact]
    public async Task Only_who_has_the_master_key_opens_it_and_a_front_end_needs_none()
    {
        await using RedisFixture fixture = await RedisFixture.NewAsync(Options());
        StoreException without = await Assert.ThrowsAsync<StoreException>(
            () => RedisFixture.OnAsync(fixture.Server, fixture.Server.Port, new RedisStoreOptions()));
        Assert.Contains("is encrypted and no master key is given", without.Message, StringComparison.Ordinal);
        StoreException wrong = await Assert.ThrowsAsync<StoreException>(
            () => RedisFixture.OnAsync(fixture.Server, fixture.Server.Port, Options("two")));
        Assert.Contains("does not open", wrong.Message, StringComparison.Ordinal);
        await using RedisGalleryStore front = await RedisGalleryStore.OpenAsync(
            fixture.Redis, RedisFixture.Name, null, 1, new RedisStoreOptions { TouchesNoRecords = true },
            RedisFixture.None);
        Assert.Null(front.Keys);
    }

    [SkippableFact]
    public async Task Two_silos_share_the_keys_that_either_makes()
    {
        await using RedisFixture one = await RedisFixture.NewAsync(Options());
        await using RedisGalleryStore other = await RedisGalleryStore.OpenAsync(
            await one.Server.ConnectAsync(), RedisFixture.Name, null, 1, Options(), RedisFixture.None);
        await one.PutAsync(Some(1, "made-by-one"));
        Assert.DoesNotContain(other.Keys!.All, key => key.Gallery == "made-by-one");

        // The other one takes the partition over and meets a key that it does not know.
        long epoch = await other.OpenEpochAsync(RedisFixture.P0, RedisFixture.None);
        SomeEncounters.AssertSame(
            Some(1, "made-by-one"),
            Assert.Single(await other.ReadPersonAsync(RedisFixture.P0, "p001", RedisFixture.None)));
        AppendResult result = await other.AppendAsync(
            RedisFixture.P0, epoch, [StoreWrite.Put(Some(2, "made-by-one"))], RedisFixture.None);
        Assert.Equal(AppendOutcome.Applied, result.Outcome);
        Assert.All(await one.AllAsync(), stored => Assert.True(stored.Content.IsAccepted));
        Assert.Equal(
            one.Store.Keys!.Current("made-by-one")!.Id, other.Keys.Current("made-by-one")!.Id);
    }

    [SkippableFact]
    public async Task A_destroyed_key_is_in_no_file_of_redis_and_its_records_open_nowhere()
    {
        await using RedisFixture fixture = await RedisFixture.NewAsync(Options());
        await fixture.PutAsync(Some(1, "a"), Some(2, "b"), Some(3, "a", "b"));
        KeyRing keys = fixture.Store.Keys!;
        byte[] entry = (byte[])(await fixture.Redis.GetDatabase().HashGetAsync("mc:{people}:keys", "a:1"))!;
        Assert.True(IsInFiles(fixture.Server.Files, entry));

        await keys.DestroyAsync("a", RedisFixture.None);

        Assert.False(IsInFiles(fixture.Server.Files, entry));
        List<StoredEncounter> left = await fixture.AllAsync();
        Assert.Equal([false, true, true], left.Select(stored => stored.Content.IsAccepted));
        Assert.DoesNotContain(keys.All, key => key.Gallery == "a");
    }

    [SkippableFact]
    public async Task A_plain_gallery_goes_on_with_a_master_key_and_is_sealed_again()
    {
        await using RedisFixture plain = await RedisFixture.NewAsync();
        await plain.PutAsync(Some(1, "a"), Some(2, "a"));
        await using RedisGalleryStore silo = await RedisGalleryStore.OpenAsync(
            plain.Redis, RedisFixture.Name, null, 1, Options(), RedisFixture.None);
        Assert.True(await StoreReseal.IsNeededAsync(silo, RedisFixture.None));

        Assert.Equal(new ResealCount(2, 2, 0), await StoreReseal.RunAsync(silo, RedisFixture.None));

        foreach (string person in (string[])["p001", "p002"])
        {
            Assert.False(Assert.Single(
                await silo.ReadPersonAsync(RedisFixture.P0, person, RedisFixture.None)).IsStale);
        }

        foreach (HashEntry record in await plain.Redis.GetDatabase().HashGetAllAsync("mc:{people:0}:records"))
        {
            Assert.Null(ClearText.IsIn((byte[])record.Value!, [Some(1, "a"), Some(2, "a")]));
        }
    }

    private static bool IsInFiles(string directory, byte[] bytes) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0);

    private static RedisStoreOptions Options(string master = "one") => new() { MasterKey = TestKeys.Source(master) };

    private static Encounter Some(int number, params string[] galleries) =>
        SomeEncounters.Sized($"p{number:D3}", "e", 200 + number) with { Galleries = galleries };
}
