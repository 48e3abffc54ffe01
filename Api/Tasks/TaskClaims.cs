using System.Collections.Concurrent;
using MatchCluster.Api.Http;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>
/// The claims of one worker: it takes what is due, keeps each claim while it works at the task, and gives it back. Work
/// whose claim somebody else has is cancelled.
/// </summary>
internal sealed class TaskClaims(
    ITaskStore store, TaskMetrics metrics, TaskSettings settings, TimeProvider clock, ILogger log)
{
    private readonly string owner = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<(string Id, long Epoch), CancellationTokenSource> held = new();

    /// <summary>What is due and nobody has; nothing where the store cannot say.</summary>
    public async Task<IReadOnlyList<TaskRecord>> TakeAsync(
        TaskPhase phase, IReadOnlyList<string> kinds, int most, CancellationToken stopping)
    {
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            IReadOnlyList<TaskRecord> tasks = await store.ClaimAsync(
                new TaskClaim(phase, kinds, owner, now, now + settings.Lease, most), stopping);
            foreach (TaskRecord task in tasks.Where(task => task.WasTaken))
            {
                metrics.TakenOver(task.Kind);
            }

            return tasks;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return [];
        }
        catch (StoreException fault)
        {
            log.TasksUnreachable(fault.Message);
            return [];
        }
    }

    /// <summary>Works at a claimed task; a claim that is left over is given back at once.</summary>
    /// <param name="task">The task.</param>
    /// <param name="work">The work, which is cancelled when the claim is lost or the host stops.</param>
    /// <param name="broke">Says how long the task rests after a defect.</param>
    /// <param name="stopping">The host stops.</param>
    public async Task HoldAsync(
        TaskRecord task, Func<TaskRecord, CancellationToken, Task> work, Func<TaskRecord, ValueTask<TimeSpan>> broke,
        CancellationToken stopping)
    {
        using CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        held[(task.Id, task.Epoch)] = lost;
        try
        {
            await work(task, lost.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            await ReleaseAsync(task, TimeSpan.Zero);
        }
        catch (StoreException fault)
        {
            log.TasksUnreachable(fault.Message);
            await ReleaseAsync(task, TaskSettings.PauseAfter(task.Epoch));
        }
        catch (Exception defect)
        {
            log.TaskBroke(task.Id, defect.GetType().Name, defect.StackTrace ?? "");
            await ReleaseAsync(task, await RestOf(task, broke));
        }
        finally
        {
            held.TryRemove((task.Id, task.Epoch), out _);
        }
    }

    /// <summary>How long a task rests after a defect; what breaks here too must not end the worker.</summary>
    private async ValueTask<TimeSpan> RestOf(TaskRecord task, Func<TaskRecord, ValueTask<TimeSpan>> broke)
    {
        try
        {
            return await broke(task);
        }
        catch (Exception defect)
        {
            log.TaskBroke(task.Id, defect.GetType().Name, defect.StackTrace ?? "");
            return TaskSettings.PauseAfter(task.Epoch);
        }
    }

    /// <summary>Waits for a beat, or until it is time to look again.</summary>
    public async Task WaitAsync(Task next, CancellationToken stopping)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(next, Task.Delay(settings.Poll, clock, waiting.Token));
        await waiting.CancelAsync();
    }

    /// <summary>Keeps what is held for another lease, three times in each, until the host stops.</summary>
    public Task KeepAsync(CancellationToken stopping) => EveryAsync(settings.Lease / 3, RenewAsync, stopping);

    /// <summary>Does something now and then until the host stops; an outage ends it for this time alone.</summary>
    public async Task EveryAsync(TimeSpan every, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                try
                {
                    await work(stopping);
                }
                catch (StoreException fault)
                {
                    log.TasksUnreachable(fault.Message);
                }

                await Task.Delay(every, clock, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RenewAsync(CancellationToken cancel)
    {
        DateTimeOffset until = clock.GetUtcNow() + settings.Lease;
        await Task.WhenAll(held.Select(async claim =>
        {
            if (!await store.RenewAsync(claim.Key.Id, claim.Key.Epoch, until, cancel))
            {
                await LoseAsync(claim.Value);
            }
        }));
    }

    private static async Task LoseAsync(CancellationTokenSource lost)
    {
        try
        {
            await lost.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The work ended meanwhile, and with it the claim.
        }
    }

    /// <summary>Gives a claim back at once, so that nobody waits for its lease.</summary>
    private async Task ReleaseAsync(TaskRecord task, TimeSpan pause)
    {
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            await store.SaveAsync(
                task.Id, task.Epoch, new TaskChange(now) { Due = now + pause, Releases = true }, null,
                CancellationToken.None);
        }
        catch (StoreException)
        {
            // It is free when its lease ends.
        }
    }
}
