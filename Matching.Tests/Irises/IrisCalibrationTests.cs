using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Irises;

public class IrisCalibrationTests
{
    /// <summary>
    /// 10 log10 of 4 million and of 185 million: Daugman's false match odds at 0.33 and 0.31.
    /// </summary>
    private const double PublishedAt33 = 66.02;
    private const double PublishedAt31 = 82.67;

    public static TheoryData<int> Profiles => [0, 1, 2];

    [Fact]
    public void The_distance_is_normalised_by_the_root_of_the_valid_bits()
    {
        IrisComparison reference = new(273, 910, 0);
        Assert.Equal(
            0.5 - (0.2 * Math.Sqrt(910 / 911.0)), IrisCalibration.Normalised(reference, IrisShape.D2048), 12);
        IrisComparison four = new(1092, 3640, 0);
        Assert.Equal(
            0.5 - (0.2 * Math.Sqrt(3640 / 911.0)), IrisCalibration.Normalised(four, IrisShape.D2048), 12);

        // The same share of a code eight times as wide is the same normalised distance.
        IrisComparison wide = new(273 * 8, 910 * 8, 0);
        Assert.Equal(
            IrisCalibration.Normalised(reference, IrisShape.D2048),
            IrisCalibration.Normalised(wide, IrisShape.W16384),
            12);
    }

    [Fact]
    public void Nothing_compared_scores_nothing()
    {
        Assert.Equal(0.5, IrisCalibration.Normalised(default, IrisShape.D2048));
        Assert.Equal(0, IrisCalibration.Score(default, IrisShape.D2048, IrisEncoderId.Unknown));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_score_falls_with_the_distance_from_the_cap_to_zero_at_one_half(int profile)
    {
        IrisShape shape = Shape(profile);
        double last = double.PositiveInfinity;
        for (int differing = 0; differing <= 10_000; differing += 10)
        {
            double score = IrisCalibration.ModelOf(shape).ScoreOf(differing / 10_000.0);
            Assert.True(score <= last, $"{shape}: {score} at {differing / 10_000.0} after {last}");
            if (differing / 10_000.0 is > 0.2 and < 0.4)
            {
                bool falls = score < last || score == IrisCalibration.MaxScore;
                Assert.True(falls, $"{shape}: flat at {differing}");
            }

            last = score;
        }

        Assert.Equal(
            IrisCalibration.MaxScore, IrisCalibration.Score(At(0.05, shape.Bits), shape, IrisEncoderId.Unknown));
        Assert.Equal(0, IrisCalibration.Score(At(0.5, shape.Bits), shape, IrisEncoderId.Unknown));
        Assert.Equal(0, IrisCalibration.Score(At(0.6, shape.Bits), shape, IrisEncoderId.Unknown));
    }

    [Fact]
    public void The_model_with_daugmans_constants_gives_daugmans_odds()
    {
        IrisCalibrationModel published = new(249, 7);
        Assert.Equal(PublishedAt33, published.ScoreOf(0.33), 1.0);
        Assert.Equal(PublishedAt31, published.ScoreOf(0.31), 1.0);
        Assert.InRange(published.ScoreOf(0.32) - published.ScoreOf(0.33), 7, 10);
    }

    [Fact]
    public void The_committed_models_promise_less_than_daugmans_odds_by_what_they_state()
    {
        AssertBelow(IrisShape.D2048, 40, 50);
        AssertBelow(IrisShape.OpenIris12800, 17, 21.5);
        AssertBelow(IrisShape.W16384, 17, 21.5);

        static void AssertBelow(IrisShape shape, double least, double most)
        {
            IrisCalibrationModel model = IrisCalibration.ModelOf(shape);
            Assert.InRange(PublishedAt33 - model.ScoreOf(0.33), least, most);
            Assert.InRange(PublishedAt31 - model.ScoreOf(0.31), least, most);
        }
    }

    [Fact]
    public void A_shape_nobody_fitted_scores_below_the_profiles_and_below_its_own_measurement()
    {
        IrisShape shape = new(16, 64, 2, 2);
        IrisCalibrationModel careful = IrisCalibration.ModelOf(shape);
        foreach (double distance in new[] { 0.1, 0.2, 0.3 })
        {
            double profile = IrisCalibration.ModelOf(IrisShape.D2048).ScoreOf(distance);
            Assert.InRange(careful.ScoreOf(distance), 0, profile);
        }

        double[] distances = IrisCalibrationSamples.NonMated(new SyntheticPopulation(31), shape, 100);
        double share = distances.Count(d => careful.ScoreOf(d) >= 20) / (double)distances.Length;
        Assert.InRange(share, 0, 0.002);
    }

    [Theory]
    [InlineData(0, 210, 20_000)]
    [InlineData(1, 110, 5_000)]
    [InlineData(2, 110, 5_000)]
    public void One_non_mated_comparison_in_a_hundred_scores_20(int profile, int eyes, int least)
    {
        IrisShape shape = Shape(profile);
        double[] distances = IrisCalibrationSamples.NonMated(new SyntheticPopulation(77), shape, eyes);
        Assert.True(distances.Length >= least, $"{distances.Length} comparisons");
        IrisCalibrationModel model = IrisCalibration.ModelOf(shape);
        double share = distances.Count(d => model.ScoreOf(d) >= 20) / (double)distances.Length;
        Assert.InRange(share, 0.005, 0.02);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Captures_of_the_same_eye_score_far_above_every_non_mated_one(int profile)
    {
        IrisShape shape = Shape(profile);
        SyntheticPopulation population = new(78);
        List<double> scores = [];
        for (int person = 0; person < 30; person++)
        {
            byte[] row = TestIrises.RowOf(population.Person(person).Iris(1, 0, shape));
            IrisProbe probe = new(population.Person(person).Iris(1, 1, shape));
            bool compared = IrisScorer.TryCompare(probe, row, out IrisComparison c);
            scores.Add(compared ? IrisCalibration.Score(c, shape, IrisEncoderId.Unknown) : 0);
        }

        scores.Sort();
        Assert.True(scores[15] > 100, $"median {scores[15]}");
        Assert.True(scores[3] > 60, $"lowest tenth {scores[3]}");
    }

    private static IrisShape Shape(int profile) =>
        new[] { IrisShape.D2048, IrisShape.OpenIris12800, IrisShape.W16384 }[profile];

    [Theory]
    [InlineData(8, 128, 1)]
    [InlineData(16, 256, 2)]
    public void Codes_of_our_encoder_have_a_calibration_of_their_own_and_others_the_careful_default(
        int rows, int columns, int wavelets)
    {
        IrisShape shape = new(rows, columns, wavelets, 2);
        foreach (double distance in (double[])[0.33, 0.36, 0.39])
        {
            IrisComparison comparison = At(distance, shape.Bits / 2);
            double own = IrisCalibration.Score(comparison, shape, IrisEncoderId.MatchCluster1);
            double other = IrisCalibration.Score(comparison, shape, IrisEncoderId.Unknown);
            Assert.True(own > other, $"{shape} at {distance}: found {own}, the default gives {other}");
        }

        Assert.Equal(
            IrisEncoderId.Unknown,
            IrisCalibration.CommonOf(IrisEncoderId.MatchCluster1, IrisEncoderId.Unknown));
        Assert.Equal("irises-default", IrisCalibration.NameOf(IrisEncoderId.Unknown));
        Assert.Equal("irises-matchcluster-1", IrisCalibration.NameOf(IrisEncoderId.MatchCluster1));
    }

    private static IrisComparison At(double distance, int valid) =>
        new((int)Math.Round(distance * valid), valid, 0);
}
