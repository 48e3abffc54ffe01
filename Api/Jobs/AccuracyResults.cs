using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
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
        Parsed<AccuracyFigures> figures = await ReadAsync(job, desk);
        return figures.Failure is { } failure ? new ProblemFailed(failure)
            : TypedResults.Json(figures.Value!, JobJson.Default.AccuracyFigures);
    }

    /// <summary>The figures as a page.</summary>
    public static async Task<IResult> ReportAsync(TaskRecord job, TaskDesk desk)
    {
        Parsed<AccuracyFigures> figures = await ReadAsync(job, desk);
        return figures.Failure is { } failure ? new ProblemFailed(failure)
            : TypedResults.Text(AccuracyReport.Of(job, figures.Value!), "text/html", Encoding.UTF8);
    }

    private static async Task<Parsed<AccuracyFigures>> ReadAsync(TaskRecord job, TaskDesk desk)
    {
        List<Observation> seen = [];
        await foreach (JsonObject line in LineResults.ReadAsync(desk.Store, job))
        {
            if (IsObservation(line))
            {
                seen.Add(Observation.Of(line));
            }
        }

        JobNotes notes = JobNotes.Decode(job.Progress.Span);
        return AccuracyFigures.Of(seen, notes.Threshold ?? 0, notes.Places);
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
