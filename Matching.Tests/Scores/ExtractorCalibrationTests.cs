using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Scores;

/// <summary>Which curves score two prints is decided by what extracted both.</summary>
public sealed class ExtractorCalibrationTests
{
    private const FingerExtractorId Own = FingerExtractorId.MatchCluster1;
    private const FingerExtractorId Other = FingerExtractorId.Unknown;

    [Theory]
    [InlineData(Own, Own, "fingers-matchcluster-1")]
    [InlineData(Own, Other, "fingers-2")]
    [InlineData(Other, Own, "fingers-2")]
    [InlineData(Other, Other, "fingers-2")]
    public void Two_prints_of_our_extractor_have_their_own_curves_and_no_other_pair(
        FingerExtractorId probe, FingerExtractorId row, string name)
    {
        FingerTemplate a = Print(probe);
        FingerTemplate b = Print(row);
        FingerExtractorId common = FingerCurves.CommonOf(a.Extractor, b.Extractor);

        Assert.Equal(name, ScoreCalibration.Default.NameOf(common));
        Assert.Equal(name + "+2se", ScoreCalibration.Default.WithMargin(2).NameOf(common));
        foreach (int strength in (int[])[3000, 10_000, 11_000, 12_000, 14_000])
        {
            double score = ScoreCalibration.Default.FingerScore(strength, a, b.Row);
            Assert.Equal(
                (common == Own ? FingerCalibration.Own : FingerCalibration.Others)
                    .Score(strength, Math.Min(a.Cylinders, b.Cylinders), 0), score);
            if (common == Other)
            {
                Assert.Equal(FingerCalibration.Score(strength, a.Cylinders, b.Cylinders), score);
            }
        }
    }

    [Fact]
    public void A_print_says_what_extracted_it_however_it_is_turned_sent_or_kept()
    {
        FingerTemplate print = Print(Own);
        Assert.Equal(Own, print.Extractor);
        Assert.Equal(Own, print.Turned(1).Extractor);
        Assert.Equal(Own, FingerTemplate.FromRow(print.Row).Extractor);
        Assert.Equal(Own, FingerTemplate.ExtractorAt(print.Row));
        Assert.Equal(Other, Print(Other).Extractor);

        // A row of an extractor that this version does not know comes from another version.
        byte[] unknown = print.Row.ToArray();
        unknown[12] = 2;
        Assert.False(FingerTemplate.IsRow(unknown));
    }

    [Fact]
    public void A_template_with_and_without_the_name_is_one_print_and_one_piece_of_evidence()
    {
        FingerProbe[] fingers =
        [
            new(BiometricPosition.OfFinger(2), Print(Own)), new(BiometricPosition.OfFinger(3), Print(Other)),
        ];

        Assert.True(ProbePlaces.AreSame(fingers[0], fingers[1]));
        Assert.Equal(1, ProbePlaces.Of(fingers, []).Count);
    }

    [Fact]
    public void Own_scores_rise_with_strength_and_size_and_claim_less_than_the_others_from_20_on()
    {
        foreach (int cylinders in (int[])[4, 9, 10, 14, 18, 26, 64])
        {
            double before = 0;
            for (int strength = 0; strength <= FingerScorer.One; strength += 20)
            {
                double score = ScoreCalibration.Default.FingerScore(strength, 64, cylinders, Own);
                Assert.InRange(score, before, FingerCalibration.Cap);
                Assert.True(score >= ScoreCalibration.Default.FingerScore(strength, cylinders - 1, 64, Own));
                if (score >= 20)
                {
                    Assert.True(score <= ScoreCalibration.Default.FingerScore(strength, 64, cylinders));
                }

                before = score;
            }
        }

        Assert.Equal(0, ScoreCalibration.Default.FingerScore(FingerScorer.One, 3, 64, Own));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.03)]
    public void The_allowance_for_other_sensors_is_taken_off_in_full_from_a_score_of_20(double shape)
    {
        FingerCalibrationCurve best = FingerCalibration.Curves[^1] with { Shape = shape };

        FingerCalibrationCurve careful = SensorAllowance.Of(best, SensorAllowance.Decibels);

        Assert.Same(best, SensorAllowance.Of(best, 0));
        Assert.Equal(best.Shape, careful.Shape);
        for (int strength = careful.Knots[0]; strength < 20_000; strength += 50)
        {
            // Between two knots scores lie on a straight line, of fewer points than those of the best estimate.
            double wanted = best.ScoreOf(strength);
            wanted -= SensorAllowance.Decibels * Math.Min(wanted, 20) / 20;
            Assert.Equal(wanted, careful.ScoreOf(strength), strength < careful.Knots[^1] ? 1 : 0.02);
        }
    }

    private static FingerTemplate Print(FingerExtractorId extractor) => FingerTemplate.Prepare(
        new SyntheticPopulation(3).Person(1).Finger(2, 0) with { Extractor = extractor });
}
