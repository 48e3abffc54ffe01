using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Turns;

namespace MatchCluster.Matching.Tests.Turns;

public sealed class TurnOrderTests
{
    [Fact]
    public void Inside_one_priority_the_oldest_turn_gains_nobody_anything_who_has_a_long_queue()
    {
        TurnOrder<string> order = new();
        for (int i = 0; i < 500; i++)
        {
            order.Add("noisy", new Standing(1, 1, 0), 1);
        }

        for (int i = 0; i < 500; i++)
        {
            order.Add("quiet", new Standing(2, 1, 0), 1);
            order.Add("high", new Standing(3, 1, 9), 1);
        }

        List<string> taken = [.. Enumerable.Range(0, 400).Select(_ => order.TryTake(out string? one) ? one : "")];

        // An eighth for the low priority, in which the two have half each.
        Assert.Equal(350, taken.Count(one => one == "high"));
        Assert.Equal(25, taken.Count(one => one == "noisy"));
        Assert.Equal(25, taken.Count(one => one == "quiet"));
    }

    [Fact]
    public void The_share_of_one_priority_says_nothing_of_another()
    {
        TurnOrder<string> order = new();
        for (int i = 0; i < 200; i++)
        {
            order.Add("high of a", new Standing(1, 1, 9), 1);
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.True(order.TryTake(out _));
        }

        order.Add("high of b", new Standing(2, 1, 9), 1);
        order.Add("low of c", new Standing(3, 1000, 0), 1);
        Assert.True(order.TryTake(out string? next));
        Assert.Equal("high of b", next);
        Assert.True(order.TryTake(out next));
        Assert.Equal("high of a", next);
    }

    [Fact]
    public async Task The_threads_of_a_silo_serve_two_partners_in_turn_whoever_asked_first()
    {
        using ScanThreads threads = new(1);
        using ManualResetEventSlim hold = new();
        Task held = threads.SearchAsync(_ => { hold.Wait(); return 0; });
        List<string> order = [];
        Task[] all =
        [
            .. Enumerable.Range(0, 60).Select(_ => Ask("noisy", 1, cost: 24)),
            .. Enumerable.Range(0, 4).Select(_ => Ask("quiet", 2, cost: 2)),
            Ask("urgent", 1, cost: 2, priority: 9),
        ];
        hold.Set();
        await Task.WhenAll([held, .. all]);

        Assert.Equal("urgent", order[0]);
        Assert.InRange(order.LastIndexOf("quiet"), 4, 9);

        Task<int> Ask(string name, ulong partner, double cost, int priority = 5) => threads.SearchAsync(
            _ =>
            {
                order.Add(name);
                return 0;
            },
            new Standing(partner, 1, priority), cost);
    }
}
