using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>What an installation's own non-mated comparisons say: its curves, how far off they may be, how they hold.
/// </summary>
/// <param name="Curves">
/// Smallest templates first, the committed one of a size that was too rare; empty where every size was.
/// </param>
/// <param name="Draws">Fits to other sets and fingers; null where there is no curve.</param>
/// <param name="Compared">Comparisons of whole and cut prints that were fitted to.</param>
/// <param name="Suspected">Pairs of people left out: alike enough to be one person enrolled twice.</param>
/// <param name="Own">
/// Whole prints of each half of the people, scored by curves of the other half; empty where a half is too few.
/// </param>
/// <param name="Committed">Claims against observation by the committed curves.</param>
internal sealed record InstallationFit(
    IReadOnlyList<FingerCalibrationCurve> Curves, CalibrationDraws? Draws, int Compared, int Suspected,
    IReadOnlyList<ScoredPair> Own, IReadOnlyList<ScoredPair> Committed)
{
    /// <summary>
    /// Score by the committed curves from which two people are suspected to be one; of different ones a pair in a
    /// million.
    /// </summary>
    public const double SuspectedFrom = 60;

    /// <summary>A prime, so that which pairs are taken has nothing to do with any order.</summary>
    private const uint Stride = 2_654_435_761;

    /// <param name="views">The installation's.</param>
    /// <param name="pairs">Comparisons of whole prints at most; there are eight times as many with cut ones.</param>
    /// <param name="draws">Fits for the standard error.</param>
    public static InstallationFit Of(FingerViews views, int pairs, int draws)
    {
        long all = Pairs(views, views.DifferInside).LongCount();
        uint below = all <= pairs ? uint.MaxValue : (uint)(uint.MaxValue * (pairs / (double)all));
        bool IsTaken(int i, int j) => views.DifferInside(i, j)
            && unchecked((((uint)i * 31_337) + (uint)j) * Stride) <= below;

        FingerTemplate[] templates = [.. views.Views.Select(FingerTemplate.Prepare)];
        var scratch = new FingerScratch();
        NonMatedComparison[] whole =
        [
            .. Pairs(views, IsTaken).Select(pair => new NonMatedComparison(
                pair.I, pair.J,
                FingerMatcher.Compare(templates[pair.I], templates[pair.J].Row, scratch).Strength,
                Math.Min(templates[pair.I].Cylinders, templates[pair.J].Cylinders))),
        ];
        HashSet<(int, int)> suspected =
        [
            .. whole.Where(c => Score(views, ScoreCalibration.Default, c) >= SuspectedFrom)
                .Select(c => People(views, c.First, c.Second)),
        ];
        IReadOnlyList<NonMatedComparison> compared = FingerCalibrationRun.NonMated(
            views.Views, (i, j) => IsTaken(i, j) && !suspected.Contains(People(views, i, j)));
        var fit = new FingerCalibrationFit(compared, views.SetOf);
        IReadOnlyList<FingerCalibrationCurve> fitted = fit.Curves();
        if (fitted.Count == 0)
        {
            return new InstallationFit([], null, compared.Count, suspected.Count, [], []);
        }

        IReadOnlyList<FingerCalibrationCurve>[] halves =
        [
            .. Enumerable.Range(0, 2).Select(
                half => fit.Curves(_ => 1, view => views.FingerOf[view] % 2 == half ? 0 : 1)),
        ];
        bool areHeldOut = halves.All(half => half.Any(curve => curve.MinCylinders == fitted[^1].MinCylinders));
        ScoreCalibration[] ofOtherHalf =
            [.. halves.Select(half => new ScoreCalibration("half", Completed(half, views), default))];
        NonMatedComparison[] kept = [.. whole.Where(c => !suspected.Contains(People(views, c.First, c.Second)))];
        NonMatedComparison[] inHalves =
            [.. kept.Where(c => areHeldOut && (views.FingerOf[c.First] - views.FingerOf[c.Second]) % 2 == 0)];
        return new InstallationFit(
            Completed(fitted, views), CalibrationDraws.Of(fit, fitted[^1], views, draws), compared.Count,
            suspected.Count,
            [.. inHalves.Select(c => Pair(views, c, ofOtherHalf[views.FingerOf[c.First] % 2]))],
            [.. kept.Select(c => Pair(views, c, ScoreCalibration.Default))]);
    }

    /// <summary>With the committed curves of sizes that were too rare: a print of them must not score 0.</summary>
    private static FingerCalibrationCurve[] Completed(
        IReadOnlyList<FingerCalibrationCurve> fitted, FingerViews views) =>
    [
        .. fitted.UnionBy(views.Committed.All, curve => curve.MinCylinders).OrderBy(curve => curve.MinCylinders),
    ];

    private static IEnumerable<(int I, int J)> Pairs(FingerViews views, Func<int, int, bool> isTaken)
    {
        for (int i = 0; i < views.Views.Count; i++)
        {
            for (int j = i + 1; j < views.Views.Count; j++)
            {
                if (isTaken(i, j))
                {
                    yield return (i, j);
                }
            }
        }
    }

    private static ScoredPair Pair(FingerViews views, NonMatedComparison c, ScoreCalibration by) => new(
        views.SetOf[c.First], views.FingerOf[c.First], views.FingerOf[c.Second], Score(views, by, c));

    private static double Score(FingerViews views, ScoreCalibration by, NonMatedComparison c) =>
        by.FingerScore(c.Strength, c.Cylinders, c.Cylinders, views.Extractor);

    private static (int, int) People(FingerViews views, int i, int j) => (
        Math.Min(views.FingerOf[i], views.FingerOf[j]), Math.Max(views.FingerOf[i], views.FingerOf[j]));
}
