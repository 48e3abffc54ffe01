using MatchCluster.Api.Http;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>
/// Works at jobs as long as the server runs, one at a time: it claims one, asks whether it is allowed now, has it done
/// by the runner of its kind, and ends it.
/// </summary>
internal sealed class JobWorker(
    ITaskStore store, IEnumerable<IJobRunner> runners, IUsePolicy policy, TaskPulse pulse, TaskMetrics tasks,
    JobMetrics metrics, JobAudit audit, TaskSettings settings, TimeProvider clock, ILogger<JobWorker> log)
    : BackgroundService
{
    private readonly Dictionary<string, IJobRunner> byKind =
        runners.ToDictionary(runner => runner.Kind, StringComparer.Ordinal);

    private readonly TaskClaims claims = new(store, tasks, settings, clock, log);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WorkAsync(stoppingToken), claims.KeepAsync(stoppingToken));

    private async Task WorkAsync(CancellationToken stopping)
    {
        string[] kinds = [.. byKind.Keys];
        while (!stopping.IsCancellationRequested)
        {
            Task next = pulse.Next;
            IReadOnlyList<TaskRecord> jobs = await claims.TakeAsync(TaskPhase.Execute, kinds, 1, stopping);
            foreach (TaskRecord job in jobs)
            {
                await claims.HoldAsync(job, RunAsync, FailAsync, stopping);
            }

            if (jobs.Count == 0)
            {
                await claims.WaitAsync(next, stopping);
            }
        }
    }

    private async Task RunAsync(TaskRecord job, CancellationToken cancel)
    {
        metrics.Begun(job.Kind);
        try
        {
            JobRun run = new(store, job, metrics, clock);
            UseDecision decision = await policy.DecideAsync(
                run.Call.Use,
                UseRequest.Of(Operation.Identify, run.Call.GalleryId) with
                {
                    Threshold = run.Call.Threshold,
                    IsQuestion = true, // Its searches are counted, not its claims.
                }, cancel);
            if (decision.Refusal is { Kind: RefusalKind.Unavailable } away)
            {
                throw new StoreException(new Outage(away.Reason, MayRetry: true), "the agreements");
            }

            if (decision.Refusal is null)
            {
                run.AllowBy(decision);
            }

            await audit.BegunAsync(job.Kind, run.Call, decision);
            JobEnd end = decision.Refusal is { } refusal ? JobEnd.Failed(refusal.Reason)
                : await byKind[job.Kind].RunAsync(run, decision, cancel);
            await audit.EndedAsync(job.Kind, run.Call, decision, end);
            await run.EndAsync(end);
            metrics.Ended(job.Kind, end.State);
        }
        catch (JobRestsException rests)
        {
            await RestAsync(job, rests.Pause);
        }
        catch (JobLostException)
        {
            // Whoever has it goes on at what was saved last.
        }
        finally
        {
            metrics.Left(job.Kind);
        }
    }

    /// <summary>Gives a job back that waits for something, so that the others go on meanwhile.</summary>
    private async Task RestAsync(TaskRecord job, TimeSpan pause)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await store.SaveAsync(
            job.Id, job.Epoch, new TaskChange(now) { Due = now + pause, Releases = true }, null,
            CancellationToken.None);
    }

    /// <summary>
    /// A defect ends a job: it would meet every process that took it. Nothing of what is kept needs to be readable.
    /// </summary>
    private async ValueTask<TimeSpan> FailAsync(TaskRecord job)
    {
        try
        {
            // What was saved since is in the store alone.
            TaskRecord latest = await store.ReadNotesAsync(job.Id, CancellationToken.None) ?? job;
            JobEnd end = JobEnd.Failed("a defect ended the job");
            JobNotes notes = JobNotes.Read(latest.Progress.Span) with { Reason = end.Reason };
            JobCall call = JobCall.Read(job.Request)
                ?? new JobCall(notes.GalleryId, null, false, job.Partner, "", false, null, null, null);
            await audit.EndedAsync(job.Kind, call, UseDecision.Unlimited, end);
            if (await store.SaveAsync(
                job.Id, job.Epoch,
                new TaskChange(clock.GetUtcNow())
                {
                    State = end.State,
                    Progress = notes.Encode(),
                    ErasesRequest = true,
                    Releases = true,
                },
                null, CancellationToken.None))
            {
                metrics.Ended(job.Kind, end.State);
            }
        }
        catch (StoreException fault)
        {
            log.TasksUnreachable(fault.Message);
        }

        return TaskSettings.PauseAfter(job.Epoch);
    }
}
