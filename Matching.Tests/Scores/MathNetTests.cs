using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MatchCluster.Matching.Tests.Scores;

/// <summary>
/// Distributions and special functions that scoring computes itself, so that a score is the same bits on every
/// machine and with every version of a library, held against those of Math.NET Numerics.
/// </summary>
public sealed class MathNetTests
{
    private const double Rounding = 0.005 + 1e-6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(40)]
    public void A_fused_score_is_the_upper_tail_of_a_chi_square_distribution(int comparisons)
    {
        Random dice = new(comparisons);
        double[] scores = new double[comparisons];
        for (int trial = 0; trial < 500; trial++)
        {
            // From searches for nobody up to a tail of about 1e-250, a little before the oracle itself underflows.
            double most = 2500.0 / comparisons * dice.NextDouble();
            for (int i = 0; i < comparisons; i++)
            {
                scores[i] = most * dice.NextDouble();
            }

            double x = scores.Sum() * Math.Log(10) / 10;

            // Fisher: minus twice the sum of the logarithms has two degrees of freedom a comparison.
            double expected = -10 * Math.Log10(SpecialFunctions.GammaUpperRegularized(comparisons, x));

            Assert.Equal(expected, Fusion.Fuse(scores), Rounding);
            if (x < 25)
            {
                double tail = 1 - ChiSquared.CDF(2 * comparisons, 2 * x);
                Assert.Equal(-10 * Math.Log10(tail), Fusion.Fuse(scores), Rounding + 1e-3);
            }
        }
    }

    [Fact]
    public void The_chance_of_any_of_n_is_a_regularised_incomplete_beta_function()
    {
        foreach (long n in (long[])[1, 2, 10, 1000, 1_000_000, 1_000_000_000])
        {
            for (double p = 1e-14; p < 1; p *= 3)
            {
                // The first of n events of probability p is Beta(1, n) distributed.
                double expected = SpecialFunctions.BetaRegularized(1, n, p);

                // 1 - p holds p to half a unit in the last place of 1; the linear form is good to 6 digits.
                double error = 2e-6 + (Math.Pow(2, -53) / p);
                Assert.Equal(1, Fpir.AnyOf(p, n) / expected, error);
                double score = -10 * Math.Log10(p);
                Assert.Equal(Math.Max(expected, Fpir.Smallest), Fpir.At(score, n), expected * error);
                if (n is > 1 and <= 1000)
                {
                    Assert.Equal(-10 * Math.Log10(expected), Fusion.BestOf(score, (int)n), 10 * error);
                }
            }
        }
    }

    [Fact]
    public void A_threshold_is_the_quantile_of_the_best_of_n_non_mated_comparisons()
    {
        foreach (long n in (long[])[1, 1000, 1_000_000])
        {
            foreach (double target in (double[])[1e-6, 1e-3, 0.01, 0.3, 0.9])
            {
                double threshold = Fpir.ThresholdFor(target, n);
                double fmr = Beta.InvCDF(1, n, target);
                Assert.InRange(threshold + (10 * Math.Log10(fmr)), -0.001, 0.011);
            }
        }
    }

    [Theory]
    [InlineData(30)]
    [InlineData(111)]
    [InlineData(249.5)]
    [InlineData(700)]
    public void The_tail_of_iris_distances_is_a_regularised_incomplete_beta_function(double tosses)
    {
        for (double h = 0.02; h <= 0.5; h += 0.01)
        {
            double a = (tosses * (1 - h)) + 0.5;
            double b = (tosses * h) + 0.5;
            double expected = SpecialFunctions.BetaRegularized(a, b, 0.5);
            Assert.Equal(1, Math.Exp(IrisCalibrationTail.LogBelow(h, tosses)) / expected, 1e-9);
        }
    }

    [Fact]
    public void The_sections_of_a_cylinder_are_areas_under_the_normal_curve()
    {
        int steps = CylinderTables.Directional.Length;
        double half = Math.PI / MccParameters.Sections;
        Normal normal = new(0, MccParameters.SigmaDirection);
        for (int i = 0; i < steps; i++)
        {
            double middle = 2 * Math.PI * (i + 0.5) / steps;
            double area = Area(middle) + Area(middle - (2 * Math.PI));
            Assert.Equal(CylinderTables.Unit * area, CylinderTables.Directional[i], 0.6);
        }

        double Area(double middle) =>
            normal.CumulativeDistribution(middle + half) - normal.CumulativeDistribution(middle - half);
    }

    [Fact]
    public void Drawn_numbers_have_the_moments_and_the_quantiles_of_a_normal_distribution()
    {
        StableRandom random = new(3);
        double[] drawn = [.. Enumerable.Range(0, 100_000).Select(_ => random.Gaussian())];
        DescriptiveStatistics moments = new(drawn);

        Assert.Equal(0, moments.Mean, 0.01);
        Assert.Equal(1, moments.StandardDeviation, 0.01);
        Assert.Equal(0, moments.Skewness, 0.03);
        Assert.InRange(moments.Kurtosis, -0.25, 0); // a sum of eight uniform numbers: -0.15
        Array.Sort(drawn);
        foreach (double share in (double[])[0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
        {
            double expected = Normal.InvCDF(0, 1, share);
            Assert.Equal(expected, SortedArrayStatistics.Quantile(drawn, share), 0.06);
        }
    }
}
