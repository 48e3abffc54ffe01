using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Http;

/// <summary>An answer that has begun cannot be changed any more; what broke it off is in the log.</summary>
public sealed class FailureMiddlewareTests
{
    [Fact]
    public async Task A_defect_inside_a_stream_is_logged_without_what_was_sent()
    {
        Lines log = new();
        InvalidOperationException seen = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            RunAsync(log, new InvalidOperationException("the text 'JANE DOE' is broken")));
        Assert.DoesNotContain("JANE DOE", seen.ToString(), StringComparison.Ordinal);
        string line = Assert.Single(log.Said);
        Assert.Contains("Error an answer broke off in request trace-1: InvalidOperationException", line);
        Assert.Contains(nameof(RunAsync), line); // Where it was thrown.
        Assert.DoesNotContain("JANE DOE", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_breaks_off_is_no_defect()
    {
        foreach (Exception error in (Exception[])
            [new OperationCanceledException(), new IOException(), new BadHttpRequestException("ended early")])
        {
            Lines log = new();
            await Assert.ThrowsAsync(error.GetType(), () => RunAsync(log, error));
            Assert.Empty(log.Said);
        }
    }

    private static async Task RunAsync(Lines log, Exception error)
    {
        DefaultHttpContext http = new() { TraceIdentifier = "trace-1" };
        http.Features.Set<IHttpResponseFeature>(new Started());
        await new FailureMiddleware(_ => throw error, log).InvokeAsync(http);
    }

    private sealed class Started : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    private sealed class Lines : ILogger<FailureMiddleware>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Said.Add(
                $"{logLevel} {formatter(state, exception)}{(exception is null ? "" : " " + exception.Message)}");
    }
}
