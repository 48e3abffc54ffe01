using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using MatchCluster.Matching.Drawings;

namespace MatchCluster.Api.Jobs;

/// <summary>A job as one page of HTML without anything outside of it.</summary>
internal static class JobReport
{
    private const int MostGroups = 1000;
    private const double Width = 640;
    private const double Height = 160;

    public static string Of(JobAnswer job, IReadOnlyList<JobGroup> groups)
    {
        StringBuilder page = new();
        ReportPage.Begin(page, $"Duplicates in {job.GalleryId}");
        page.Append("<h1>Duplicates in ").Append(Text(job.GalleryId)).Append("</h1><p class=\"knee\">")
            .Append(CultureInfo.InvariantCulture, $"{groups.Count} groups of persons that may be one</p>")
            .Append("<table><caption>The job</caption>");
        Row(page, "State", job.Reason is null ? job.State : $"{job.State}: {job.Reason}");
        Row(page, "Threshold (-10 log10 FMR)", Number(job.Threshold ?? 0));
        Row(page, "Comparison", job.Exhaustive ? "exhaustive" : "screened");
        Row(page, "Persons compared", $"{job.Persons} of {job.PersonsTotal}");
        Row(page, "Pairs compared", $"{job.Pairs} of {job.PairsTotal}");
        Row(page, "Persons in groups", $"{groups.Sum(group => group.Persons.Count)}");
        Row(page, "Links", $"{groups.Sum(group => group.Links.Count)}");
        Row(page, "Pairs per second", Number(job.PairsPerSecond));
        Row(page, "Seconds", Number(job.Seconds));
        Row(page, "Persons without comparable samples", $"{job.WithoutSamples}");
        Row(page, "Persons whose lists were cut", $"{job.CutLists}");
        Row(page, "Persons that cannot be read", $"{job.Unreadable}");
        Row(page, "Persons stored or changed meanwhile", $"{job.ChangedDuring}");
        Row(page, "State of the gallery at the start", job.StateAtStart ?? "not known");
        Row(page, "State of the gallery at the end", job.StateAtEnd ?? "not known");
        page.Append("</table>");
        Plot(page, [.. groups.SelectMany(group => group.Links).Select(link => link.Score).OfType<double>()]);
        page.Append("<table><caption>The groups</caption><tr><th>Persons</th><th>Links (score)</th></tr>");
        foreach (JobGroup group in groups.Take(MostGroups))
        {
            page.Append("<tr><td>").Append(Text(string.Join(", ", group.Persons))).Append("</td><td>")
                .Append(Text(string.Join("; ", group.Links.Select(link =>
                    $"{link.PersonId} - {link.OtherId}"
                    + (link.Score is { } score ? $" ({Number(score)})" : "")))))
                .Append("</td></tr>");
        }

        page.Append("</table>");
        if (groups.Count > MostGroups)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<p>The first {MostGroups} of {groups.Count} groups; the results have all of them.</p>");
        }

        return page.Append("</body></html>").ToString();
    }

    /// <summary>How many links have which score.</summary>
    private static void Plot(StringBuilder page, double[] scores)
    {
        if (scores.Length == 0)
        {
            return;
        }

        const int Bars = 32;
        (double least, double most) = (scores.Min(), Math.Max(scores.Max(), scores.Min() + 1));
        int[] counts = new int[Bars];
        foreach (double score in scores)
        {
            counts[Math.Min(Bars - 1, (int)((score - least) / (most - least) * Bars))]++;
        }

        page.Append(CultureInfo.InvariantCulture,
            $"<figure><figcaption>Links by score</figcaption><svg viewBox=\"0 0 {Width} {Height + 20}\" role=\"img\" ")
            .Append("aria-label=\"Number of links by score\">");
        for (int bar = 0; bar < Bars; bar++)
        {
            double height = Height * counts[bar] / counts.Max();
            page.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{bar * Width / Bars:F1}\" y=\"{Height - height:F1}\" width=\"{(Width / Bars) - 2:F1}\" ")
                .Append(CultureInfo.InvariantCulture,
                    $"height=\"{height:F1}\" fill=\"#2a6f97\"><title>{counts[bar]}</title></rect>");
        }

        page.Append(CultureInfo.InvariantCulture,
            $"<text x=\"0\" y=\"{Height + 16}\">{Number(least)}</text><text x=\"{Width}\" y=\"{Height + 16}\" ")
            .Append(CultureInfo.InvariantCulture, $"text-anchor=\"end\">{Number(most)}</text></svg></figure>");
    }

    private static void Row(StringBuilder page, string name, string value) =>
        page.Append("<tr><th scope=\"row\">").Append(name).Append("</th><td>").Append(Text(value))
            .Append("</td></tr>");

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
