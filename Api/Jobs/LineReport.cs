using System.Globalization;
using System.Text;
using MatchCluster.Matching.Drawings;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Jobs;

/// <summary>A job that searches with many probes as one page of HTML without anything outside of it.</summary>
internal static class LineReport
{
    public static string Of(TaskRecord task)
    {
        JobAnswer job = JobAnswers.Of(task);
        LineNotes lines = JobNotes.Decode(task.Progress.Span).Lines ?? new LineNotes();
        StringBuilder page = new();
        ReportPage.Begin(page, $"Searches in {job.GalleryId}");
        page.Append("<h1>Searches in ").Append(ReportParts.Text(job.GalleryId)).Append("</h1><p class=\"knee\">")
            .Append(CultureInfo.InvariantCulture, $"{lines.With} of {lines.Done} probes have candidates</p>");
        Counts(page, job, lines);
        Scores(page, lines);
        return page.Append("</body></html>").ToString();
    }

    /// <summary>The state of a job and its lines; the rows of lines add up.</summary>
    public static void Counts(StringBuilder page, JobAnswer job, LineNotes lines)
    {
        page.Append("<table><caption>The job</caption>");
        ReportParts.Row(page, "State", job.Reason is null ? job.State : $"{job.State}: {job.Reason}");
        ReportParts.Row(page, "Accepted", job.Created.ToString("u", CultureInfo.InvariantCulture));
        ReportParts.Row(page, "Seconds", ReportParts.Number(job.Seconds));
        ReportParts.Row(page, "Lines per second", ReportParts.Number(job.Lines?.PerSecond ?? 0));
        page.Append("</table><table><caption>The lines</caption>");
        ReportParts.Row(page, "With candidates", $"{lines.With}");
        ReportParts.Row(page, "Without a candidate", $"{lines.Without}");
        ReportParts.Row(page, "Compared with nobody", $"{lines.NotCompared}");
        ReportParts.Row(page, "Incomplete", $"{lines.Incomplete}");
        ReportParts.Row(page, "Refused", $"{lines.Refused}");
        ReportParts.Row(page, "Sum: lines done", $"{lines.Done} of {lines.Total}");
        page.Append("</table>");
        if (lines.Errors.Count > 0)
        {
            page.Append("<table><caption>Refused lines</caption>");
            foreach ((string error, long count) in lines.Errors.OrderByDescending(error => error.Value))
            {
                ReportParts.Row(page, error, $"{count}");
            }

            page.Append("</table>");
        }
    }

    /// <summary>How many lines have a best candidate of which score.</summary>
    public static void Scores(StringBuilder page, LineNotes lines)
    {
        int last = lines.Scores.ToList().FindLastIndex(count => count > 0);
        if (last < 0)
        {
            return;
        }

        ReportParts.Bars(
            page, "Lines by the score of their best candidate (-10 log10 FMR)", [.. lines.Scores.Take(last + 1)], "0",
            $"{(last + 1) * LineNotes.BarWidth}{(last + 1 == lines.Scores.Count ? " or more" : "")}");
    }
}
