using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>A line as it is searched, or why it is not.</summary>
/// <param name="Failure">Why it is not searched.</param>
/// <param name="Label">What the job knows of it beside its probe.</param>
internal sealed record LinePlan(Failure? Failure, object? Label = null);

/// <summary>What is kept of a line.</summary>
/// <param name="Result">The line of the results.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Error">Name of the failure of a refused one.</param>
/// <param name="Best">The score of its best candidate.</param>
internal sealed record LineResult(JsonObject Result, LineOutcome Outcome, string? Error = null, double? Best = null);

/// <summary>What a kind of jobs does with its lines.</summary>
internal interface ILineWork
{
    /// <summary>Writes the line of the batch search that is asked for a line of the body.</summary>
    LinePlan Write(JobLine line, IBufferWriter<byte> output);

    /// <summary>The most that any answer so far was made with; an agreement may change while the lines go.</summary>
    ReleaseProfile Released => ReleaseProfile.Hit;

    /// <summary>What is kept of an answer; a failure where the line is to be tried again later.</summary>
    ValueTask<Parsed<LineResult>> JudgeAsync(JobLine line, LinePlan plan, JsonObject answer, CancellationToken cancel);
}

/// <summary>
/// Searches with the lines of a job by the door of batch searches, in portions, as if their caller sent them now: with
/// the agreement of now, at the lowest priority, and recorded. A line that cannot be answered now is asked again until
/// it can; each portion is saved together with the place of the next line.
/// </summary>
internal sealed class LineWalk(TaskPipeline pipeline, TimeProvider clock)
{
    private const string Operation = "batchIdentify";
    private const int MostBytes = 4 * 1024 * 1024;
    private const int LongestPauseSeconds = 30;

    /// <summary>A search that stays incomplete for so long, by waits of growing length, counts as such.</summary>
    private const int MostIncomplete = 6;

    /// <summary>
    /// Waits in which a job keeps its worker although no line gets on; then it makes room for other jobs.
    /// </summary>
    private const int MostHeld = 3;

    /// <summary>Walks over the lines that are left.</summary>
    /// <param name="run">The job.</param>
    /// <param name="work">What is done with each.</param>
    /// <param name="cancel">The claim is lost, or the host stops.</param>
    /// <returns>Why the job cannot go on; null at the end.</returns>
    /// <exception cref="JobRestsException">Nothing can be answered for some time; all is saved.</exception>
    public async Task<string?> RunAsync(JobRun run, ILineWork work, CancellationToken cancel)
    {
        LineAnswers answers = new();
        JobInput input = JobInput.Of(run.Call.Body, run.Call.Format!);
        while (run.Notes.Lines!.Done < run.Notes.Lines.Total)
        {
            LineNotes notes = run.Notes.Lines;
            int waits = notes.Waits;
            List<(JobLine Line, LinePlan Plan)> portion = [];
            ArrayBufferWriter<byte> asked = new();
            if (notes.Bytes >= ApiLimits.JobResultBytes)
            {
                return $"found results of {notes.Bytes} bytes after line {notes.Number}, wanted less than "
                    + $"{ApiLimits.JobResultBytes}: ask for fewer candidates, or begin a job with the other lines";
            }

            answers.Forget(notes.Number, answer => LaterOf(answer, takesIncomplete: false) is null);
            foreach (JobLine line in input.From(notes.Next, notes.Number).Take(Limits.SearchesPerBatch))
            {
                if (portion.Count > 0 && asked.WrittenCount + line.Bytes.Length > MostBytes)
                {
                    break;
                }

                portion.Add((line, answers.PlanOf(line.Number) ?? work.Write(line, asked)));
            }

            (IReadOnlyDictionary<long, JsonObject> answered, Failure? failure) =
                await AskAsync(run.Call, asked.WrittenSpan.ToArray(), cancel);
            asked.Clear();
            answers.Add(portion, answered);
            if (failure is not null && !MayPass(failure))
            {
                return failure.Message;
            }

            (LineNotes after, byte[] part, Failure? later) =
                await JudgeAsync(portion, answers, notes, work, waits >= MostIncomplete, cancel);
            later = failure ?? later ?? (after.Done == notes.Done ? Failure.DeadlinePassed : null);

            // Where a part of the gallery stays away, not every portion waits as long for it.
            waits = after.Done == notes.Done ? waits + 1 : after.Incomplete > notes.Incomplete ? waits : 0;
            await run.SaveAsync(
                run.Notes with
                {
                    Lines = after with { Waits = waits },
                    Reason = later?.Message,
                    Release = work.Released > run.Notes.Release ? work.Released : run.Notes.Release,
                },
                part, after.Done - notes.Done, cancel);
            if (later is not null)
            {
                TimeSpan pause = TimeSpan.FromSeconds(
                    Math.Min(LongestPauseSeconds, Math.Pow(2, Math.Min(waits, 5))));
                if (waits > MostHeld && after.Done == notes.Done)
                {
                    throw new JobRestsException(pause);
                }

                await Task.Delay(pause, clock, cancel);
            }
        }

        return null;
    }

    /// <summary>The failure of a refused line, as the door of batch searches writes it.</summary>
    public static JsonObject ErrorOf(Failure failure) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = (int)failure.Code,
            ["title"] = failure.Code.ToString(),
            ["detail"] = failure.Message,
        },
    };

    /// <summary>What became of a line, by its answer.</summary>
    public static LineOutcome OutcomeOf(JsonObject answer) =>
        answer["error"] is not null ? LineOutcome.Refused
        : (bool?)answer["complete"] != true ? LineOutcome.Incomplete
        : (bool?)answer["compared"] == false ? LineOutcome.NotCompared
        : answer["candidates"] is JsonArray { Count: > 0 } ? LineOutcome.With
        : LineOutcome.Without;

    private static async Task<(LineNotes Notes, byte[] Part, Failure? Later)> JudgeAsync(
        List<(JobLine Line, LinePlan Plan)> portion, LineAnswers answers, LineNotes notes, ILineWork work,
        bool takesIncomplete, CancellationToken cancel)
    {
        using MemoryStream part = new();
        foreach ((JobLine line, LinePlan plan) in portion)
        {
            JsonObject? answer = plan.Failure is { } wrong ? ErrorOf(wrong) : answers.AnswerOf(line.Number);
            if (answer is null)
            {
                return (notes, part.ToArray(), Failure.DeadlinePassed);
            }

            if (LaterOf(answer, takesIncomplete) is { } later)
            {
                return (notes, part.ToArray(), later);
            }

            Parsed<LineResult> judged = await work.JudgeAsync(line, plan, answer, cancel);
            if (judged.Failure is { } notYet)
            {
                return (notes, part.ToArray(), notYet);
            }

            LineResult result = judged.Value!;
            result.Result["line"] = line.Number;
            notes = notes.And(line, result.Outcome, result.Error, result.Best);
            long before = part.Length;
            using (Utf8JsonWriter json = new(part))
            {
                result.Result.WriteTo(json);
            }

            part.WriteByte((byte)'\n');
            notes = notes with { Bytes = notes.Bytes + part.Length - before };
        }

        return (notes, part.ToArray(), null);
    }

    /// <summary>Why a line is asked again later; null where its answer counts.</summary>
    private static Failure? LaterOf(JsonObject answer, bool takesIncomplete)
    {
        if (answer["error"] is JsonObject error)
        {
            FailureCode code = (FailureCode)(int)error["code"]!;
            Failure failure = new(code, (string?)error["detail"] ?? "");
            return MayPass(failure) ? failure : null;
        }

        return OutcomeOf(answer) == LineOutcome.Incomplete && !takesIncomplete
            ? new Failure(FailureCode.Incomplete, "a part of the gallery cannot be searched now") : null;
    }

    /// <summary>Whether the same line may have another answer in a while.</summary>
    private static bool MayPass(Failure failure) => HttpAnswers.StatusOf(failure.Code)
        is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    /// <summary>Answers by their line, for those that are wrong come before the others.</summary>
    private async Task<(IReadOnlyDictionary<long, JsonObject> Answers, Failure? Failure)> AskAsync(
        JobCall call, byte[] lines, CancellationToken cancel)
    {
        Dictionary<long, JsonObject> answers = [];
        if (lines.Length == 0)
        {
            return (answers, null);
        }

        TaskAnswer answer = await pipeline.RunAsync(
            new TaskCall
            {
                Operation = Operation,
                Method = HttpMethods.Post,
                Path = $"/mc/v1/identify/{call.GalleryId}",
                Query = "",
                Route = new Dictionary<string, string> { ["galleryId"] = call.GalleryId },
                Headers = call.Headers ?? new Dictionary<string, string>(),
                Partner = call.Partner,
                Subject = call.Subject,
                CallerKind = call.Kind,
                Scopes = call.Scopes ?? [],
                Body = lines,
            },
            cancel);
        ReadOnlyMemory<byte> rest = answer.Failure is null ? answer.Body : default;
        while (rest.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            JsonObject one = JsonNode.Parse(rest.Span[..end])!.AsObject();
            answers[(long)one["line"]!] = one;
            rest = rest[(end + 1)..];
        }

        return (answers, answer.Failure);
    }
}
