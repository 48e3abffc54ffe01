using System.Security.Cryptography;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>
/// What lies in Redis is frozen: another layout is another <see cref="RedisMarker.Version"/>. The count of a partition
/// (counted, held, marks) was added to version 1: a program that does not know it passes it over, and the
/// next one begins it again.
/// </summary>
public sealed class RedisLayoutTests
{
    [SkippableFact]
    public async Task The_layout_of_version_1_stays_as_it_is()
    {
        await using RedisFixture fixture = await RedisFixture.NewAsync();
        Encounter encounter = SomeEncounters.Sized("a\0é", "e\0", 10);
        await fixture.PutAsync(encounter);
        await fixture.Store.WriteBlobAsync("config", new byte[] { 1, 2 }, RedisFixture.None);
        IDatabase database = fixture.Redis.GetDatabase();
        string id = (string)(await database.HashGetAsync("mc:{people:0}:state", "last:1"))!;

        List<string> found = [];
        await foreach (RedisKey key in fixture.Redis.GetServers()[0].KeysAsync(pattern: "*"))
        {
            found.AddRange(await DumpAsync(database, key));
        }

        string record = Convert.ToHexString(EncounterCodec.Encode(encounter));
        string member = "61" + "00FF" + "C3A9" + "0001" + "6500";

        // Of one record: half of the SHA-1 of its member and the head of its frame.
#pragma warning disable CA5350 // Redis has no other; it finds accidents and protects nothing.
        string marks = Convert.ToHexStringLower(
            SHA1.HashData(Convert.FromHexString(member + record[..32])))[..32];
#pragma warning restore CA5350
        Assert.EndsWith(":1", id, StringComparison.Ordinal);
        Assert.Equal(
            [
                "mc:{people:0}:index " + member + " 0",
                "mc:{people:0}:records " + member + " " + record,
                "mc:{people:0}:state " + Hex("counted") + " " + Hex(id),
                "mc:{people:0}:state " + Hex("epoch") + " " + Hex("1"),
                "mc:{people:0}:state " + Hex("held") + " " + Hex("1"),
                "mc:{people:0}:state " + Hex("last:1") + " " + Hex(id),
                "mc:{people:0}:state " + Hex("marks") + " " + Hex(marks),
                "mc:{people}:blobs " + Hex("config") + " 0102",
                "mc:{people}:gallery " + Hex("format") + " " + Hex("MatchCluster gallery store"),
                "mc:{people}:gallery " + Hex("partitions") + " " + Hex("1"),
                "mc:{people}:gallery " + Hex("version") + " " + Hex("1"),
            ],
            found.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task What_was_written_without_counting_is_counted_anew_and_what_is_missing_is_noticed()
    {
        await using RedisFixture fixture = await RedisFixture.NewAsync();
        RedisGalleryStore store = fixture.Store;
        await fixture.PutAsync(SomeEncounters.Sized("p", "1", 10));
        IDatabase database = fixture.Redis.GetDatabase();
        PartitionDigest one = (await store.DigestAsync(RedisFixture.P0, default))!.Value;

        // An older version of this program knows no counts: they stay older than the last group.
        await database.HashSetAsync("mc:{people:0}:state", "last:1", "somebody:7");
        Assert.Null(await store.DigestAsync(RedisFixture.P0, default));
        await store.KeepDigestAsync(RedisFixture.P0, epoch: 9, one, default);
        Assert.Null(await store.DigestAsync(RedisFixture.P0, default));
        await store.KeepDigestAsync(RedisFixture.P0, epoch: 1, one, default);
        Assert.Equal(one, await store.DigestAsync(RedisFixture.P0, default));

        // And a gallery that was never counted.
        await database.HashDeleteAsync("mc:{people:0}:state", ["counted", "held", "marks"]);
        Assert.Null(await store.DigestAsync(RedisFixture.P0, default));
        await store.KeepDigestAsync(RedisFixture.P0, epoch: 1, one, default);

        await database.SortedSetRemoveAsync(
            "mc:{people:0}:index", (await database.SortedSetRangeByRankAsync("mc:{people:0}:index"))[0]);
        using PartitionHost host = new(store, 1, TimeProvider.System);
        await using LocalPartition partition = host.Open(RedisFixture.P0);
        await partition.Loading;
        PartitionStatus status = await partition.StatusAsync(default);
        Assert.Equal(PartitionState.Failed, status.State);
        Assert.Contains("0 stored encounters were found where 1 were written", status.Reason, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> DumpAsync(IDatabase database, RedisKey key) =>
        await database.KeyTypeAsync(key) == RedisType.Hash
            ? (await database.HashGetAllAsync(key))
                .Select(pair => $"{key} {Hex(pair.Name)} {Hex(pair.Value)}")
            : (await database.SortedSetRangeByRankWithScoresAsync(key))
                .Select(entry => $"{key} {Hex(entry.Element)} {entry.Score}");

    private static string Hex(RedisValue value) => Convert.ToHexString((byte[])value!);
}
