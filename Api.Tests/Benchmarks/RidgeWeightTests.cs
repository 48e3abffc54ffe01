using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Matching.Fingers.Ridges;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>The weights of the ridges, fitted to comparisons whose odds are known.</summary>
public sealed class RidgeWeightTests
{
    private const int Comparisons = 20_000;
    private static readonly RidgeWeights Planted = new(18, 3.7, 0.37, 0);

    [Fact]
    public void The_weights_that_made_the_comparisons_are_found_again()
    {
        RidgeWeights fitted = RidgeWeights.Fit(Draw(seed: 5));
        Assert.InRange(fitted.Turn, 0.85 * Planted.Turn, 1.15 * Planted.Turn);
        Assert.InRange(fitted.Period, 0.85 * Planted.Period, 1.15 * Planted.Period);
        Assert.InRange(fitted.Count, 0.85 * Planted.Count, 1.15 * Planted.Count);
    }

    [Fact]
    public void With_the_base_different_fingers_reach_high_scores_as_often_as_by_minutiae_alone()
    {
        RidgeComparison[] compared = Draw(seed: 6);
        RidgeWeights fitted = RidgeWeights.Fit(compared);
        double before = Reached(compared, each => each.Minutiae);
        Assert.InRange(Reached(compared, each => each.StrengthBy(fitted)), 0.8 * before, 1.25 * before);
        Assert.True(Reached(compared, each => each.StrengthBy(fitted with { Base = fitted.Base + 1 })) > 1.4 * before);
    }

    [Fact]
    public void A_comparison_without_ridges_keeps_its_strength()
    {
        RidgeComparison bare = new("set", true, 30, 12_345, null, 12_345);
        Assert.Equal(12_345, bare.StrengthBy(RidgeWeights.Committed));
    }

    private static double Reached(RidgeComparison[] compared, Func<RidgeComparison, int> strength) =>
        compared.Count(each => !each.IsMated && each.ScoreOf(strength(each)) >= 20);

    private static RidgeComparison[] Draw(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Comparisons).Select(_ => One(random))];
    }

    /// <summary>Odds of e for each 512 of the strength and for each 1 of the weighed ridges.</summary>
    private static RidgeComparison One(Random random)
    {
        int minutiae = 8500 + random.Next(4000);
        RidgeTerms terms = new(
            0.2 + (0.5 * random.NextDouble()), 0.3 * (random.NextDouble() - 0.5), 2 * (random.NextDouble() - 0.5),
            6 * (random.NextDouble() - 0.5));
        double odds = ((minutiae - 10_500) / 512.0) + (terms.Share * Planted.Turn * terms.Turn)
            + (terms.Share * Planted.Period * terms.Period) + (Planted.Count * terms.Count);
        bool isMated = random.NextDouble() < 1 / (1 + Math.Exp(-odds));
        return new RidgeComparison("set", isMated, 30, minutiae, terms, minutiae);
    }
}
