using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Tests.Scores;

public sealed class FpirTests
{
    [Theory]
    [InlineData(30, 1, 0.001)]
    [InlineData(30, 1000, 0.6323)]
    [InlineData(60, 1000, 0.0009995)]
    [InlineData(120, 1_000_000, 1e-6)]
    [InlineData(300, 1_000_000, Fpir.Smallest)]
    [InlineData(0, 5, 1)]
    [InlineData(50, 0, 0)]
    public void Is_one_minus_one_minus_fmr_to_the_n(double score, long identities, double expected) =>
        Assert.Equal(expected, Fpir.At(score, identities), expected * 1e-3);

    [Theory]
    [InlineData(0.01, 1)]
    [InlineData(0.01, 1000)]
    [InlineData(0.5, 100_000)]
    [InlineData(0.001, 1_400_000_000)]
    public void The_threshold_keeps_the_target_and_is_not_a_hundredth_too_high(double target, long identities)
    {
        double threshold = Fpir.ThresholdFor(target, identities);
        Assert.True(Fpir.At(threshold, identities) <= target * (1 + 1e-9));
        Assert.True(Fpir.At(threshold - 0.0101, identities) > target);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_target_outside_zero_to_one_is_refused(double target) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Fpir.ThresholdFor(target, 10));
}
