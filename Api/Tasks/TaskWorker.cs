using MatchCluster.Api.Http;
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

    private readonly TaskClaims claims = new(store, metrics, settings, clock, log);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(
            WorkAsync(TaskPhase.Execute, [TaskKinds.Osia], settings.MostExecuting, ExecuteAsync, stoppingToken),
            WorkAsync(TaskPhase.Deliver, TaskKinds.Delivered, settings.MostDelivering, SendAsync, stoppingToken),
            claims.KeepAsync(stoppingToken),
            claims.EveryAsync(CountsEvery, CountAsync, stoppingToken),
            claims.EveryAsync(PurgesEvery, PurgeAsync, stoppingToken));
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
            IReadOnlyList<TaskRecord> tasks = free == 0 ? []
                : await claims.TakeAsync(phase, kinds, free, stopping);
            foreach (TaskRecord task in tasks)
            {
                Interlocked.Increment(ref inside);
                _ = RunAsync(task, work, () => Interlocked.Decrement(ref inside), stopping);
            }

            // Where as many came as there was room for, more may wait: an end of one of them is a beat.
            if (tasks.Count == 0 || tasks.Count == free)
            {
                await claims.WaitAsync(next, stopping);
            }
        }

        while (Volatile.Read(ref inside) > 0)
        {
            await pulse.Next.WaitAsync(settings.Poll, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(
        TaskRecord task, Func<TaskRecord, CancellationToken, Task> work, Action end, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            await claims.HoldAsync(
                task, work, broken => ValueTask.FromResult(TimeSpan.FromSeconds(Math.Min(30, broken.Epoch))), stopping);
        }
        finally
        {
            end();
            pulse.Beat();
        }
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
