using System.Text.Json;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Http.Failures;

/// <summary>
/// Turns what could not reach an endpoint, and what broke inside one, into the error form of the door it came
/// in by.
/// </summary>
internal sealed class FailureMiddleware(RequestDelegate next, ILogger<FailureMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (HttpAnswers.FailureOfSilent(http.Response) is { } silent)
            {
                await WriteAsync(http, silent);
            }
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            if (http.RequestAborted.IsCancellationRequested)
            {
                return; // The caller has gone; nobody reads an answer.
            }

            await AnswerAsync(http, error);
        }
        catch (Exception error) when (IsDefect(http, error))
        {
            // The answer has begun: all that can be said to the caller is that it breaks off.
            log.StreamBroke(http.TraceIdentifier, error.GetType().Name, error.StackTrace ?? "");

            // The web server logs what it catches, with its message.
            throw new InvalidOperationException($"the answer broke off: {error.GetType().Name}");
        }
    }

    /// <summary>Neither a caller that has gone or sent half a body, nor a call that was ended.</summary>
    private static bool IsDefect(HttpContext http, Exception error) =>
        !http.RequestAborted.IsCancellationRequested
        && error is not (OperationCanceledException or IOException or FailureException);

    private Task AnswerAsync(HttpContext http, Exception error)
    {
        Failure failure = error switch
        {
            BadHttpRequestException { InnerException: JsonException json } => JsonFailures.Of(json),
            JsonException json => JsonFailures.Of(json),
            BadHttpRequestException bad =>
                BindingFailures.Of(bad.Message) ?? HttpAnswers.FailureOfServer(bad.StatusCode),
            FailureException refused => refused.Failure,
            StoreException broken => Failure.Of(broken.Outage),
            OperationCanceledException => Failure.DeadlinePassed,
            _ => Failure.Unexpected(http.TraceIdentifier),
        };
        if (failure.Code == FailureCode.Unexpected)
        {
            // A message may repeat what was sent, so that the log has the kind of error and its place alone.
            log.Unexpected(http.TraceIdentifier, error.GetType().Name, error.StackTrace ?? "");
        }

        if (error is StoreException store)
        {
            log.StoreFailed(http.TraceIdentifier, store.Message);
        }

        http.Response.Clear();
        return WriteAsync(http, failure);
    }

    /// <summary>Writes a failure in the error form of the door that the call came in by.</summary>
    public static Task WriteAsync(HttpContext http, Failure failure) =>
        http.Request.Path.StartsWithSegments("/mc")
            ? HttpAnswers.WriteProblemAsync(http, failure)
            : HttpAnswers.WriteOsiaAsync(http, failure);
}
