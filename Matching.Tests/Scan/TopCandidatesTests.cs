using MatchCluster.Matching.Scan;

namespace MatchCluster.Matching.Tests.Scan;

public sealed class TopCandidatesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Keeps_exactly_what_a_full_sort_would_keep_in_any_order_of_arrival(int k)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Random dice = new(seed);
            // Few distinct scores, so that ties decide often.
            (double Score, string Id)[] offered =
                [.. Enumerable.Range(0, 200).Select(i => (Math.Round(dice.NextDouble() * 20), $"P{i:D3}"))];
            dice.Shuffle(offered);

            TopCandidates<int> top = new(k, threshold: 5);
            foreach ((double score, string id) in offered)
            {
                if (top.MayEnter(score, id))
                {
                    top.Add(score, id, 0);
                }
            }

            Assert.Equal(
                offered.Where(o => o.Score >= 5).OrderByDescending(o => o.Score)
                    .ThenBy(o => o.Id, StringComparer.Ordinal).Take(k),
                top.Ranked().Select(entry => (entry.Score, entry.PersonId)));
        }
    }

    [Fact]
    public void The_floor_rises_to_the_kth_best_and_never_falls()
    {
        TopCandidates<int> top = new(2, threshold: 10);
        Assert.Equal(10, top.Floor);
        top.Add(30, "a", 0);
        Assert.Equal(10, top.Floor);
        top.Add(20, "b", 0);
        Assert.Equal(20, top.Floor);
        top.Add(40, "c", 0);
        Assert.Equal(30, top.Floor);
        Assert.False(top.MayEnter(30, "z"));
        Assert.True(top.MayEnter(30, "A"));
    }
}
