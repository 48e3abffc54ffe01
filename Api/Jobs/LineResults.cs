using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Jobs;

/// <summary>The results of a job over lines, part by part as they are kept.</summary>
internal static class LineResults
{
    /// <summary>The lines that are done so far, as NDJSON or a table.</summary>
    public static IResult Answer(TaskRecord job, bool isTable, TaskDesk desk) => TypedResults.Stream(
        output => !isTable ? WriteAsync(desk.Store, job, output)
            : job.Kind == JobKinds.Accuracy ? AccuracyResults.WriteTableAsync(desk.Store, job, output)
            : WriteCandidatesAsync(desk.Store, job, output),
        isTable ? JobBody.CsvType : JobBody.NdjsonType);

    /// <summary>The lines, as they were kept.</summary>
    public static async IAsyncEnumerable<JsonObject> ReadAsync(ITaskStore store, TaskRecord job)
    {
        for (int part = 0; part < job.Parts; part++)
        {
            ReadOnlyMemory<byte> rest = await store.ReadPartAsync(job.Id, part, CancellationToken.None);
            while (rest.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                yield return JsonNode.Parse(rest.Span[..end])!.AsObject();
                rest = rest[(end + 1)..];
            }
        }
    }

    /// <summary>Writes them as they are.</summary>
    public static async Task WriteAsync(ITaskStore store, TaskRecord job, Stream output)
    {
        for (int part = 0; part < job.Parts; part++)
        {
            await output.WriteAsync(await store.ReadPartAsync(job.Id, part, CancellationToken.None) ?? []);
        }
    }

    /// <summary>Writes candidates of searches as CSV, a row for each, and one for a line without any.</summary>
    public static Task WriteCandidatesAsync(ITaskStore store, TaskRecord job, Stream output) =>
        WriteTableAsync(
            store, job, output, "line,id,outcome,rank,personId,score,error",
            answer => (answer["candidates"] as JsonArray) is { Count: > 0 } found
                ? found.Select(one => Row(
                    answer, $"{one!["rank"]}", (string?)one["personId"] ?? "", Number((double?)one["score"]), ""))
                : [Row(answer, "", "", "", (string?)answer["error"]?["title"] ?? "")]);

    /// <summary>Writes a table.</summary>
    /// <param name="store">Where the job is kept.</param>
    /// <param name="job">The job.</param>
    /// <param name="output">Gets the table.</param>
    /// <param name="header">Names of the columns.</param>
    /// <param name="rows">The rows of a line.</param>
    public static async Task WriteTableAsync(
        ITaskStore store, TaskRecord job, Stream output, string header, Func<JsonObject, IEnumerable<string>> rows)
    {
        await using StreamWriter table = new(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        await table.WriteLineAsync(header);
        await foreach (JsonObject line in ReadAsync(store, job))
        {
            foreach (string row in rows(line))
            {
                await table.WriteLineAsync(row);
            }
        }
    }

    /// <summary>The word of an outcome.</summary>
    public static string WordOf(LineOutcome outcome) => outcome switch
    {
        LineOutcome.With => "candidates",
        LineOutcome.Without => "no candidate",
        LineOutcome.NotCompared => "not compared",
        LineOutcome.Incomplete => "incomplete",
        _ => "refused",
    };

    public static string Number(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";

    private static string Row(JsonObject answer, string rank, string person, string score, string error) =>
        string.Join(',', $"{answer["line"]}", CsvText.Cell((string?)answer["id"] ?? ""),
            CsvText.Cell(WordOf(LineWalk.OutcomeOf(answer))), rank, CsvText.Cell(person), score, error);
}
