using Spectre.Console;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>Error rates of every source in every set, as a table that a document can take.</summary>
internal static class DetTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<DetGroup> groups)
    {
        var table = new Table().Border(TableBorder.Markdown);
        table.AddColumns("set", "source", "mated", "non-mated", "not compared", "EER %");
        table.AddColumns([.. SetReport.Points.Select(point => $"FNMR % at FMR {100 * point.Fmr:0.##} %")]);
        foreach (DetGroup group in groups)
        {
            foreach (DetSourceResult source in group.Sources)
            {
                BootstrapIntervals drawn =
                    FingerBootstrap.Of(source.Comparisons, [.. SetReport.Points.Select(point => point.Fmr)]);
                table.AddRow(
                [
                    Markup.Escape(group.Name),
                    Markup.Escape(source.Label),
                    source.Scores.Mated.ToString("#,0"),
                    source.Scores.NonMated.ToString("#,0"),
                    source.Missing.ToString("#,0"),
                    (100 * source.Scores.EqualErrorRate()).ToString("0.00"),
                    .. SetReport.Points.Select((point, i) => Rate(source.Scores, point.Fmr, drawn.Fnmr[i])),
                ]);
            }
        }

        console.Write(table);
        console.WriteLine(
            $"In brackets 95 % intervals by fingers or eyes drawn with replacement ({FingerBootstrap.Draws} draws).");
    }

    private static string Rate(ComparisonScores scores, double fmr, Interval interval) => Markup.Escape(
        $"{100 * DetCurve.At(scores, fmr).Fnmr:0.00} [{100 * interval.Low:0.0}, {100 * interval.High:0.0}]");
}
