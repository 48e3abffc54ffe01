using MatchCluster.Grains.Silos;

namespace MatchCluster.Grains.Tests.Silos;

public sealed class RendezvousTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(1024)]
    public void No_silo_has_more_than_the_ideal_share_rounded_up(int partitions)
    {
        for (int silos = 1; silos <= 16; silos++)
        {
            string[] owners = Rendezvous.Assign(partitions, Names(silos, seed: silos));
            int most = owners.GroupBy(owner => owner).Max(group => group.Count());
            Assert.InRange(most, 1, (partitions + silos - 1) / silos);
            Assert.Equal(partitions, owners.Length);
            Assert.All(owners, Assert.NotNull);
        }
    }

    [Fact]
    public void The_order_in_which_silos_are_named_changes_nothing()
    {
        string[] names = Names(5, seed: 1);
        string[] owners = Rendezvous.Assign(64, names);
        Assert.Equal(owners, Rendezvous.Assign(64, [.. names.Reverse()]));
        Assert.Equal(owners[7], Rendezvous.Owner(7, 64, names));
    }

    [Theory]
    [InlineData(64, 2, 6)]
    [InlineData(64, 3, 6)]
    [InlineData(256, 5, 16)]
    [InlineData(256, 8, 16)]
    public void A_silo_that_joins_or_leaves_moves_its_share_and_a_few(int partitions, int silos, int few)
    {
        int share = (partitions + silos) / (silos + 1);
        double extra = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            string[] names = Names(silos + 1, seed);
            string[] with = Rendezvous.Assign(partitions, names);
            string[] without = Rendezvous.Assign(partitions, [.. names.Take(silos)]);
            int moved = with.Zip(without).Count(pair => pair.First != pair.Second);

            // What the joining silo gets must move; a share and the bound's few are the most.
            Assert.InRange(moved, with.Count(owner => owner == names[silos]), share + few);
            extra += (moved - share) / 20.0;
        }

        Assert.InRange(extra, -1, few / 2.0);
    }

    [Fact]
    public void The_hash_is_frozen_because_every_version_of_a_silo_must_agree()
    {
        string[] owners = Rendezvous.Assign(12, ["silo-0", "silo-1", "silo-2"]);
        Assert.Equal("200101102122", string.Concat(owners.Select(owner => owner[^1])));
    }

    [Fact]
    public void A_name_that_two_silos_share_and_no_silo_at_all_are_refused_with_the_numbers()
    {
        ArgumentException twice = Assert.Throws<ArgumentException>(() => Rendezvous.Assign(4, ["a", "a", "b"]));
        Assert.Contains("3 names of 2 silos", twice.Message);
        Assert.Throws<ArgumentException>(() => Rendezvous.Assign(4, []));
    }

    private static string[] Names(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => $"cluster{seed}-silo-{i}")];
}
