using System.Globalization;
using System.Net;
using System.Text;
using MatchCluster.LoadTest.Reports;
using MatchCluster.Matching.Drawings;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>
/// The ladder as one HTML file that needs nothing else: plots as SVG, and their numbers as a table.
/// </summary>
internal static class LadderPage
{
    public static string Of(LadderReport report)
    {
        LadderStep[] steps = [.. report.Steps.OrderBy(step => step.Rate)];
        StringBuilder page = new();
        ReportPage.Begin(page, "MatchCluster capacity");
        page.Append(CultureInfo.InvariantCulture, $$"""
            <h1>MatchCluster capacity</h1>
            <p class="knee">{{Text(LadderTable.KneeOf(report))}}</p>
            <p class="key">{{Text(report.Url)}}, gallery {{Text(report.Gallery)}},
            {{report.People:#,0}} people; open model (Poisson), latency from the intended
            send time; steps of {{report.StepSeconds:0}} s, the first
            {{report.WarmUpSeconds:0}} s of each left out.</p>
            <div class="plots">
            """);
        AppendPlots(page, report, steps);
        PartnerSection.AppendPlots(page, report, steps);
        page.Append("</div>");
        AppendTable(page, steps);
        PartnerSection.Append(page, steps);
        return page.Append("</body></html>\n").ToString();
    }

    private static void AppendPlots(StringBuilder page, LadderReport report, LadderStep[] steps)
    {
        (double X, double Y)[] By(Func<LadderStep, double> value) =>
            [.. steps.Select(step => (step.Rate, value(step)))];
        LinePlot.Append(page, "Latency against rate", "searches/s", "ms", isLogarithmic: true, [
            new("p50", "#1a7f37", By(step => step.Searches.P50)),
            new("p95", "#bf8700", By(step => step.Searches.P95)),
            new("p99", "#cf222e", By(step => step.Searches.P99)),
            new("limit", "#8250df", [.. steps.Select(step => (step.Rate, report.LimitP95Ms))]),
        ]);
        LinePlot.Append(page, "Answered against asked", "searches/s", "answered/s", isLogarithmic: false, [
            new("answered", "#0969da", By(step => step.AnsweredPerSecond)),
            new("asked", "#8c959f", By(step => step.Rate)),
        ]);
        LinePlot.Append(page, "Refused, failed, partial, wrong", "searches/s", "% of all", isLogarithmic: false, [
            new("refused", "#bf8700", By(step => Share(step, step.Searches.Refused))),
            new("errors", "#cf222e", By(step => Share(step, step.Searches.Errors))),
            new("partial", "#8250df", By(step => Share(step, step.Searches.Partial))),
            new("wrong", "#1b7c83", By(step => Share(step, step.Wrong))),
        ]);
        if (steps.All(step => step.BusyCores is not null))
        {
            LinePlot.Append(page, "Busy cores of this machine", "searches/s", "cores", isLogarithmic: false, [
                new("cores", "#0969da", By(step => step.BusyCores!.Value)),
            ]);
        }

        // One step after another, in the order in which they were run.
        double begun = 0;
        List<(double, double)> p50 = [];
        List<(double, double)> p99 = [];
        foreach (LadderStep step in report.Steps)
        {
            p50.AddRange(step.Timeline.Select(second => (begun + second.Time, second.P50Ms)));
            p99.AddRange(step.Timeline.Select(second => (begun + second.Time, second.P99Ms)));
            begun += step.Timeline.Count > 0 ? step.Timeline[^1].Time : 0;
        }

        LinePlot.Append(page, "Percentiles over time", "s", "ms", isLogarithmic: true, [
            new("p50", "#1a7f37", [.. p50]),
            new("p99", "#cf222e", [.. p99]),
        ]);
    }

    private static void AppendTable(StringBuilder page, LadderStep[] steps)
    {
        page.Append("<table><tr>");
        foreach (string column in (string[])
            ["searches/s", "answered/s", "p50 ms", "p95 ms", "p99 ms", "max ms", "refused", "errors", "partial",
             "wrong", "cores", ""])
        {
            page.Append(CultureInfo.InvariantCulture, $"<th>{column}</th>");
        }

        page.Append("</tr>");
        foreach (LadderStep step in steps)
        {
            KindReport s = step.Searches;
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{step.Rate:0.0}</td><td>{step.AnsweredPerSecond:0.0}</td><td>{s.P50:0.0}</td>
                <td>{s.P95:0.0}</td><td>{s.P99:0.0}</td><td>{s.Max:0.0}</td><td>{s.Refused}</td><td>{s.Errors}</td>
                <td>{s.Partial}</td>
                <td>{step.Wrong}</td><td>{step.BusyCores:0.0}</td>
                <td class="{(step.Held ? "held" : "broke")}">{Text(step.Broke ?? "holds")}</td></tr>
                """);
        }

        page.Append("</table>");
    }

    private static double Share(LadderStep step, long count) => 100.0 * count / Math.Max(1, step.Searches.Due);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
