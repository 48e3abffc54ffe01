using MatchCluster.Grains.Clients;

namespace MatchCluster.Grains.Tests.Clients;

public sealed class PartitionMapTests
{
    [Fact]
    public void What_a_silo_says_it_has_replaces_what_was_thought_of_it()
    {
        PartitionMap map = new(4);
        Assert.Null(map.Of(0));
        map.Found(0, "a");
        map.Found(1, "a");
        map.Found(2, "b");

        map.Found("a", [1, 2, 99, -1]);
        Assert.Equal([null, "a", "a", null], Enumerable.Range(0, 4).Select(map.Of));

        map.Lost("a");
        Assert.All(Enumerable.Range(0, 4), partition => Assert.Null(map.Of(partition)));
    }

    [Fact]
    public void Only_a_change_wakes_those_who_wait_for_one()
    {
        PartitionMap map = new(2);
        map.Found(0, "a");
        Task changed = map.Changed;
        map.Found(0, "a");
        map.Found("b", []);
        Assert.False(changed.IsCompleted);

        map.Found(0, "b");
        Assert.True(changed.IsCompleted);
        Assert.False(map.Changed.IsCompleted);
    }
}
