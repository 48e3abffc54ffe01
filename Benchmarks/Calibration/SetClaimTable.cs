using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// How the finger curves hold in each set alone: the committed ones, and ones fitted to the other sets only.
/// The latter is what a sensor that nobody fitted to may expect.
/// </summary>
internal static class SetClaimTable
{
    private static readonly int[] Levels = [20, 30, 40];

    /// <param name="console">Where it is written.</param>
    /// <param name="views">Views of two sets or more.</param>
    /// <param name="fit">The fit of all sets.</param>
    /// <param name="inside">Comparisons of whole prints inside the sets.</param>
    public static void Write(
        IAnsiConsole console, FingerViews views, FingerCalibrationFit fit, IReadOnlyList<WholeComparison> inside)
    {
        console.WriteLine(
            "whole prints inside each set: observed FMR, its 95 % interval by finger, and how many times the claim");
        Table table = ClaimTable.New(
            ["set", "comparisons", "curves", .. Levels.SelectMany(level => new[] { $"at {level}", "times" })]);
        List<ScoredPair> left = [];
        for (int set = 0; set < views.SetNames.Count; set++)
        {
            WholeComparison[] own = [.. inside.Where(c => c.Set == views.SetNames[set])];
            ScoreCalibration others = WithoutSet(fit, set);
            ScoredPair[] byOthers = Scored(views, own, others);
            left.AddRange(byOthers);
            table.AddRow(Row(views.SetNames[set], "committed", Scored(views, own, ScoreCalibration.Default)));
            table.AddRow(Row(views.SetNames[set], "of the other sets", byOthers));
        }

        table.AddRow(Row("all, each by", "of the other sets", left));
        console.Write(table);
    }

    /// <summary>What a set is scored by that nobody fitted to.</summary>
    public static ScoreCalibration WithoutSet(FingerCalibrationFit fit, int set) => new(
        "others", fit.Curves(other => other == set ? 0 : 1, _ => 1), default);

    public static ScoredPair[] Scored(
        FingerViews views, IReadOnlyList<WholeComparison> compared, ScoreCalibration by) =>
    [
        .. compared.Select(c => new ScoredPair(
            views.SetOf[c.First], views.FingerOf[c.First], views.FingerOf[c.Second],
            by.FingerScore(c.Strength, c.Cylinders, c.Cylinders, views.Extractor))),
    ];

    private static string[] Row(string set, string curves, IReadOnlyList<ScoredPair> pairs) =>
    [
        Markup.Escape(set),
        pairs.Count.ToString("#,0"),
        curves,
        .. Cells(pairs, Levels),
    ];

    /// <summary>For each level what was observed with its interval, and how many times the claim.</summary>
    public static IEnumerable<string> Cells(IReadOnlyList<ScoredPair> pairs, IReadOnlyList<int> levels) =>
        FingerClaims.Of(pairs, levels).SelectMany(claim => new[]
        {
            Markup.Escape($"{claim.Observed:0.0e+0} [{claim.Low:0.0e+0}, {claim.High:0.0e+0}]"),
            claim.Times.ToString("0.0"),
        });
}
