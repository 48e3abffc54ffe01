using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Turns;

namespace MatchCluster.Matching.Tests.Turns;

public sealed class FairQueueTests
{
    private const double Credit = FairQueue<string>.Credit;

    [Fact]
    public void One_partner_has_the_order_in_which_it_came()
    {
        FairQueue<int> queue = new();
        for (int i = 0; i < 20; i++)
        {
            queue.Add(i, Of(7), 1 + (i % 5));
        }

        Assert.Equal(Enumerable.Range(0, 20), Enumerable.Range(0, 20).Select(_ => queue.Take()));
    }

    [Fact]
    public void Two_that_always_wait_take_turns_by_cost_and_weight()
    {
        FairQueue<string> queue = new();
        for (int i = 0; i < 3000; i++)
        {
            queue.Add("cheap", Of(1), 2);
            queue.Add("dear", Of(2), 10);
            queue.Add("heavy", Of(3, weight: 3), 2);
        }

        Dictionary<string, double> served = new() { ["cheap"] = 0, ["dear"] = 0, ["heavy"] = 0 };
        for (int i = 0; i < 1500; i++)
        {
            string one = queue.Take();
            served[one] += one == "dear" ? 10 : 2;
        }

        // Within the bound of the class's remarks: (l + C) / w of both.
        Assert.InRange(served["cheap"] - served["dear"], -(12 + (2 * Credit)), 12 + (2 * Credit));
        double bound = 2 + Credit + ((2 + Credit) / 3);
        Assert.InRange(served["cheap"] - (served["heavy"] / 3), -bound, bound);
        Assert.InRange(served["heavy"] / served["cheap"], 2.0, 3.6);
    }

    [Fact]
    public void Whoever_asks_less_than_its_share_goes_before_a_queue_of_any_length()
    {
        FairQueue<string> queue = new();
        for (int i = 0; i < 1000; i++)
        {
            queue.Add("noisy", Of(1), 12);
        }

        for (int i = 0; i < 100; i++)
        {
            queue.Take();
        }

        for (int i = 0; i < 10; i++)
        {
            queue.Add("quiet", Of(2), 12);
        }

        // A bunch of ten is within the credit: none of them takes turns with the queue.
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal("quiet", queue.Take()));
    }

    [Fact]
    public void Nobody_saves_up_more_than_the_credit()
    {
        FairQueue<string> queue = new();
        for (int i = 0; i < 1000; i++)
        {
            queue.Add("early", Of(1), 1);
        }

        for (int i = 0; i < 500; i++)
        {
            queue.Take();
        }

        for (int i = 0; i < 1000; i++)
        {
            queue.Add("late", Of(2), 1);
        }

        List<string> order = [.. Enumerable.Range(0, 400).Select(_ => queue.Take())];
        Assert.InRange(order.IndexOf("early"), 1, (int)Credit + 1);
        Assert.InRange(order.Count(one => one == "late"), 200, 200 + (Credit / 2) + 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Services_of_all_who_wait_differ_by_no_more_than_the_bound_whatever_the_others_do(int seed)
    {
        Random dice = new(seed);
        FairQueue<(int Partner, double Cost)> queue = new();
        int[] weights = [1, 2, 7, 1, 1000];
        double[] largest = new double[weights.Length];
        double[] served = new double[weights.Length];
        int[] waiting = new int[weights.Length];

        // Partners 0 to 2 always wait; 3 and 4 come and go.
        for (int step = 0; step < 5000; step++)
        {
            for (int partner = 0; partner < weights.Length; partner++)
            {
                while (waiting[partner] < (partner < 3 ? 2 : dice.Next(20) == 0 ? dice.Next(5) : 0))
                {
                    double cost = dice.Next(1, 40);
                    largest[partner] = Math.Max(largest[partner], cost);
                    queue.Add((partner, cost), Of((ulong)partner + 1, weights[partner]), cost);
                    waiting[partner]++;
                }
            }

            (int who, double took) = queue.Take();
            waiting[who]--;
            served[who] += took;
            for (int a = 0; a < 3; a++)
            {
                for (int b = 0; b < a; b++)
                {
                    double bound = ((largest[a] + Credit) / weights[a]) + ((largest[b] + Credit) / weights[b]);
                    double differ = Math.Abs((served[a] / weights[a]) - (served[b] / weights[b]));
                    Assert.True(differ <= bound, $"seed {seed}, step {step}: {differ} > {bound}");
                }
            }
        }
    }

    [Fact]
    public void What_is_taken_out_costs_its_partner_nothing_and_is_never_served()
    {
        FairQueue<string> queue = new();
        List<FairQueue<string>.Place> left = [.. Enumerable.Range(0, 100).Select(_ => queue.Add("gone", Of(1), 50))];
        queue.Add("stays", Of(1), 1);
        queue.Add("other", Of(2), 1);
        foreach (FairQueue<string>.Place place in left)
        {
            queue.Remove(place);
        }

        Assert.Throws<InvalidOperationException>(() => queue.Remove(left[0]));
        Assert.Equal(2, queue.Count);
        Assert.Equal(["stays", "other"], new[] { queue.Take(), queue.Take() });
    }

    [Fact]
    public void What_is_over_when_its_turn_comes_is_not_counted()
    {
        FairQueue<string> queue = new();
        for (int i = 0; i < 50; i++)
        {
            queue.Add("over", Of(1), 100);
            queue.Add("counts", Of(2), 1);
        }

        List<string> order = [.. Enumerable.Range(0, 60).Select(_ => queue.Take(one => one == "over"))];
        Assert.Equal(50, order.Count(one => one == "over"));
    }

    [Fact]
    public void Partners_who_are_gone_take_no_memory()
    {
        FairQueue<int> queue = new();
        for (int i = 0; i < 10_000; i++)
        {
            queue.Add(i, Of((ulong)i + 1), 1);
            queue.Take();
            queue.EndBusyTime();
        }

        Assert.Equal(0, queue.Partners);

        // While it is busy they are forgotten as its clock goes on.
        for (int i = 0; i < 1000; i++)
        {
            queue.Add(i, Of(1), 5);
            queue.Add(i, Of(2), 5);
            queue.Add(i, Of((ulong)i + 10), 5);
            Assert.NotEqual(0, queue.Take() + 1);
            queue.Take();
            queue.Take();
        }

        Assert.InRange(queue.Partners, 2, 8);
    }

    [Fact]
    public void Ten_thousand_names_have_no_more_than_the_shares_that_are_told_apart_and_one()
    {
        FairQueue<int> queue = new();
        queue.Add(-1, Of(1), 1);
        queue.Add(-1, Of(1), 1);
        queue.Take();
        int next = 0;
        int turns = 0;
        int served = 0;
        while (served < 3 && turns < 2_000_000)
        {
            // Always a name that was not there before, as long as somebody waits.
            queue.Add(next, Of((ulong)(next++ + 10)), 1);
            turns++;
            if (queue.Take() == -1)
            {
                served++;
                queue.Add(-1, Of(1), 1);
            }

            Assert.InRange(queue.Partners, 0, FairQueue<int>.MostPartners);
        }

        Assert.Equal(3, served);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(int.MaxValue, Standing.MostWeight)]
    public void Weights_outside_count_as_the_nearest(int stated, int taken)
    {
        Assert.Equal(taken, new Standing(1, stated, 0).Weight);
        Assert.Equal(1, default(Standing).Weight);
        Assert.Equal(default, new Standing(0, 1, 0));
    }

    private static Standing Of(ulong partner, int weight = 1) => new(partner, weight, 5);
}
