using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Jobs;

/// <summary>Results of jobs over labelled sets: their lines, their figures, and a page.</summary>
internal static class AccuracyResults
{
    /// <summary>The lines as a table.</summary>
    public static Task WriteTableAsync(ITaskStore store, TaskRecord job, Stream output) => LineResults.WriteTableAsync(
        store, job, output, "line,id,outcome,personId,mated,mateScore,mateRank,otherScore,error",
        line => [IsObservation(line) ? RowOf(Observation.Of(line))
            : string.Join(',', $"{line["line"]}", CsvText.Cell((string?)line["id"] ?? ""),
                CsvText.Cell(LineResults.WordOf(LineWalk.OutcomeOf(line))), "", "", "", "", "",
                (string?)line["error"]?["title"] ?? "")]);

    /// <summary>The figures of the lines that are done.</summary>
    public static async Task<IResult> FiguresAsync(TaskRecord job, TaskDesk desk)
    {
        JobNotes notes = JobNotes.Decode(job.Progress.Span);
        return TypedResults.Json(
            AccuracyFigures.Of(await ReadAsync(job, desk), notes.Threshold ?? 0, notes.Places),
            JobJson.Default.AccuracyFigures);
    }

    /// <summary>The figures as a page.</summary>
    public static async Task<IResult> ReportAsync(TaskRecord job, TaskDesk desk)
    {
        JobNotes notes = JobNotes.Decode(job.Progress.Span);
        double floor = notes.Threshold ?? 0;
        List<Observation> seen = await ReadAsync(job, desk);
        return TypedResults.Text(
            AccuracyReport.Of(
                job, AccuracyFigures.Of(seen, floor, notes.Places), ErrorTradeOff.Of(seen, floor)),
            "text/html", Encoding.UTF8);
    }

    private static async Task<List<Observation>> ReadAsync(TaskRecord job, TaskDesk desk)
    {
        List<Observation> seen = [];
        await foreach (JsonObject line in LineResults.ReadAsync(desk.Store, job))
        {
            if (IsObservation(line))
            {
                seen.Add(Observation.Of(line));
            }
        }

        return seen;
    }

    private static bool IsObservation(JsonObject line) => line["isMated"] is not null;

    private static string RowOf(Observation seen) => string.Create(
        CultureInfo.InvariantCulture,
        $"{seen.Line},{CsvText.Cell(seen.Id ?? "")},searched,{CsvText.Cell(seen.PersonId ?? "")},")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"{(seen.IsMated ? "yes" : "no")},{LineResults.Number(seen.MateScore)},{seen.MateRank},")
        + LineResults.Number(seen.OtherScore) + ",";
}
