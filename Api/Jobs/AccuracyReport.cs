using System.Globalization;
using System.Text;
using MatchCluster.Matching.Drawings;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Jobs;

/// <summary>The errors of a labelled set as one page of HTML without anything outside of it.</summary>
internal static class AccuracyReport
{
    private const double Size = 320;
    private const double Left = 50;
    private const int Decades = ErrorTradeOff.Decades;
    private const int MostRank = 100;

    /// <param name="task">The job.</param>
    /// <param name="figures">Its figures.</param>
    /// <param name="tradeOff">Its errors over the thresholds.</param>
    public static string Of(TaskRecord task, AccuracyFigures figures, IReadOnlyList<ErrorPoint> tradeOff)
    {
        JobAnswer job = JobAnswers.Of(task);
        StringBuilder page = new();
        ReportPage.Begin(page, $"Accuracy in {job.GalleryId}");
        page.Append("<h1>Accuracy in ").Append(ReportParts.Text(job.GalleryId)).Append("</h1><p class=\"knee\">")
            .Append(CultureInfo.InvariantCulture,
                $"{figures.Mated} searches for enrolled persons, {figures.NonMated} for others, among ")
            .Append(CultureInfo.InvariantCulture, $"{figures.Identities} identities</p>");
        page.Append("<table><caption>Errors at the thresholds of searches, with 95 % intervals (Wilson)</caption>")
            .Append("<tr><th>Threshold of</th><th>-10 log10 FMR</th><th>FNIR</th><th>of</th><th>FPIR</th><th>of</th>")
            .Append("</tr>");
        foreach (JobErrors errors in figures.Errors)
        {
            page.Append("<tr><th scope=\"row\">").Append(ReportParts.Text(errors.Name)).Append("</th><td>")
                .Append(ReportParts.Number(errors.Threshold)).Append("</td>");
            Share(page, errors.Fnir);
            Share(page, errors.Fpir);
            page.Append("</tr>");
        }

        page.Append("</table><div class=\"plots\" style=\"margin-top:1.5rem\">");
        Det(page, figures, tradeOff);
        Cmc(page, figures);
        page.Append("</div><table><caption>Rank of the enrolled person</caption>")
            .Append("<tr><th>Among the first</th><th>share</th><th>of</th></tr>");
        foreach (JobRank rank in figures.Ranks)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{rank.Rank}</th>");
            Share(page, rank.Share);
            page.Append("</tr>");
        }

        page.Append(CultureInfo.InvariantCulture,
            $"</table><p class=\"key\">Scores below {ReportParts.Number(figures.Floor)} were not looked at. ")
            .Append(CultureInfo.InvariantCulture,
                $"{figures.CutLists} lists had more candidates than they have room for.</p>");
        LineReport.Counts(page, job, JobNotes.Decode(task.Progress.Span).Lines ?? new LineNotes());
        return page.Append("</body></html>").ToString();
    }

    private static void Share(StringBuilder page, JobShare share)
    {
        string value = share.Of == 0 ? "not measured" : string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * share.Value:0.00} % [{100 * share.Low:0.00}, {100 * share.High:0.00}]");
        page.Append(CultureInfo.InvariantCulture, $"<td>{value}</td><td>{share.Count} of {share.Of}</td>");
    }

    /// <summary>FNIR over FPIR, both logarithmic; what is 0 lies on the edge.</summary>
    private static void Det(StringBuilder page, AccuracyFigures figures, IReadOnlyList<ErrorPoint> tradeOff)
    {
        if (figures.Mated == 0 || figures.NonMated == 0)
        {
            page.Append("<p>No trade-off: it needs enrolled persons and others.</p>");
            return;
        }

        Begin(page, "FNIR over FPIR (DET)");
        for (int decade = 0; decade <= Decades; decade++)
        {
            double share = Math.Pow(10, decade - Decades);
            string percent = (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
            Grid(page, ErrorTradeOff.Along(share), percent);
        }

        Line(page, tradeOff.Select(
            point => (ErrorTradeOff.Along(point.Fpir), ErrorTradeOff.Along(point.Fnir))));
        foreach (JobErrors errors in figures.Errors)
        {
            double x = Left + (Size * ErrorTradeOff.Along(errors.Fpir.Value));
            double y = 8 + (Size * (1 - ErrorTradeOff.Along(errors.Fnir.Value)));
            page.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"4\" ")
                .Append("fill=\"#2a6f97\"><title>").Append(ReportParts.Text(errors.Name))
                .Append("</title></circle>");
        }

        End(page, "FPIR; 0 lies at the edge", "FNIR");
    }

    /// <summary>How often the person is among the first so many.</summary>
    private static void Cmc(StringBuilder page, AccuracyFigures figures)
    {
        if (figures.Mated == 0)
        {
            page.Append("<p>No ranks: they need enrolled persons.</p>");
            return;
        }

        Begin(page, "Share of enrolled persons among the first (CMC)");
        foreach (int step in (int[])[0, 25, 50, 75, 100])
        {
            Grid(page, step / 100.0, $"{step} %", isAcross: false);
        }

        foreach (int rank in (int[])[1, 2, 5, 10, 20, 50, 100])
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{Left + (Size * Place(rank)):F1}\" y=\"{Size + 22}\" text-anchor=\"middle\">{rank}</text>");
        }

        Line(page, figures.Ranks.Select(rank => (Place(rank.Rank), rank.Share.Value)));
        End(page, "rank", "share");

        static double Place(int rank) => Math.Log(rank) / Math.Log(MostRank);
    }

    private static void Begin(StringBuilder page, string caption) => page
        .Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{ReportParts.Text(caption)}</figcaption>")
        .Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Left + Size + 30} {Size + 45}\" role=\"img\" ")
        .Append(CultureInfo.InvariantCulture, $"aria-label=\"{ReportParts.Text(caption)}\">");

    private static void Grid(StringBuilder page, double at, string text, bool isAcross = true)
    {
        double y = 8 + (Size * (1 - at));
        page.Append(CultureInfo.InvariantCulture,
            $"<line class=\"axis\" x1=\"{Left}\" x2=\"{Left + Size}\" y1=\"{y:F1}\" y2=\"{y:F1}\"/>")
            .Append(CultureInfo.InvariantCulture,
                $"<text x=\"{Left - 4}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{text}</text>");
        if (isAcross)
        {
            double x = Left + (Size * at);
            page.Append(CultureInfo.InvariantCulture,
                $"<line class=\"axis\" x1=\"{x:F1}\" x2=\"{x:F1}\" y1=\"8\" y2=\"{Size + 8}\"/>")
                .Append(CultureInfo.InvariantCulture,
                    $"<text x=\"{x:F1}\" y=\"{Size + 22}\" text-anchor=\"middle\">{text}</text>");
        }
    }

    private static void Line(StringBuilder page, IEnumerable<(double Across, double Up)> points)
    {
        page.Append("<polyline fill=\"none\" stroke=\"#2a6f97\" stroke-width=\"2\" points=\"");
        foreach ((double across, double up) in points)
        {
            page.Append(CultureInfo.InvariantCulture, $"{Left + (Size * across):F1},{8 + (Size * (1 - up)):F1} ");
        }

        page.Append("\"/>");
    }

    private static void End(StringBuilder page, string across, string up) => page
        .Append(CultureInfo.InvariantCulture,
            $"<text x=\"{Left + (Size / 2)}\" y=\"{Size + 40}\" text-anchor=\"middle\">{across}</text>")
        .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + 4}\" y=\"20\">{up}</text></svg></figure>");
}
