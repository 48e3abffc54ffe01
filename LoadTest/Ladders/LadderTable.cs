using MatchCluster.LoadTest.Reports;
using Spectre.Console;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>The ladder in a terminal: a row a step, in the order of the rates, and the knee.</summary>
internal static class LadderTable
{
    /// <summary>Share of the cores from which a machine is busy.</summary>
    private const double BusyShare = 0.9;

    public static void Write(IAnsiConsole console, LadderReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string column in (string[])
            ["searches/s", "answered/s", "p50 ms", "p95 ms", "p99 ms", "refused", "errors", "partial", "wrong",
             "cores"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("");
        foreach (LadderStep step in report.Steps.OrderBy(step => step.Rate))
        {
            KindReport searches = step.Searches;
            table.AddRow(
                $"{step.Rate:0.0}", $"{step.AnsweredPerSecond:0.0}", $"{searches.P50:0.0}", $"{searches.P95:0.0}",
                $"{searches.P99:0.0}", $"{searches.Refused}", $"{searches.Errors}", $"{searches.Partial}",
                $"{step.Wrong}", $"{step.BusyCores:0.0}", step.Broke ?? "holds");
        }

        console.Write(table);
        if (report.Steps.Any(step => step.Partners.Count > 0))
        {
            WritePartners(console, report);
        }

        console.WriteLine(KneeOf(report));
    }

    /// <summary>What stood in the way of the slowest step, and whether it is the load or each search.</summary>
    private static string WhyNone(LadderReport report)
    {
        if (report.Steps.MinBy(step => step.Rate) is not { } slowest)
        {
            return "No step was made";
        }

        string alone = report.AloneMs is not { } ms ? ""
            : ms > report.LimitP95Ms
                ? $"; a search alone takes {ms:0} ms, more than the limit of {report.LimitP95Ms:0} ms"
                : $"; a search alone takes {ms:0} ms";
        string busy = slowest.BusyCores is { } cores && cores > BusyShare * Environment.ProcessorCount
            ? $"; {cores:0.0} of this machine's {Environment.ProcessorCount} cores were busy, with everything on it"
            : "";
        return $"No step held, not even {slowest.Rate:0.0#} searches/s: {slowest.Broke}{alone}{busy}";
    }

    private static void WritePartners(IAnsiConsole console, LadderReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("partner");
        foreach (string column in (string[])
            ["searches/s", "answered/s", "p50 ms", "p95 ms", "p99 ms", "refused", "errors", "partial", "wrong"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (LadderStep step in report.Steps.OrderBy(step => step.Rate))
        {
            foreach (PartnerReport partner in step.Partners)
            {
                KindReport searches = partner.Searches;
                table.AddRow(
                    Markup.Escape(partner.Title), $"{step.Rate * partner.Share:0.0}",
                    $"{partner.AnsweredPerSecond:0.0}", $"{searches.P50:0.0}", $"{searches.P95:0.0}",
                    $"{searches.P99:0.0}", $"{searches.Refused}", $"{searches.Errors}", $"{searches.Partial}",
                    $"{searches.Missed + searches.FalseCandidates}");
            }
        }

        console.Write(table);
    }

    /// <summary>What was found, in a sentence.</summary>
    public static string KneeOf(LadderReport report) =>
        (report.KneePerSecond is { } knee
            ? report.Unbroken
                ? $"No step broke: the knee is beyond {knee:0.0} searches/s"
                : $"Knee: {knee:0.0} searches/s with p95 below {report.LimitP95Ms:0} ms"
            : WhyNone(report))
        + (report.CutShort ? "; stopped before the ladder ended." : ".");
}
