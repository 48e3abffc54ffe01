using MatchCluster.Matching;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;
using static MatchCluster.Grains.Tests.Redis.RedisFixture;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>
/// Appends that wait for one that is on its way; the server holds that one back until it is told to go on.
/// </summary>
public sealed class RedisGroupCommitTests : IAsyncLifetime
{
    private RedisFixture fixture = null!;
    private IServer host = null!;

    public async Task InitializeAsync()
    {
        fixture = await NewAsync();
        host = (await fixture.Server.ConnectAsync()).GetServers()[0];
        await PutAsync("loads the script");
    }

    public async Task DisposeAsync()
    {
        await fixture.DisposeAsync();
    }

    [SkippableFact]
    public async Task Appends_that_wait_go_together_in_one_script_call()
    {
        long before = await fixture.CallsOfAsync("evalsha");
        await HoldAsync();

        Task<AppendResult>[] appends = [.. Enumerable.Range(0, 50).Select(i => PutAsync($"{i:D2}"))];
        await GoOnAsync();

        Assert.All(await Task.WhenAll(appends), AssertApplied);
        Assert.Equal(before + 2, await fixture.CallsOfAsync("evalsha"));
        Assert.Equal(51, await fixture.Store.CountAsync(P0, None));
    }

    [SkippableFact]
    public async Task A_token_withdraws_an_append_that_waits_and_not_one_that_is_on_its_way()
    {
        using CancellationTokenSource source = new();
        await HoldAsync();

        Task<AppendResult> sent = PutAsync("sent", source.Token);
        Task<AppendResult> waits = PutAsync("waits", source.Token);
        Task<AppendResult> other = PutAsync("other");
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        await GoOnAsync();
        Assert.Equal(AppendOutcome.Applied, (await sent).Outcome);
        Assert.Equal(AppendOutcome.Applied, (await other).Outcome);
        Assert.Equal(
            ["loads the script", "other", "sent"], (await fixture.AllAsync()).Select(s => s.PersonId));
    }

    [SkippableFact]
    public async Task A_full_queue_refuses_with_the_numbers_and_what_waits_is_written_before_closing()
    {
        await HoldAsync();

        Task<AppendResult>[] appends =
            [.. Enumerable.Range(0, Limits.QueuedAppends).Select(i => PutAsync($"{i:D6}"))];
        AppendResult refused = await PutAsync("one too many");
        Task closed = fixture.Store.DisposeAsync().AsTask();
        Assert.False(closed.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => PutAsync("too late"));
        await GoOnAsync();
        await closed;
        long written = await fixture.Redis.GetDatabase().SortedSetLengthAsync("mc:{people:0}:index");

        Assert.Equal(AppendOutcome.Failed, refused.Outcome);
        Assert.True(refused.Outage!.MayRetry);
        Assert.Contains($"{Limits.QueuedAppends} appends", refused.Outage.Reason, StringComparison.Ordinal);
        Assert.Equal(Limits.QueuedAppends + 1, written);
        Assert.All(await Task.WhenAll(appends), AssertApplied);
    }

    private static void AssertApplied(AppendResult result) =>
        Assert.Equal(new AppendResult(AppendOutcome.Applied), result);

    private Task<AppendResult> PutAsync(string person, CancellationToken cancel = default) =>
        fixture.Store.AppendAsync(
            P0, fixture.Epoch, [StoreWrite.Put(SomeEncounters.Sized(person, "e", 10))], cancel).AsTask();

    private Task<RedisResult> HoldAsync() => host.ExecuteAsync("CLIENT", "PAUSE", "60000", "WRITE");

    private Task<RedisResult> GoOnAsync() => host.ExecuteAsync("CLIENT", "UNPAUSE");
}
