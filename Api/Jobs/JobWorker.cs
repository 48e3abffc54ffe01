using MatchCluster.Api.Http;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>
/// Works at jobs as long as the server runs, one at a time. Progress and what was found since are saved together under
/// the epoch of the claim: whoever goes on after a dead process begins at what was saved last, and nothing is lost or
/// there twice.
/// </summary>
internal sealed class JobWorker(
    ITaskStore store, IPartitionDirectory directory, IUsePolicy policy, TaskPulse pulse, TaskSettings settings,
    TimeProvider clock, ILogger<JobWorker> log) : BackgroundService
{
    public const string Deduplicate = "deduplicate";

    /// <summary>More pairs than this say that the threshold is too low for the gallery.</summary>
    private const long MostPairs = 1_000_000;

    private static readonly TimeSpan SavesEvery = TimeSpan.FromSeconds(3);

    /// <summary>Clocks of front ends may differ by so much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private readonly string owner = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Task next = pulse.Next;
            try
            {
                DateTimeOffset now = clock.GetUtcNow();
                IReadOnlyList<TaskRecord> jobs = await store.ClaimAsync(
                    new TaskClaim(TaskPhase.Execute, [Deduplicate], owner, now, now + settings.Lease), stoppingToken);
                foreach (TaskRecord job in jobs)
                {
                    await HoldAsync(job, stoppingToken);
                }

                if (jobs.Count > 0)
                {
                    continue;
                }
            }
            catch (StoreException fault)
            {
                log.TasksUnreachable(fault.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.WhenAny(next, Task.Delay(settings.Poll, clock, CancellationToken.None));
        }
    }

    /// <summary>Works at a job and keeps its claim; ends where somebody else has it, paused or cancelled it.</summary>
    private async Task HoldAsync(TaskRecord job, CancellationToken stopping)
    {
        using CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task renewing = RenewAsync(job, lost);
        try
        {
            await RunAsync(job, lost.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // Lost, or the server stops: the next one goes on at what was saved.
            await store.SaveAsync(
                job.Id, job.Epoch, new TaskChange(clock.GetUtcNow()) { Releases = true }, null, CancellationToken.None);
        }
        catch (Exception defect) when (defect is not StoreException)
        {
            log.TaskBroke(job.Id, defect.GetType().Name, defect.StackTrace ?? "");
            await EndAsync(
                job, JobNotes.Decode(job.Progress.Span) with { Reason = "a defect ended the job" }, TaskState.Failed,
                job.Parts, []);
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
        }
    }

    private async Task RenewAsync(TaskRecord job, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(settings.Lease / 5, clock, lost.Token);
                if (!await store.RenewAsync(job.Id, job.Epoch, clock.GetUtcNow() + settings.Lease, lost.Token))
                {
                    await lost.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work ended.
        }
        catch (StoreException fault)
        {
            log.TasksUnreachable(fault.Message);
            await lost.CancelAsync();
        }
    }

    private async Task RunAsync(TaskRecord job, CancellationToken cancel)
    {
        JobCall call = JobCall.Decode(job.Request.Span);
        JobNotes notes = JobNotes.Decode(job.Progress.Span);
        UseDecision decision = await policy.DecideAsync(
            call.Use, UseRequest.Of(Operation.Identify, call.GalleryId) with { Threshold = call.Threshold }, cancel);
        if (decision.Refusal is { } refusal)
        {
            await EndAsync(job, notes with { Reason = refusal.Reason }, TaskState.Failed, job.Parts, []);
            return;
        }

        notes = notes with { Release = decision.Release };
        if (notes.Began is null)
        {
            (long persons, string? state) = await LookAsync(call.GalleryId, cancel);
            notes = notes with
            {
                Began = clock.GetUtcNow(),
                PersonsTotal = persons,
                StateAtStart = state,
                Threshold = Math.Max(
                    call.Threshold
                        ?? DuplicateRequest.ThresholdFor(DuplicateRequest.DefaultFalsePairs, persons),
                    decision.MinThreshold),
            };
        }

        Saved saved = new(notes, job.Parts);
        if (notes.Cursor.Since is null)
        {
            saved = await WalkAsync(job, call, saved, cancel);
            (_, string? state) = await LookAsync(call.GalleryId, cancel);
            saved = saved with { Notes = saved.Notes with { StateAtEnd = state } };
        }

        // Whoever came meanwhile is compared with everybody, where the state says that somebody did.
        if (saved.Notes.StateAtEnd is null || saved.Notes.StateAtEnd != saved.Notes.StateAtStart)
        {
            DuplicateCursor late = saved.Notes.Cursor.Since is not null ? saved.Notes.Cursor
                : DuplicateCursor.Start with { Since = saved.Notes.Began - Skew };
            saved = await WalkAsync(
                job, call, saved with { Notes = saved.Notes with { Cursor = late } }, cancel);
        }

        bool isTooMany = saved.Notes.Found > MostPairs;
        await EndAsync(
            job, isTooMany ? saved.Notes with { Reason = $"more than {MostPairs} pairs: take a higher threshold" }
                : saved.Notes,
            isTooMany ? TaskState.Failed : TaskState.Done, saved.Parts, []);
    }

    /// <summary>Walks from the cursor to the end and saves on the way.</summary>
    private async Task<Saved> WalkAsync(TaskRecord job, JobCall call, Saved from, CancellationToken cancel)
    {
        (JobNotes notes, int parts) = from;
        DuplicateWalk walk = new(
            directory, new DuplicateRequest(call.GalleryId, notes.Threshold!.Value) { Exhaustive = call.Exhaustive },
            new Standing(Standing.NumberOf(call.Partner), 1, 0), Math.Max(2, Environment.ProcessorCount), clock);
        List<DuplicatePair> found = [];
        long last = clock.GetTimestamp();
        await foreach (DuplicateStep step in walk.RunAsync(notes.Cursor, cancel))
        {
            bool isLate = step.Cursor.Since is not null;
            notes = notes with
            {
                Cursor = step.Cursor,
                Persons = notes.Persons + (isLate ? 0 : step.Persons),
                ChangedDuring = notes.ChangedDuring + (isLate ? step.Persons : 0),
                Pairs = notes.Pairs + (isLate ? 0 : step.Pairs),
                Found = notes.Found + step.Found.Count,
                WithoutSamples = notes.WithoutSamples + (isLate ? 0 : step.WithoutSamples),
                Cut = notes.Cut + step.Cut,
                Unreadable = Math.Max(notes.Unreadable, step.Unreadable),
                Reason = walk.Waiting,
            };
            found.AddRange(step.Found);
            if (clock.GetElapsedTime(last) >= SavesEvery || found.Count > 500)
            {
                (notes, parts) = await SaveAsync(job, notes, parts, found, last, cancel);
                (found, last) = ([], clock.GetTimestamp());
                if (notes.Found > MostPairs)
                {
                    break;
                }
            }
        }

        return await SaveAsync(job, notes with { Reason = null }, parts, found, last, cancel);
    }

    private async Task<Saved> SaveAsync(
        TaskRecord job, JobNotes notes, int parts, List<DuplicatePair> found, long since, CancellationToken cancel)
    {
        notes = notes with { Seconds = notes.Seconds + clock.GetElapsedTime(since).TotalSeconds };
        TaskPart? part = found.Count == 0 ? null : new TaskPart(parts, PairLines.Write(found));
        if (!await store.SaveAsync(
            job.Id, job.Epoch, new TaskChange(clock.GetUtcNow()) { Progress = notes.Encode() }, part, cancel))
        {
            throw new OperationCanceledException("somebody else has the job, or ended it", LostToken);
        }

        return new Saved(notes, parts + (part is null ? 0 : 1));
    }

    private async Task EndAsync(
        TaskRecord job, JobNotes notes, TaskState state, int parts, List<DuplicatePair> found)
    {
        await store.SaveAsync(
            job.Id, job.Epoch,
            new TaskChange(clock.GetUtcNow()) { State = state, Progress = notes.Encode(), Releases = true },
            found.Count == 0 ? null : new TaskPart(parts, PairLines.Write(found)), CancellationToken.None);
    }

    private async Task<(long Persons, string? State)> LookAsync(string gallery, CancellationToken cancel)
    {
        long persons = 0;
        foreach (IPartition partition in directory.All)
        {
            // A search for nobody counts who is active and in the gallery.
            SearchBudget budget = SearchBudget.Of(Matching.Limits.LongestDeadline, cancel);
            PartitionAnswer answer = await partition.SearchAsync(
                new SearchBatch(
                [
                    new Search
                    {
                        Probe = new([], []),
                        Gallery = gallery,
                        Threshold = 0,
                        MaxCandidates = 1,
                    },
                ]),
                budget);
            persons += answer.Results.Sum(result => result.Count?.Held ?? 0);
        }

        GalleryState? held = EncounterRoot.StateOf(gallery, await directory.StatusAllAsync(cancel));
        return (persons, held?.Hash.ToString());
    }

    private static CancellationToken LostToken => new(canceled: true);

    private sealed record Saved(JobNotes Notes, int Parts);
}
