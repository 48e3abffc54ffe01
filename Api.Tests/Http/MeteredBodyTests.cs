using System.IO.Pipelines;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;

namespace MatchCluster.Api.Tests.Http;

/// <summary>What all callers together may have in memory, and bodies that end with the server.</summary>
public sealed class MeteredBodyTests
{
    [Fact]
    public async Task Bodies_take_from_one_budget_and_the_one_that_passes_it_is_refused()
    {
        BodyBudget budget = new(limit: 100);
        MeteredBody first = new(new MemoryStream(new byte[60]), budget, CancellationToken.None);
        MeteredBody second = new(new MemoryStream(new byte[60]), budget, CancellationToken.None);
        Assert.Equal(60, await first.ReadAsync(new byte[200]));
        Assert.True(second.IsTight);

        Task<int> late = second.ReadAsync(new byte[200]).AsTask();
        FailureException refused = await Assert.ThrowsAsync<FailureException>(
            () => late);

        Assert.Equal(FailureCode.Overloaded, refused.Failure.Code);
        Assert.NotNull(refused.Failure.RetryAfter);
        Assert.Equal((60, 60, 0), (budget.Held, first.Held, second.Held));
        first.Return(60);
        Assert.False(second.IsTight);
        Assert.True(budget.TryTake(100));
    }

    [Fact]
    public async Task What_a_request_read_comes_back_when_it_ends_however_it_ends()
    {
        BodyBudget budget = new(limit: 100);
        MeteredBody body = new(new MemoryStream(new byte[60]), budget, CancellationToken.None);
        Assert.Equal(10, await body.ReadAsync(new byte[10]));
        body.Return(4);
        Assert.Equal(6, budget.Held);
        Assert.Throws<InvalidOperationException>(() => body.Return(7));
    }

    [Fact]
    public async Task A_silent_body_ends_when_the_server_stops()
    {
        using CancellationTokenSource stopping = new();
        Pipe silent = new();
        MeteredBody body = new(silent.Reader.AsStream(), new BodyBudget(100), stopping.Token);
        Task<int> waiting = body.ReadAsync(new byte[10]).AsTask();
        Assert.False(waiting.IsCompleted);

        await stopping.CancelAsync();

        FailureException ended = await Assert.ThrowsAsync<FailureException>(() => waiting);
        Assert.Equal(FailureCode.Unavailable, ended.Failure.Code);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_no_stop_of_the_server()
    {
        using CancellationTokenSource gone = new();
        MeteredBody body = new(new Pipe().Reader.AsStream(), new BodyBudget(100), CancellationToken.None);
        await gone.CancelAsync();
        Task<int> reading = body.ReadAsync(new byte[10], gone.Token).AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }
}
