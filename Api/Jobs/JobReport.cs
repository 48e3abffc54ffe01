using System.Globalization;
using System.Text;
using MatchCluster.Matching.Drawings;

namespace MatchCluster.Api.Jobs;

/// <summary>A job as one page of HTML without anything outside of it.</summary>
internal static class JobReport
{
    private const int MostGroups = 1000;

    public static string Of(JobAnswer job, IReadOnlyList<JobGroup> groups)
    {
        StringBuilder page = new();
        ReportPage.Begin(page, $"Duplicates in {job.GalleryId}");
        page.Append("<h1>Duplicates in ").Append(ReportParts.Text(job.GalleryId)).Append("</h1><p class=\"knee\">")
            .Append(CultureInfo.InvariantCulture, $"{groups.Count} groups of persons that may be one</p>")
            .Append("<table><caption>The job</caption>");
        ReportParts.Row(page, "State", job.Reason is null ? job.State : $"{job.State}: {job.Reason}");
        ReportParts.Row(page, "Threshold (-10 log10 FMR)", ReportParts.Number(job.Threshold ?? 0));
        ReportParts.Row(page, "Comparison", job.Exhaustive ? "exhaustive" : "screened");
        ReportParts.Row(page, "Persons compared", $"{job.Persons} of {job.PersonsTotal}");
        ReportParts.Row(page, "Pairs compared", $"{job.Pairs} of {job.PairsTotal}");
        ReportParts.Row(page, "Persons in groups", $"{groups.Sum(group => group.Persons.Count)}");
        ReportParts.Row(page, "Links", $"{groups.Sum(group => group.Links.Count)}");
        ReportParts.Row(page, "Pairs per second", ReportParts.Number(job.PairsPerSecond));
        ReportParts.Row(page, "Seconds", ReportParts.Number(job.Seconds));
        ReportParts.Row(page, "Persons without comparable samples", $"{job.WithoutSamples}");
        ReportParts.Row(page, "Persons whose lists were cut", $"{job.CutLists}");
        ReportParts.Row(page, "Persons that cannot be read", $"{job.Unreadable}");
        ReportParts.Row(page, "Persons stored or changed meanwhile", $"{job.ChangedDuring}");
        ReportParts.Row(page, "State of the gallery at the start", job.StateAtStart ?? "not known");
        ReportParts.Row(page, "State of the gallery at the end", job.StateAtEnd ?? "not known");
        page.Append("</table>");
        Plot(page, [.. groups.SelectMany(group => group.Links).Select(link => link.Score).OfType<double>()]);
        page.Append("<table><caption>The groups</caption><tr><th>Persons</th><th>Links (score)</th></tr>");
        foreach (JobGroup group in groups.Take(MostGroups))
        {
            page.Append("<tr><td>").Append(ReportParts.Text(string.Join(", ", group.Persons))).Append("</td><td>")
                .Append(ReportParts.Text(string.Join("; ", group.Links.Select(link =>
                    $"{link.PersonId} - {link.OtherId}"
                    + (link.Score is { } score ? $" ({ReportParts.Number(score)})" : "")))))
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

        ReportParts.Bars(page, "Links by score", counts, ReportParts.Number(least), ReportParts.Number(most));
    }
}
