using System.Text;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Subscriptions;

/// <summary>Alerts: to page through, as a stream, and to say that they were seen.</summary>
internal static class AlertRoutes
{
    private const string ContentType = "text/event-stream";
    private const string LastEvent = "Last-Event-ID";
    private const int DefaultLimit = 50;
    private const int StreamedAtOnce = 100;

    /// <summary>Between two looks whether there is an alert.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>A comment is sent after this long without an alert, so that nothing on the way closes it.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>A stream ends after this: its caller comes again, with credentials that are looked at again.</summary>
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(10);

    private static int open;

    public static void Map(RouteGroupBuilder mc)
    {
        mc.MapGet("/alerts", ReadAsync).WithName("readAlerts").Needs(Scopes.Subscriptions);
        mc.MapGet("/alerts/stream", StreamAsync).WithName("streamAlerts").Needs(Scopes.Subscriptions)
            .Produces<string>(contentType: ContentType);
        mc.MapPost("/alerts/{alertId}/seen", SeenAsync).WithName("seeAlert").Needs(Scopes.Subscriptions);
    }

    private static async Task<Results<Ok<AlertPage>, ProblemFailed>> ReadAsync(
        HttpContext http, [FromQuery(Name = "after")] long after = 0,
        [FromQuery(Name = "limit")] int limit = DefaultLimit) =>
        after < 0 ? new ProblemFailed(Failure.Invalid("after", $"{after}", "the number of an alert, 0 or more"))
        : limit is < 1 or > ApiLimits.CasePage
            ? new ProblemFailed(Failure.Invalid("limit", $"{limit}", $"1..{ApiLimits.CasePage}"))
        : await SubscriptionRoutes.AskAsync<Ok<AlertPage>>(http, async stores =>
        {
            IReadOnlyList<Alert> alerts = await stores.Alerts.ReadAsync(
                http.Caller().Partner, after, limit, http.RequestAborted);
            return TypedResults.Ok(new AlertPage(
                await AlertSight.OfAsync(http, alerts), alerts.Count > 0 ? alerts[^1].Number : after));
        });

    private static Task<Results<NoContent, ProblemFailed>> SeenAsync(
        string alertId, TimeProvider clock, HttpContext http) => SubscriptionRoutes.AskAsync<NoContent>(
        http, async stores => await stores.Alerts.SeenAsync(
            http.Caller().Partner, alertId, clock.GetUtcNow(), http.RequestAborted) ? TypedResults.NoContent() : null);

    private static async Task<Results<EmptyHttpResult, ProblemFailed>> StreamAsync(
        TimeProvider clock, IHostApplicationLifetime life, HttpContext http,
        [FromQuery(Name = "after")] long after = 0)
    {
        if (http.RequestServices.GetService<SubscriptionStores>() is not { } stores)
        {
            return new ProblemFailed(SubscriptionRoutes.NotKept);
        }

        string? last = http.Request.Headers[LastEvent];
        long from = after;
        if (after < 0 || (!string.IsNullOrEmpty(last) && !(Numerals.TryReadWhole(last, out from) && from >= 0)))
        {
            return new ProblemFailed(Failure.Invalid(
                after < 0 ? "after" : LastEvent, after < 0 ? $"{after}" : last, "the number of an alert, 0 or more"));
        }

        AlertMetrics metrics = http.RequestServices.GetRequiredService<AlertMetrics>();
        bool isIn = Interlocked.Increment(ref open) <= ApiLimits.AlertStreams;
        metrics.Stream(1);
        try
        {
            if (!isIn)
            {
                return new ProblemFailed(new Failure(
                    FailureCode.Overloaded, $"{ApiLimits.AlertStreams} streams of alerts are open already",
                    TimeSpan.FromSeconds(5)));
            }

            // Read once before the answer begins, so that a store that cannot be used is said by the status.
            string owner = http.Caller().Partner;
            IReadOnlyList<Alert> first = await stores.Alerts.ReadAsync(
                owner, from, StreamedAtOnce, http.RequestAborted);
            using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(
                http.RequestAborted, life.ApplicationStopping);
            ends.CancelAfter(LongestStream);
            await WriteAsync(http, stores.Alerts, first, from, clock, ends.Token);
            return TypedResults.Empty;
        }
        finally
        {
            Interlocked.Decrement(ref open);
            metrics.Stream(-1);
        }
    }

    private static async Task WriteAsync(
        HttpContext http, IAlertStore store, IReadOnlyList<Alert> first, long from, TimeProvider clock,
        CancellationToken cancel)
    {
        string owner = http.Caller().Partner;
        http.Response.ContentType = ContentType;
        IReadOnlyList<Alert> alerts = first;
        long said = clock.GetTimestamp();
        long last = from;
        try
        {
            await SayAsync(": alerts\nretry: 2000\n\n");
            while (!cancel.IsCancellationRequested)
            {
                foreach (AlertBody alert in await AlertSight.OfAsync(http, alerts))
                {
                    await SayAsync(
                        $"id: {alert.Number}\nevent: alert\ndata: "
                        + $"{Encoding.UTF8.GetString(AlertDesk.JsonOf(alert))}\n\n");
                }

                last = alerts.Count > 0 ? alerts[^1].Number : last;

                if (alerts.Count < StreamedAtOnce)
                {
                    if (clock.GetElapsedTime(said) > Heartbeat)
                    {
                        await SayAsync(": nothing new\n\n");
                    }

                    await Task.Delay(Look, clock, cancel);
                }

                alerts = await store.ReadAsync(owner, last, StreamedAtOnce, cancel);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or StoreException)
        {
            // Its caller comes again with the last number that it has.
        }

        async Task SayAsync(string text)
        {
            await http.Response.WriteAsync(text, cancel);
            await http.Response.Body.FlushAsync(cancel);
            said = clock.GetTimestamp();
        }
    }
}
