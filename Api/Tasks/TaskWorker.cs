using System.Collections.Concurrent;
using MatchCluster.Api.Http;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>
/// Takes care of tasks as long as the server runs: executes what waits, sends what is there, keeps its claims, and
/// deletes what is over. Whatever it was at when its process ended, another worker goes on with after the lease.
/// </summary>
internal sealed class TaskWorker(
    ITaskStore store, OsiaExecutor executor, TaskSender sender, TaskPulse pulse, TaskMetrics metrics,
    TaskSettings settings, TimeProvider clock, ILogger<TaskWorker> log) : BackgroundService
{
    private static readonly TimeSpan CountsEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PurgesEvery = TimeSpan.FromMinutes(10);
    private const int PurgedAtOnce = 500;

    private readonly string owner = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<(string Id, long Epoch), bool> claims = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(
            WorkAsync(TaskPhase.Execute, [TaskKinds.Osia], settings.MostExecuting, ExecuteAsync, stoppingToken),
            WorkAsync(TaskPhase.Deliver, TaskKinds.Delivered, settings.MostDelivering, SendAsync, stoppingToken),
            EveryAsync(settings.Lease / 3, RenewAsync, stoppingToken),
            EveryAsync(CountsEvery, CountAsync, stoppingToken),
            EveryAsync(PurgesEvery, PurgeAsync, stoppingToken));
    }

    private async Task ExecuteAsync(TaskRecord task, CancellationToken cancel)
    {
        if (await executor.ExecuteAsync(task, cancel) is { } answer)
        {
            metrics.Executed(task.Kind, answer.Failure is null, clock.GetUtcNow() - task.Created);
        }
    }

    private async Task SendAsync(TaskRecord task, CancellationToken cancel)
    {
        if (await sender.SendAsync(task, cancel) is { } reason)
        {
            log.ResultIsDead(task.Id, reason);
        }
    }

    private async Task WorkAsync(
        TaskPhase phase, IReadOnlyList<string> kinds, int most, Func<TaskRecord, CancellationToken, Task> work,
        CancellationToken stopping)
    {
        int inside = 0;
        while (!stopping.IsCancellationRequested)
        {
            Task next = pulse.Next;
            int free = most - Volatile.Read(ref inside);
            IReadOnlyList<TaskRecord> tasks = free == 0 ? [] : await ClaimAsync(phase, kinds, free, stopping);
            foreach (TaskRecord task in tasks)
            {
                Interlocked.Increment(ref inside);
                claims[(task.Id, task.Epoch)] = true;
                _ = RunAsync(task, work, () => Interlocked.Decrement(ref inside), stopping);
            }

            // Where as many came as there was room for, more may wait: an end of one of them is a beat.
            if (tasks.Count == 0 || tasks.Count == free)
            {
                await WaitAsync(next, stopping);
            }
        }

        while (Volatile.Read(ref inside) > 0)
        {
            await pulse.Next.WaitAsync(settings.Poll, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitAsync(Task next, CancellationToken stopping)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(next, Task.Delay(settings.Poll, clock, waiting.Token));
        await waiting.CancelAsync();
    }

    private async Task<IReadOnlyList<TaskRecord>> ClaimAsync(
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

    private async Task RunAsync(
        TaskRecord task, Func<TaskRecord, CancellationToken, Task> work, Action end, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            await work(task, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
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
            await ReleaseAsync(task, TimeSpan.FromSeconds(Math.Min(30, task.Epoch)));
        }
        finally
        {
            claims.TryRemove((task.Id, task.Epoch), out _);
            end();
            pulse.Beat();
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

    private async Task EveryAsync(
        TimeSpan every, Func<CancellationToken, Task> work, CancellationToken stopping)
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
        await Task.WhenAll(claims.Keys.Select(
            claim => store.RenewAsync(claim.Id, claim.Epoch, until, cancel).AsTask()));
    }

    private async Task CountAsync(CancellationToken cancel) => metrics.Counted(await store.CountAsync(cancel));

    private async Task PurgeAsync(CancellationToken cancel)
    {
        int purged = PurgedAtOnce;
        while (purged == PurgedAtOnce)
        {
            purged = await store.PurgeAsync(
                clock.GetUtcNow() - TimeSpan.FromDays(settings.KeptDays), PurgedAtOnce, cancel);
        }
    }
}
