using System.Globalization;
using System.Net;
using System.Text;
using MatchCluster.LoadTest.Reports;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>What a ladder's page says of each partner; nothing where the scenario has none.</summary>
internal static class PartnerSection
{
    private static readonly string[] Colours =
        ["#0969da", "#bf8700", "#cf222e", "#1a7f37", "#8250df", "#1b7c83", "#bc4c00", "#6e7781"];

    public static void AppendPlots(StringBuilder page, LadderReport report, LadderStep[] steps)
    {
        if (steps.Length == 0 || steps[0].Partners.Count == 0)
        {
            return;
        }

        LinePlot.Append(page, "p95 by partner (priority)", "searches/s of all", "ms", isLogarithmic: true, [
            .. Lines(steps, partner => partner.Searches.P95),
            new("limit", "#8c959f", [.. steps.Select(step => (step.Rate, report.LimitP95Ms))]),
        ]);
        LinePlot.Append(
            page, "Refused by partner (priority)", "searches/s of all", "% of its own", isLogarithmic: false,
            Lines(steps, partner => 100.0 * partner.Searches.Refused / Math.Max(1, partner.Searches.Due)));
    }

    public static void Append(StringBuilder page, LadderStep[] steps)
    {
        if (steps.Length == 0 || steps[0].Partners.Count == 0)
        {
            return;
        }

        page.Append("<table><tr>");
        foreach (string column in (string[])
            ["searches/s of all", "its own", "answered/s", "p50 ms", "p95 ms", "p99 ms", "refused", "errors", "partial",
             "wrong", "partner (priority)"])
        {
            page.Append(CultureInfo.InvariantCulture, $"<th>{column}</th>");
        }

        page.Append("</tr>");
        foreach (LadderStep step in steps)
        {
            foreach (PartnerReport partner in step.Partners)
            {
                KindReport s = partner.Searches;
                page.Append(CultureInfo.InvariantCulture, $"""
                    <tr><td>{step.Rate:0.0}</td><td>{step.Rate * partner.Share:0.0}</td>
                    <td>{partner.AnsweredPerSecond:0.0}</td><td>{s.P50:0.0}</td><td>{s.P95:0.0}</td>
                    <td>{s.P99:0.0}</td><td>{s.Refused}</td><td>{s.Errors}</td><td>{s.Partial}</td>
                    <td>{s.Missed + s.FalseCandidates}</td><td>{WebUtility.HtmlEncode(partner.Title)}</td></tr>
                    """);
            }
        }

        page.Append("</table>");
    }

    private static LinePlot.Line[] Lines(LadderStep[] steps, Func<PartnerReport, double> value) =>
    [
        .. steps[0].Partners.Select((partner, number) => new LinePlot.Line(
            WebUtility.HtmlEncode(partner.Title), Colours[number % Colours.Length],
            [.. steps.Select(step => (step.Rate, value(step.Partners[number])))])),
    ];
}
