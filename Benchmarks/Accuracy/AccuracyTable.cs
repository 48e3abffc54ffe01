using Spectre.Console;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>What <c>accuracy</c> says, for a person.</summary>
internal static class AccuracyTable
{
    private const double Fpir = 0.01;
    private static readonly int[] Galleries = [100, 10_000, 1_000_000, 100_000_000];

    public static void Write(
        IAnsiConsole console, IReadOnlyList<SetResult> results, AccuracyReport report)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("set", "mated", "non-mated", "unread", "EER %");
        table.AddColumns([.. SetReport.Points.Select(point => $"FNMR at FMR {point.Name}")]);
        table.AddColumn("rank-1");
        foreach (SetResult result in results)
        {
            table.AddRow(
            [
                Markup.Escape(result.Name),
                result.Scores.Mated.ToString(),
                result.Scores.NonMated.ToString(),
                result.Failures.ToString(),
                (100 * result.Scores.EqualErrorRate()).ToString("0.00"),
                .. SetReport.Points.Select(
                    point => Markup.Escape(SetReport.FnmrAt(result, point.Fmr).ToString())),
                Markup.Escape(result.Rank1.ToString()),
            ]);
        }

        console.Write(table);
        console.WriteLine(
            $"Mean EER of the sets {100 * report.MeanEer:0.00} %. In brackets Wilson's 95 % intervals, every "
            + "comparison taken for independent.");
        console.WriteLine($"By fingers drawn with replacement ({FingerBootstrap.Draws} draws), 95 %:");
        Bootstrap(console, results, report);
        console.WriteLine("DET: FNMR in % where the observed FMR does not exceed");
        Det(console, results);
        console.WriteLine($"Missed in % at the threshold that keeps an FPIR of {100 * Fpir} %, by identities:");
        Missed(console, results);
    }

    /// <summary>What a search with one finger misses, if the scores claim what they say.</summary>
    private static void Missed(IAnsiConsole console, IReadOnlyList<SetResult> results)
    {
        double[] thresholds = [.. Galleries.Select(n => MatchCluster.Matching.Scores.Fpir.ThresholdFor(Fpir, n))];
        var table = new Table().Border(TableBorder.Rounded).AddColumn("set");
        foreach ((int identities, double threshold) in Galleries.Zip(thresholds))
        {
            table.AddColumn(new TableColumn($"{identities:#,0} (score {threshold:0.0})").RightAligned());
        }

        foreach (SetResult result in results)
        {
            table.AddRow(
            [
                Markup.Escape(result.Name),
                .. thresholds.Select(
                    at => (100.0 * result.Scores.MissesAt(at) / result.Scores.Mated).ToString("0.0")),
            ]);
        }

        console.Write(table);
    }

    private static void Bootstrap(IAnsiConsole console, IReadOnlyList<SetResult> results, AccuracyReport report)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("set", "EER %");
        table.AddColumns([.. SetReport.Points.Select(point => $"FNMR % at FMR {point.Name}")]);
        foreach (SetResult result in results)
        {
            SetReport set = report.Sets.TryGetValue(result.Name, out SetReport? own) ? own : report.Pooled;
            table.AddRow(
            [
                Markup.Escape(result.Name),
                Span(set.EerBootstrap),
                .. SetReport.Points.Select(point => Span(set.FnmrBootstrap[point.Name])),
            ]);
        }

        console.Write(table);
    }

    private static void Det(IAnsiConsole console, IReadOnlyList<SetResult> results)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("set");
        foreach (double fmr in DetCurve.TableFmrs)
        {
            table.AddColumn(new TableColumn($"{100 * fmr:0.##} %").RightAligned());
        }

        foreach (SetResult result in results)
        {
            table.AddRow(
            [
                Markup.Escape(result.Name),
                .. DetCurve.TableFmrs.Select(
                    fmr => (100 * DetCurve.At(result.Scores, fmr).Fnmr).ToString("0.0")),
            ]);
        }

        console.Write(table);
    }

    private static string Span(double[] interval) =>
        Markup.Escape($"[{100 * interval[0]:0.0}, {100 * interval[1]:0.0}]");
}
