using MatchCluster.Matching.Scan;

namespace MatchCluster.Matching.Tests.Scan;

public sealed class ScanThreadsTests
{
    [Fact]
    public async Task Work_runs_on_the_engines_threads_and_continuations_do_not()
    {
        using ScanThreads threads = new(2);
        string? inside = await threads.SearchAsync(_ => Thread.CurrentThread.Name);
        Assert.StartsWith("matchcluster scan", inside);
        Assert.DoesNotContain("matchcluster scan", Thread.CurrentThread.Name ?? "");
    }

    [Fact]
    public async Task Preparation_gets_a_turn_among_waiting_searches()
    {
        using ScanThreads threads = new(1);
        using ManualResetEventSlim hold = new();
        Task held = threads.SearchAsync(_ => { hold.Wait(); return 0; });
        List<string> order = [];
        int Note(string kind)
        {
            order.Add(kind);
            return 0;
        }

        Task[] searches = [.. Enumerable.Range(0, 40).Select(_ => threads.SearchAsync(_ => Note("s")))];
        Task preparation = threads.PrepareAsync(() => Note("p"));
        hold.Set();
        await Task.WhenAll([held, .. searches, preparation]);

        Assert.InRange(order.IndexOf("p"), 0, 8);
    }

    [Fact]
    public async Task A_bug_reaches_its_caller_and_the_thread_goes_on()
    {
        using ScanThreads threads = new(1);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => threads.SearchAsync<int>(_ => throw new InvalidOperationException("bug")));
        Assert.Equal(1, await threads.SearchAsync(_ => 1));
    }

    [Fact]
    public async Task Stopping_finishes_what_was_queued()
    {
        ScanThreads threads = new(1);
        Task<int>[] queued = [.. Enumerable.Range(0, 50).Select(i => threads.PrepareAsync(() => i))];
        threads.Dispose();
        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(queued));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => threads.PrepareAsync(() => 0));
    }
}
