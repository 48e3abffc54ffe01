using MatchCluster.Matching.Scatter;

namespace MatchCluster.Matching.Tests.Scatter;

public sealed class PlacementTests
{
    /// <summary>Frozen: a stored encounter is looked for where this hash says.</summary>
    [Theory]
    [InlineData("", 0xefd01f60ba992926)]
    [InlineData("P1", 0xbdf9ca4ce14c233c)]
    [InlineData("\u00e9\U0001f600", 0xfa3908c97e90a7ab)]
    public void The_hash_is_frozen(string id, ulong hash) => Assert.Equal(hash, Placement.Hash(id));

    [Fact]
    public void Consecutive_ids_spread_evenly()
    {
        int[] held = new int[64];
        for (int i = 0; i < 64_000; i++)
        {
            held[Placement.PartitionOf($"SYN-{i:D8}", 64).Number]++;
        }

        // A binomial with mean 1,000 has a standard deviation of 31: five of them.
        Assert.All(held, count => Assert.InRange(count, 845, 1155));
    }

    [Fact]
    public void A_long_id_hashes_like_its_bytes()
    {
        string id = new('\u20ac', 500);
        Assert.Equal(Placement.Hash(id), Placement.Hash(new string([.. id])));
        Assert.NotEqual(Placement.Hash(id), Placement.Hash(id[1..]));
    }
}
