using System.Globalization;
using System.Net;
using System.Text;
using MatchCluster.LoadTest.Ladders;
using MatchCluster.LoadTest.Reports;
using MatchCluster.Matching.Drawings;

namespace MatchCluster.LoadTest.Fairness;

/// <summary>The comparison as one HTML file that needs nothing else.</summary>
internal static class FairnessPage
{
    private static readonly string[] Colours = ["#1a7f37", "#0969da", "#bf8700", "#cf222e"];

    public static string Of(FairnessReport report)
    {
        StringBuilder page = new();
        ReportPage.Begin(page, "MatchCluster: partners side by side");
        page.Append(CultureInfo.InvariantCulture, $"""
            <h1>MatchCluster: partners side by side</h1>
            <p class="knee">{Text(report.Sentence)}</p>
            <p class="key">{Text(report.Url)}, gallery {Text(report.Gallery)}, {report.People:#,0} people; open model
            (Poisson), latency from the intended send time; {report.Rounds} rounds of {report.SecondsOfEach:0} s for
            each situation in turn, the first {report.WarmUpSeconds:0} s of each left out.</p>
            <div class="plots">
            """);
        string[] situations = [.. report.Rows.Select(row => row.Situation).Distinct()];
        LinePlot.Append(
            page, $"Latency of {Text(report.Quiet)}", "percentile", "ms", isLogarithmic: true,
            [.. Lines(report, report.Quiet, situations)]);
        LinePlot.Append(
            page, $"Latency of {Text(report.Noisy)}", "percentile", "ms", isLogarithmic: true,
            [.. Lines(report, report.Noisy, situations)]);
        LinePlot.Append(
            page, $"p95 of {Text(report.Quiet)} over time", "s", "ms", isLogarithmic: true,
            [
                .. situations.Index().Select(one => new LinePlot.Line(
                    Text(one.Item), Colours[one.Index % Colours.Length],
                    [
                        .. report.Timeline.Where(second => second.Situation == one.Item)
                            .Select(second => (second.Time, second.P95Ms)),
                    ])).Where(line => line.Points.Length > 0),
            ]);
        page.Append("</div>");
        AppendTable(page, report);
        return page.Append("</body></html>\n").ToString();
    }

    private static IEnumerable<LinePlot.Line> Lines(FairnessReport report, string partner, string[] situations) =>
        situations.Index()
            .Select(one => (one.Index, Row: report.Rows.FirstOrDefault(
                row => row.Situation == one.Item && row.Partner == partner)))
            .Where(one => one.Row is { Searches.Answered: > 0 })
            .Select(one => new LinePlot.Line(
                Text(one.Row!.Situation), Colours[one.Index % Colours.Length], PointsOf(one.Row.Searches)));

    private static (double X, double Y)[] PointsOf(KindReport searches) =>
        [(50, searches.P50), (90, searches.P90), (95, searches.P95), (99, searches.P99), (99.9, searches.P999)];

    private static void AppendTable(StringBuilder page, FairnessReport report)
    {
        page.Append("<table><tr>");
        foreach (string column in FairnessTable.Columns)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th>{column}</th>");
        }

        page.Append("<th>situation</th></tr>");
        foreach (FairnessRow row in report.Rows)
        {
            page.Append("<tr>");
            foreach (string cell in FairnessTable.CellsOf(report, row))
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{Text(cell)}</td>");
            }

            page.Append(CultureInfo.InvariantCulture, $"<td>{Text(row.Situation)}</td></tr>");
        }

        page.Append("</table>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
