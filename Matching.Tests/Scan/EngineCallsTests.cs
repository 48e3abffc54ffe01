using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>The work of single calls on the engine's threads, and what their callers wait for.</summary>
public sealed class EngineCallsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_call_runs_on_the_engines_threads()
    {
        using EngineCalls calls = new(1);
        CallResult<string?> name = await calls.RunAsync(() => Thread.CurrentThread.Name, SearchBudget.Of(Long));
        Assert.True(name.IsInTime);
        Assert.StartsWith("matchcluster scan", name.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_gone_or_whose_time_is_over_does_not_wait_for_a_busy_thread_and_the_work_never_begins()
    {
        using ScanThreads threads = new(1);
        using EngineCalls calls = new(threads);
        using ManualResetEventSlim free = new();
        Task<bool> busy = await BusyAsync(threads, free);
        using CancellationTokenSource gone = new();
        int begun = 0;
        Task<CallResult<int>> waiting = calls.RunAsync(() => ++begun, SearchBudget.Of(Long, gone.Token)).AsTask();
        CallResult<int> late = await calls.RunAsync(() => ++begun, SearchBudget.Of(TimeSpan.Zero));
        await gone.CancelAsync();

        Assert.False(late.IsInTime);
        Assert.False((await waiting).IsInTime);
        free.Set();
        Assert.True(await busy);
        Assert.Equal(1, (await calls.RunAsync(() => 1, SearchBudget.Of(Long))).Value);
        Assert.Equal(0, begun);
    }

    [Fact]
    public async Task A_bug_reaches_its_caller()
    {
        using EngineCalls calls = new(1);
        await Assert.ThrowsAsync<TimeoutException>(async () => await calls.RunAsync<int>(
            () => throw new TimeoutException("a bug, whatever its type"), SearchBudget.Of(Long)));
    }

    [Fact]
    public async Task Calls_and_searches_take_turns_whoever_came_first()
    {
        using ScanThreads threads = new(1);
        using ManualResetEventSlim free = new();
        Task<bool> busy = await BusyAsync(threads, free);
        List<string> order = [];
        int Note(string kind)
        {
            order.Add(kind);
            return 0;
        }

        Task[] calls = [.. Enumerable.Range(0, 20).Select(_ => threads.CallAsync(_ => Note("call")))];
        Task[] searches = [.. Enumerable.Range(0, 20).Select(_ => threads.SearchAsync(_ => Note("search")))];
        free.Set();
        await Task.WhenAll([busy, .. calls, .. searches]);

        Assert.All(order.Chunk(2), pair => Assert.Equal(["call", "search"], pair.Order()));
    }

    /// <summary>Holds a thread until it is freed; comes back when it is held.</summary>
    private static async Task<Task<bool>> BusyAsync(ScanThreads threads, ManualResetEventSlim free)
    {
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> busy = threads.SearchAsync(_ =>
        {
            held.SetResult();
            return free.Wait(Long);
        });
        await held.Task;
        return busy;
    }
}
