using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Tests.Scores;

public sealed class FusionTests
{
    [Fact]
    public void One_score_fuses_to_itself_and_none_to_zero()
    {
        Assert.Equal(37.25, Fusion.Fuse([37.25]));
        Assert.Equal(0, Fusion.Fuse([]));
        Assert.Equal(0, Fusion.Fuse([0, 0, -3]));
    }

    [Fact]
    public void The_fused_fmr_is_the_share_of_non_mated_pairs_that_reach_it()
    {
        // Uniform FMRs are what non-mated comparisons give; the fused score must again be -10 log10 of its own rate.
        Random dice = new(4);
        foreach (int fingers in (int[])[2, 4, 10])
        {
            const int Trials = 200_000;
            int[] reached = new int[3];
            double[] scores = new double[fingers];
            for (int trial = 0; trial < Trials; trial++)
            {
                for (int i = 0; i < fingers; i++)
                {
                    scores[i] = -10 * Math.Log10(1 - dice.NextDouble());
                }

                double fused = Fusion.Fuse(scores);
                for (int tens = 0; tens < reached.Length; tens++)
                {
                    reached[tens] += fused >= 10 * (tens + 1) ? 1 : 0;
                }
            }

            Assert.InRange(reached[0] / (double)Trials, 0.097, 0.103);
            Assert.InRange(reached[1] / (double)Trials, 0.009, 0.011);
            Assert.InRange(reached[2] / (double)Trials, 0.0007, 0.0013);
        }
    }

    [Fact]
    public void It_does_not_depend_on_the_order_and_grows_with_each_score()
    {
        Assert.Equal(Fusion.Fuse([50, 3, 21]), Fusion.Fuse([21, 50, 3]));
        Assert.True(Fusion.Fuse([50, 4, 21]) > Fusion.Fuse([50, 3, 21]));
        Assert.InRange(Fusion.Fuse([400, 400, 400]), 1100, 1200);
    }

    [Fact]
    public void The_best_of_several_comparisons_is_worth_less()
    {
        Assert.Equal(30, Fusion.BestOf(30, 1));
        Assert.Equal(20, Fusion.BestOf(30, 10), 0.1);
        Assert.Equal(190, Fusion.BestOf(200, 10), 0.1);
        Assert.Equal(0, Fusion.BestOf(0, 10), 0.001);
    }
}
