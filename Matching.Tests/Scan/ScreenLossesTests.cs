using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan.Screening;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>The losses that answers state.</summary>
public sealed class ScreenLossesTests
{
    [Fact]
    public void Every_search_may_lose_somebody_and_the_upper_bound_lies_above_the_estimate()
    {
        for (int fingers = 1; fingers <= 10; fingers++)
        {
            for (double threshold = -5; threshold <= 120; threshold += 2.5)
            {
                StageLoss loss = ScreenLosses.Of(threshold, fingers);
                Assert.InRange(loss.Expected, 0.0001, 0.03);
                Assert.InRange(loss.AtMost, 2 * loss.Expected, 0.1);
            }
        }
    }

    [Fact]
    public void A_single_finger_loses_most_and_many_lose_least()
    {
        foreach (double threshold in ScreenLosses.Thresholds)
        {
            StageLoss[] losses = [.. new[] { 1, 2, 4, 5 }.Select(fingers => ScreenLosses.Of(threshold, fingers))];
            Assert.Equal(losses.OrderByDescending(loss => loss.Expected), losses);
            Assert.Equal(losses.OrderByDescending(loss => loss.AtMost), losses);
            Assert.Equal(losses[^1], ScreenLosses.Of(threshold, 10));
        }
    }

    [Fact]
    public void Between_two_thresholds_and_beyond_the_last_ones_it_goes_on_without_a_step()
    {
        StageLoss thirty = ScreenLosses.Of(30, 2);
        StageLoss forty = ScreenLosses.Of(40, 2);
        StageLoss between = ScreenLosses.Of(35, 2);

        Assert.Equal((thirty.Expected + forty.Expected) / 2, between.Expected, 1e-12);
        Assert.Equal((thirty.AtMost + forty.AtMost) / 2, between.AtMost, 1e-12);
        Assert.Equal(ScreenLosses.Of(60, 1), ScreenLosses.Of(100, 1));
        Assert.Equal(ScreenLosses.Of(0, 1), ScreenLosses.Of(-1, 1));
    }
}
