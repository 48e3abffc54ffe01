using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Http;

/// <summary>
/// What breaks inside a call is in the log, and its caller is told what helps a caller; an answer that has begun cannot
/// be changed any more.
/// </summary>
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

    [Theory]
    [InlineData("/mc/v1/tasks")]
    [InlineData("/v1/tasks/T")]
    public async Task A_store_that_cannot_be_used_is_an_outage_at_every_door(string path)
    {
        foreach (StoreException error in (StoreException[])
            [new(new Outage("it is full", MayRetry: true), "/a/tasks.db"), new("/a/tasks.db: is no database")])
        {
            Lines log = new();
            using MemoryStream body = new();
            DefaultHttpContext http = new() { TraceIdentifier = "trace-1" };
            http.Request.Path = path;
            http.Response.Body = body;
            await new FailureMiddleware(_ => throw error, log).InvokeAsync(http);

            string said = System.Text.Encoding.UTF8.GetString(body.ToArray());
            Assert.Equal(503, http.Response.StatusCode);
            Assert.Contains("\"code\":3003", said, StringComparison.Ordinal);
            Assert.DoesNotContain("tasks.db", said, StringComparison.Ordinal);
            Assert.Contains("tasks.db", Assert.Single(log.Said), StringComparison.Ordinal);
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
