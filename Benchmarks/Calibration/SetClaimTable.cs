using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// How the finger curves hold in each set alone: the committed ones, and ones fitted to the other sets only.
/// The latter is what a sensor that nobody fitted to may expect.
/// </summary>
internal static class SetClaimTable
{
    private static readonly int[] Levels = [20, 30];

    /// <param name="console">Where it is written.</param>
    /// <param name="views">Views of two sets or more.</param>
    /// <param name="inside">Comparisons of whole prints inside the sets.</param>
    public static void Write(IAnsiConsole console, FingerViews views, IReadOnlyList<WholeComparison> inside)
    {
        console.WriteLine("whole prints inside each set: observed FMR and how many times the claim that is");
        var table = new Table().Border(TableBorder.Rounded);
        string[] columns = ["set", "comparisons", "curves", "at 20", "times", "at 30", "times"];
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (string set in views.Sets.Distinct())
        {
            WholeComparison[] own = [.. inside.Where(c => c.Set == set)];
            table.AddRow(Row(set, "committed", own, [.. FingerCalibration.Curves]));
            bool IsOfOthers(int i, int j) => views.Sets[i] != set && views.DifferInside(i, j);
            IReadOnlyList<FingerCalibrationCurve> ofOthers =
                FingerCalibrationFit.Fit(FingerCalibrationRun.NonMated(views.Views, IsOfOthers));
            table.AddRow(Row(set, "of the other sets", own, [.. ofOthers]));
        }

        console.Write(table);
    }

    private static string[] Row(string set, string curves, WholeComparison[] own, FingerCalibrationCurve[] by)
    {
        double[] scores = [.. own.Select(c => FingerCalibration.Score(by, c.Strength, c.Cylinders))];
        List<string> cells = [Markup.Escape(set), own.Length.ToString("#,0"), curves];
        foreach (int level in Levels)
        {
            var observed = new Proportion(scores.Count(s => s >= level), scores.Length);
            cells.Add(Markup.Escape($"{observed.Value:0.0e+0} [{observed.Low:0.0e+0}, {observed.High:0.0e+0}]"));
            cells.Add((observed.Value * Math.Pow(10, level / 10.0)).ToString("0.0"));
        }

        return [.. cells];
    }
}
