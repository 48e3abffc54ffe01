using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>
/// What lies in Redis is frozen: another layout is another <see cref="RedisMarker.Version"/>.
/// </summary>
public sealed class RedisLayoutTests
{
    [RedisFact]
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
        Assert.EndsWith(":1", id, StringComparison.Ordinal);
        Assert.Equal(
            [
                "mc:{people:0}:index " + member + " 0",
                "mc:{people:0}:records " + member + " " + record,
                "mc:{people:0}:state " + Hex("epoch") + " " + Hex("1"),
                "mc:{people:0}:state " + Hex("last:1") + " " + Hex(id),
                "mc:{people}:blobs " + Hex("config") + " 0102",
                "mc:{people}:gallery " + Hex("format") + " " + Hex("MatchCluster gallery store"),
                "mc:{people}:gallery " + Hex("partitions") + " " + Hex("1"),
                "mc:{people}:gallery " + Hex("version") + " " + Hex("1"),
            ],
            found.Order(StringComparer.Ordinal));
    }

    private static async Task<IEnumerable<string>> DumpAsync(IDatabase database, RedisKey key) =>
        await database.KeyTypeAsync(key) == RedisType.Hash
            ? (await database.HashGetAllAsync(key))
                .Select(pair => $"{key} {Hex(pair.Name)} {Hex(pair.Value)}")
            : (await database.SortedSetRangeByRankWithScoresAsync(key))
                .Select(entry => $"{key} {Hex(entry.Element)} {entry.Score}");

    private static string Hex(RedisValue value) => Convert.ToHexString((byte[])value!);
}
