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

        ScoreCalibration both = new("both", [light, heavy], default);
        Assert.Equal(Math.Round(light.ScoreOf(95), 2), both.FingerScore(95, 9, 9));
        Assert.Equal(Math.Round(heavy.ScoreOf(300), 2), both.FingerScore(300, 9, 64));
        Assert.True(heavy.ScoreOf(300) < light.ScoreOf(300));
        Assert.Equal(Math.Round(heavy.ScoreOf(300), 2), both.FingerScore(300, 10, 10));
        Assert.Equal(0, both.FingerScore(300, 3, 64));
        Assert.Equal(0, new ScoreCalibration("none", [], default).FingerScore(300, 64, 64));
    }

    [Fact]
    public void A_margin_takes_standard_errors_off_and_scores_still_rise()
    {
        ScoreCalibration central = ScoreCalibration.Default;
        CalibrationError error = FingerCalibration.Error;
        Assert.Equal(central.Name, central.Id);
        Assert.Equal("fingers-3+1.5se", central.WithMargin(1.5).Id);
        foreach (double margin in (double[])[0.5, 1, ScoreCalibration.MostMargin])
        {
            ScoreCalibration careful = central.WithMargin(margin);
            double before = 0;
            for (int raw = 0; raw <= FingerScorer.One; raw += 50)
            {
                double score = central.FingerScore(raw, 40, 40);
                double less = careful.FingerScore(raw, 40, 40);
                Assert.InRange(less, before, score);
                before = less;
                if (score is > 0 and < FingerCalibration.Cap)
                {
                    Assert.Equal(score - (margin * error.Of(score)), less, 0.02);
                }
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => central.WithMargin(ScoreCalibration.MostMargin + 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => central.WithMargin(double.NaN));
    }

    [Fact]
    public void An_exponential_tail_is_the_limit_of_ever_lighter_ones()
    {
        int[] knots = [10, 20, 30, 40, 50, 60, 70, 80, 90];
        FingerCalibrationCurve straight = new(4, 5000, knots, 25, 0);
        FingerCalibrationCurve almost = new(4, 5000, knots, 25, 1e-7);

        for (int raw = 90; raw < 500; raw++)
        {
            Assert.Equal(20 + (10 * Math.Log10(Math.E) * (raw - 90) / 25), straight.ScoreOf(raw), 1e-9);
            Assert.Equal(straight.ScoreOf(raw), almost.ScoreOf(raw), 1e-3);
        }
    }

    [Fact]
    public void A_fit_gives_back_the_exponential_tail_it_was_given()
    {
        // Above 800 with mean 60: FMR(raw) = e^(-(raw - 800) / 60).
        FingerCalibrationCurve curve = Assert.Single(Fit(Drawn(9, u => -60 * Math.Log(u))).Curves());

        Assert.Equal(200_000, curve.Comparisons);
        Assert.InRange(curve.Scale, 55, 65);
        Assert.InRange(curve.Shape, 0, 0.1);
        for (double score = 1; score <= 50; score++)
        {
            int raw = (int)(800 + (60 * Math.Log(10) * score / 10));
            Assert.Equal(score, curve.ScoreOf(raw), 0.3 + (score / 20));
        }
    }

    [Fact]
    public void A_fit_gives_back_the_shape_of_a_heavy_tail()
    {
        const double Shape = 0.2;
        FingerCalibrationCurve curve = Assert.Single(
            Fit(Drawn(10, u => 60 * (Math.Pow(u, -Shape) - 1) / Shape)).Curves());

        Assert.Equal(Shape, curve.Shape, 0.07);
    }

    [Fact]
    public void All_sizes_have_one_shape_and_each_its_scale()
    {
        NonMatedComparison[] small = [.. Drawn(11, u => -30 * Math.Log(u)).Select(c => c with { Cylinders = 8 })];

        IReadOnlyList<FingerCalibrationCurve> curves =
            Fit([.. small, .. Drawn(12, u => 60 * (Math.Pow(u, -0.2) - 1) / 0.2)]).Curves();

        Assert.Equal([4, 26], curves.Select(curve => curve.MinCylinders));
        Assert.Equal(curves[0].Shape, curves[1].Shape);
        Assert.InRange(curves[0].Shape, 0.03, 0.2);
        Assert.True(curves[0].Scale < curves[1].Scale);
    }

    [Fact]
    public void Sets_weigh_the_same_and_views_as_often_as_they_count()
    {
        // Nine in ten comparisons are of set 0, whose strengths are 1,000 lower than those of set 1.
        NonMatedComparison[] sample =
        [
            .. Drawn(13, u => -60 * Math.Log(u)).Select((c, i) => i % 10 > 0
                ? c : c with { First = 1, Second = 1, Strength = c.Strength + 1000 }),
        ];
        FingerCalibrationFit fit = new(sample, [0, 1]);

        // Of a third of all: of both sets 63 % of the second, of the second alone a third.
        Assert.InRange(Knot(fit.Curves()), 1810, 1845);
        Assert.InRange(Knot(fit.Curves(set => set, _ => 1)), 1855, 1885);
        Assert.Equal(Knot(fit.Curves(set => set, _ => 1)), Knot(fit.Curves(_ => 1, view => view)));
        Assert.Equal(Knot(fit.Curves()), Knot(fit.Curves(_ => 3, _ => 2)));

        static int Knot(IReadOnlyList<FingerCalibrationCurve> curves) => Assert.Single(curves).Knots[3];
    }

    [Fact]
    public void A_size_without_enough_comparisons_has_no_curve()
    {
        NonMatedComparison[] few =
        [
            .. Enumerable.Range(0, FingerCalibrationFit.MinComparisons - 1)
                .Select(i => new NonMatedComparison(0, 0, i, 40)),
        ];

        Assert.Empty(Fit(few).Curves());
        Assert.Empty(Fit([]).Curves());
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
        // Three of the five sets that were fitted are easier, one is harder; of the tail's 11.5 a factor of two.
        Assert.InRange(scores.Count(s => s >= 20) / (double)scores.Count, 0.005, 0.02);
        Assert.InRange(scores.Count(s => s >= 30), 6, 23);
    }

    [SkippableFact]
    public void The_committed_curves_are_what_the_fit_gives()
    {
        IReadOnlyList<RealPrint> prints = RealPrint.Read();

        IReadOnlyList<FingerCalibrationCurve> fitted = new FingerCalibrationFit(
            FingerCalibrationRun.NonMated(
                [.. prints.Select(print => print.View)],
                (i, j) => prints[i].Set == prints[j].Set && prints[i].Finger != prints[j].Finger),
            [.. prints.Select(print => print.Set)]).Curves();

        Assert.Equal(
            FingerCalibration.Curves.Select(c => (c.MinCylinders, c.Comparisons, c.Scale, c.Shape)),
            fitted.Select(c => (c.MinCylinders, c.Comparisons, c.Scale, c.Shape)));
        Assert.Equal(FingerCalibration.Curves.Select(c => c.Knots), fitted.Select(c => c.Knots));
    }

    private static FingerCalibrationFit Fit(IReadOnlyList<NonMatedComparison> sample) => new(sample, [0]);

    /// <summary>Strengths above 800 of large templates by a tail's inverse; u is uniform in (0, 1].</summary>
    private static NonMatedComparison[] Drawn(int seed, Func<double, double> excess)
    {
        Random random = new(seed);
        return
        [
            .. Enumerable.Range(0, 200_000)
                .Select(_ => new NonMatedComparison(0, 0, 800 + (int)excess(1 - random.NextDouble()), 40)),
        ];
    }
}
