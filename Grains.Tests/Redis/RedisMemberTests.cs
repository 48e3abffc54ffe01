using System.Text;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Storage;

namespace MatchCluster.Grains.Tests.Redis;

public sealed class RedisMemberTests
{
    [Fact]
    public void Members_sort_as_bytes_like_person_then_encounter_and_split_again()
    {
        Random random = new(4711);
        string[] corners = ["a", "a\0", "a\0\u0001", "a\u0001", "a\0b", "b", "\0", "\0\0"];
        (string Person, string Encounter)[] keys =
        [
            .. corners.SelectMany(p => corners.Select(e => (p, e))),
            .. Enumerable.Range(0, 300).Select(
                _ => (SomeEncounters.Text(random, 1, 4), SomeEncounters.Text(random, 1, 4))),
        ];

        (string, string)[] byMember = [.. keys.Distinct().OrderBy(k => Member(k.Person, k.Encounter), Bytes)];

        Assert.Equal(
            keys.Distinct()
                .OrderBy(k => k.Person, Utf8Order.Instance)
                .ThenBy(k => k.Encounter, Utf8Order.Instance),
            byMember);
        Assert.All(keys, k =>
        {
            (byte[] person, byte[] encounter) = RedisMember.Split(Member(k.Person, k.Encounter));
            Assert.Equal(k, (Encoding.UTF8.GetString(person), Encoding.UTF8.GetString(encounter)));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("616263")]
    [InlineData("6100")]
    [InlineData("610062")]
    public void What_is_no_member_comes_back_whole(string hex)
    {
        (byte[] person, byte[] encounter) = RedisMember.Split(Convert.FromHexString(hex));

        Assert.Equal(hex, Convert.ToHexString(person));
        Assert.Empty(encounter);
    }

    private static Comparer<byte[]> Bytes { get; } =
        Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y));

    private static byte[] Member(string person, string encounter) =>
        RedisMember.Of(Encoding.UTF8.GetBytes(person), Encoding.UTF8.GetBytes(encounter));
}
