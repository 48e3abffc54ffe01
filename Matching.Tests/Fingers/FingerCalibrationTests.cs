using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Tests.Fingers;

public sealed class FingerCalibrationTests
{
    [Fact]
    public void The_score_begins_at_zero_never_falls_and_stops_at_the_cap()
    {
        for (int cylinders = 0; cylinders <= Limits.MinutiaeScored; cylinders++)
        {
            Assert.Equal(0, FingerCalibration.Score(0, cylinders, 64));
            double before = 0;
            for (int raw = 0; raw <= FingerScorer.One; raw += raw < 3000 ? 1 : 97)
            {
                double score = FingerCalibration.Score(raw, 64, cylinders);
                Assert.InRange(score, before, FingerCalibration.Cap);
                before = score;
            }
        }
    }

    [Fact]
    public void A_template_without_enough_cylinders_claims_nothing()
    {
        Assert.Equal(0, FingerCalibration.Score(FingerScorer.One, 3, 50));
        Assert.Equal(0, FingerCalibration.Score(FingerScorer.One, 50, 0));
    }

    [Fact]
    public void More_cylinders_never_score_lower_at_equal_similarity()
    {
        for (int raw = 0; raw <= FingerScorer.One; raw += raw < 4000 ? 1 : 97)
        {
            double before = 0;
            for (int cylinders = 0; cylinders <= Limits.MinutiaeScored; cylinders++)
            {
                double score = FingerCalibration.Score(raw, cylinders, 64);
                Assert.InRange(score, before, FingerCalibration.Cap);
                before = score;
            }
        }
    }

    [Fact]
    public void Small_templates_need_more_similarity_for_the_same_claim()
    {
        int[] sizes = [4, 10, 14, 18];
        for (int raw = 9_500; raw < 30_000; raw += 100)
        {
            Assert.Equal(sizes.Select(n => FingerCalibration.Score(raw, n, n)).Order(),
                sizes.Select(n => FingerCalibration.Score(raw, n, n)));
        }
    }

    [Fact]
    public void Where_curves_cross_the_most_careful_one_of_the_size_and_larger_ones_holds()
    {
        int[] knots = [10, 20, 30, 40, 50, 60, 70, 80, 90];
        FingerCalibrationCurve light = new(4, 5000, knots, 10, 0.1);
        FingerCalibrationCurve heavy = new(10, 5000, [.. knots.Select(knot => knot - 5)], 10, 0.4);

        Assert.Equal(Math.Round(light.ScoreOf(95), 2), FingerCalibration.Score([light, heavy], 95, 9));
        Assert.Equal(Math.Round(heavy.ScoreOf(300), 2), FingerCalibration.Score([light, heavy], 300, 9));
        Assert.True(heavy.ScoreOf(300) < light.ScoreOf(300));
        Assert.Equal(Math.Round(heavy.ScoreOf(300), 2), FingerCalibration.Score([light, heavy], 300, 10));
        Assert.Equal(0, FingerCalibration.Score([light, heavy], 300, 3));
        Assert.Equal(0, FingerCalibration.Score([], 300, 64));
    }

    [Fact]
    public void A_fit_gives_back_the_distribution_it_was_given()
    {
        // Exponential above 800 with mean 60: FMR(raw) = e^(-(raw - 800) / 60).
        Random random = new(9);
        (int, int)[] sample =
            [.. Enumerable.Range(0, 200_000).Select(_ => (800 + (int)(-60 * Math.Log(1 - random.NextDouble())), 40))];

        FingerCalibrationCurve curve = Assert.Single(FingerCalibrationFit.Fit(sample));

        Assert.Equal(200_000, curve.Comparisons);
        for (double score = 1; score <= 35; score++)
        {
            int raw = (int)(800 + (60 * Math.Log(10) * score / 10));
            Assert.InRange(curve.ScoreOf(raw), score - 0.8, score + 0.4);
        }

        // Far beyond the evidence less is claimed than the truth, never more.
        Assert.InRange(curve.ScoreOf(800 + (60 * 18)), 40, 10 * 18 / Math.Log(10));
    }

    [Fact]
    public void A_size_without_enough_comparisons_has_no_curve()
    {
        (int, int)[] few = [.. Enumerable.Range(0, FingerCalibrationFit.MinComparisons - 1).Select(i => (i, 40))];

        Assert.Empty(FingerCalibrationFit.Fit(few));
        Assert.Empty(FingerCalibrationFit.Fit([]));
    }

    [SkippableFact]
    public void Scores_of_different_fingers_of_fvc2002_mean_what_they_say()
    {
        (Fvc2002 Source, FingerTemplate Template)[] prints =
            [.. Fvc2002.Read().Select(f => (f, FingerTemplate.Prepare(f.View)))];
        FingerScratch scratch = new();
        List<double> scores = [];
        for (int i = 0; i < prints.Length; i++)
        {
            for (int j = i + 1; j < prints.Length && prints[j].Source.Set == prints[i].Source.Set; j++)
            {
                if (!prints[i].Source.IsFingerOf(prints[j].Source))
                {
                    FingerMatch match =
                        FingerMatcher.Compare(prints[i].Template, prints[j].Template.Row, scratch);
                    scores.Add(FingerCalibration.Score(
                        match.Strength, prints[i].Template.Cylinders, prints[j].Template.Cylinders));
                }
            }
        }

        Assert.Equal(11_520, scores.Count);
        // Of the data that were fitted: as claimed where they were read off, near it in the tail (11.5 expected).
        Assert.InRange(scores.Count(s => s >= 20) / (double)scores.Count, 0.01 / 1.3, 0.01);
        Assert.InRange(scores.Count(s => s >= 30), 7, 14);
    }

    [SkippableFact]
    public void The_committed_curves_are_what_the_fit_gives()
    {
        IReadOnlyList<Fvc2002> prints = Fvc2002.Read();

        IReadOnlyList<FingerCalibrationCurve> fitted = FingerCalibrationFit.Fit(FingerCalibrationRun.NonMated(
            [.. prints.Select(print => print.View)],
            (i, j) => prints[i].Set == prints[j].Set && !prints[i].IsFingerOf(prints[j])));

        Assert.Equal(
            FingerCalibration.Curves.Select(c => (c.MinCylinders, c.Comparisons, c.Scale, c.Shape)),
            fitted.Select(c => (c.MinCylinders, c.Comparisons, c.Scale, c.Shape)));
        Assert.Equal(FingerCalibration.Curves.Select(c => c.Knots), fitted.Select(c => c.Knots));
    }
}
