using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Tasks;

/// <summary>
/// Executes calls of OSIA. It may begin one again that another process began: creations are told apart by their
/// transaction, replacements put the same once more, and of what takes something away it is noted before that it was
/// there.
/// </summary>
internal sealed class OsiaExecutor(
    ITaskStore store, TaskPipeline pipeline, EncounterRoot root, TaskSettings settings, TimeProvider clock)
{
    /// <summary>Where the person stands whom an operation takes something away from.</summary>
    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["deleteEncounter"] = "personId",
        ["deleteAll"] = "personId",
        ["mergeEncounter"] = "personIdSource",
        ["moveEncounter"] = "personIdSource",
    };

    /// <summary>Executes a claimed task and keeps its result.</summary>
    /// <returns>What came out; null where it is tried again later, or another process has it.</returns>
    public async Task<TaskAnswer?> ExecuteAsync(TaskRecord task, CancellationToken cancel)
    {
        TaskAnswer answer;
        TaskNotes? notes = null;
        if (task.Epoch > settings.MostClaims)
        {
            answer = TaskAnswer.Of(new Failure(FailureCode.Unexpected, "the task was begun too often and never ended"));
        }
        else
        {
            notes = TaskNotes.Decode(task.Progress.Span);
            TaskCall call = TaskCall.Decode(task.Request.Span);
            if (Sources.ContainsKey(call.Operation))
            {
                if (!notes.WasThere && await IsThereAsync(call, cancel))
                {
                    notes = notes with { WasThere = true };
                    if (!await store.SaveAsync(
                        task.Id, task.Epoch, new TaskChange(clock.GetUtcNow()) { Progress = notes.Encode() }, null,
                        cancel))
                    {
                        return null;
                    }
                }

                answer = await pipeline.RunAsync(call, cancel);
                if (answer.Failure is { Code: FailureCode.Unknown } && task.Epoch > 1 && notes.WasThere
                    && !await IsThereAsync(call, cancel))
                {
                    answer = TaskAnswer.Ok(StatusCodes.Status204NoContent) with { Allowed = answer.Allowed };
                }
            }
            else
            {
                answer = await pipeline.RunAsync(call, cancel);
            }
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (MayPass(answer) && now - task.Created < settings.TriesFor)
        {
            await store.SaveAsync(
                task.Id, task.Epoch,
                new TaskChange(now) { Due = now + TaskSettings.PauseAfter(task.Epoch), Releases = true }, null, cancel);
            return null;
        }

        bool isKept = await store.SaveAsync(
            task.Id, task.Epoch,
            new TaskChange(now)
            {
                State = TaskState.Scheduled,
                Due = now,
                ErasesRequest = true,
                Result = answer.Body,
                ResultType = answer.ContentType,
                Progress = NotesOf(answer, notes),
                Releases = true,
            },
            null, cancel);
        return isKept ? answer : null;
    }

    /// <summary>The notes with what allowed the answer; null leaves them as they are.</summary>
    private static ReadOnlyMemory<byte>? NotesOf(TaskAnswer answer, TaskNotes? notes)
    {
        if (answer.Allowed is not { } allowed || notes is null)
        {
            return null;
        }

        AskedUse asked = (notes.Asked ?? AskedUse.Nothing).AllowedBy(allowed, answer.IsSearch);
        return (notes with { Asked = asked }).Encode();
    }

    /// <summary>Whether the same call may have another answer in a while.</summary>
    private static bool MayPass(TaskAnswer answer) => answer.Failure is { Code: not FailureCode.QuotaExceeded }
        && answer.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    private async Task<bool> IsThereAsync(TaskCall call, CancellationToken cancel)
    {
        ReadAnswer person = await root.ReadPersonAsync(
            call.Route[Sources[call.Operation]], SearchBudget.Of(settings.Lease, cancel).For(Use.Internal));
        return Failure.Of(person.Refusal, person.Outage) is { } failure
            ? failure.Code == FailureCode.Unknown ? false
                : throw new StoreException(new Outage(failure.Message, MayRetry: true), "the gallery")
            : call.Route.TryGetValue("encounterId", out string? encounter)
                ? person.Encounters.Any(one => one.EncounterId == encounter)
                : person.Encounters.Count > 0;
    }
}
