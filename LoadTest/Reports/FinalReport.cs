using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.LoadTest.Reports;

/// <summary>The whole run as a table, whether it ended by itself or was cut short.</summary>
internal static class FinalReport
{
    private static readonly double[] Quantiles = [0.5, 0.9, 0.95, 0.99, 0.999];

    public static void Write(IAnsiConsole console, LoadOptions options, LoadRun run, bool cutShort)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("kind");
        foreach (string column in new[]
        {
            "due", "answered", "p50", "p90", "p95", "p99", "p99.9", "max", "refused", "errors", "partial",
            "missed", "false cand.",
        })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (RequestKind kind in options.Kinds)
        {
            AddRow(table, kind.ToString().ToLowerInvariant(), run.Of(kind));
        }

        Tally searches = run.Searches();
        AddRow(table, "searches", searches);
        foreach ((int number, Partner partner) in options.Partners.Index())
        {
            AddRow(table, Markup.Escape(partner.Title), run.OfPartner(number));
        }

        if (options.EnrolRate > 0)
        {
            AddRow(table, "enrol", run.Of(RequestKind.Enrol));
        }

        console.Write(table);
        console.WriteLine(
            "Latencies in ms of answered requests, from the intended send time (open model, Poisson).");
        foreach (string line in Lines(options, run, searches, cutShort))
        {
            console.WriteLine(line);
        }
    }

    private static IEnumerable<string> Lines(LoadOptions options, LoadRun run, Tally searches, bool cutShort)
    {
        yield return Rates("searches/s", options.Rate, run, searches);
        if (options.EnrolRate > 0)
        {
            yield return Rates("enrolments/s", options.EnrolRate, run, run.Of(RequestKind.Enrol));
        }

        foreach ((int number, Partner partner) in options.Partners.Index())
        {
            yield return Rates(
                $"{partner.Title} searches/s", options.Rate * partner.Share, run, run.OfPartner(number));
        }

        yield return "generator: departures p99 "
            + $"{run.Lateness.Quantile(0.99).TotalMilliseconds:0.00} ms late, "
            + $"worst {run.Lateness.Max.TotalMilliseconds:0.0} ms";
        foreach (RequestKind kind in options.Kinds.Append(RequestKind.Enrol))
        {
            string bad = string.Join(", ", run.Of(kind).Statuses
                .Where(pair => !pair.Key.StartsWith('2'))
                .Select(pair => $"{pair.Key}: {pair.Value}"));
            if (bad.Length > 0)
            {
                yield return $"{kind.ToString().ToLowerInvariant()} not answered by status: {bad}";
            }
        }

        if (cutShort)
        {
            yield return
                $"Cut short after {run.Sending.TotalSeconds:0.0} of {options.Duration.TotalSeconds:0} s.";
        }
    }

    private static string Rates(string what, double intended, LoadRun run, Tally tally) =>
        $"{what}: intended {intended:0.0}, due {run.PerSecondDue(tally):0.0}, "
        + $"answered {run.PerSecondAnswered(tally):0.0}";

    private static void AddRow(Table table, string name, Tally tally) =>
        table.AddRow(
        [
            name,
            tally.Due.ToString("#,0"),
            tally.Answered.ToString("#,0"),
            .. Quantiles.Select(q => tally.Latency.Quantile(q).TotalMilliseconds.ToString("0.0")),
            tally.Latency.Max.TotalMilliseconds.ToString("0.0"),
            tally.Refused.ToString("#,0"),
            tally.Errors.ToString("#,0"),
            tally.Partial.ToString("#,0"),
            tally.Missed.ToString("#,0"),
            tally.FalseCandidates.ToString("#,0"),
        ]);
}
