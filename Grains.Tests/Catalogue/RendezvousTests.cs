using MatchCluster.Grains.Catalogue;

namespace MatchCluster.Grains.Tests.Catalogue;

public sealed class RendezvousTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(1024)]
    public void Loads_differ_by_one_at_most(int partitions)
    {
        for (int silos = 1; silos <= 16; silos++)
        {
            string[] names = Names(silos, seed: silos);
            AssertBalanced(Rendezvous.Assign(partitions, names), names);
        }
    }

    [Fact]
    public void The_order_in_which_silos_are_named_changes_nothing()
    {
        string[] names = Names(5, seed: 1);
        Assert.Equal(Rendezvous.Assign(64, names), Rendezvous.Assign(64, [.. names.Reverse()]));
    }

    [Fact]
    public void A_silo_that_joins_gets_its_share_and_nothing_else_moves_and_one_that_leaves_gives_up_its_own()
    {
        Random random = new(20261125);
        for (int seed = 0; seed < 60; seed++)
        {
            int partitions = random.Next(1, 300);
            List<string> names = [.. Names(random.Next(1, 12), seed)];
            string[] owners = Rendezvous.Assign(partitions, names);
            for (int change = 0; change < 30; change++)
            {
                bool joins = names.Count == 1 || (names.Count < 16 && random.Next(2) == 0);
                string silo = joins ? $"cluster{seed}-late-{change}" : names[random.Next(names.Count)];
                _ = joins ? Added(names, silo) : names.Remove(silo);
                string[] next = Rendezvous.Assign(owners, names);

                AssertBalanced(next, names);
                int moved = owners.Zip(next).Count(pair => pair.First != pair.Second);
                int share = joins ? next.Count(owner => owner == silo) : owners.Count(owner => owner == silo);
                Assert.Equal(share, moved);
                Assert.InRange(moved, 0, ((partitions + names.Count - (joins ? 1 : 0)) / names.Count) + 1);
                owners = next;
            }
        }
    }

    [Fact]
    public void A_silo_that_comes_back_soon_gets_most_of_what_it_had()
    {
        string[] names = Names(3, seed: 2);
        string[] before = Rendezvous.Assign(64, names);
        string[] without = Rendezvous.Assign(before, names[..2]);
        string[] again = Rendezvous.Assign(without, names);

        AssertBalanced(again, names);
        int back = before.Zip(again).Count(pair => pair.First == names[2] && pair.Second == names[2]);
        Assert.InRange(back, 7, 22);
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

    private static bool Added(List<string> names, string silo)
    {
        names.Add(silo);
        return true;
    }

    private static void AssertBalanced(string[] owners, IReadOnlyCollection<string> names)
    {
        int[] loads = [.. names.Select(name => owners.Count(owner => owner == name))];
        Assert.Equal(owners.Length, loads.Sum());
        Assert.InRange(loads.Max() - loads.Min(), 0, 1);
    }

    private static string[] Names(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => $"cluster{seed}-silo-{i}")];
}
