using System.Globalization;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Matching;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace MatchCluster.Api.Tasks;

/// <summary>What the door of tasks and their execution have alike.</summary>
internal static class TaskRun
{
    /// <summary>Gives a request a body of bytes that are there.</summary>
    public static ClearedBody.Pipe Give(HttpContext http, byte[] body)
    {
        MemoryStream stream = new(body, writable: false);
        ClearedBody.Pipe pipe = new(stream);
        http.Request.Body = stream;
        http.Features.Set<IRequestBodyPipeFeature>(pipe);
        return pipe;
    }
}

/// <summary>What came out of a task.</summary>
/// <param name="Status">The status that a caller without a callback would have had.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">What is sent to the callback.</param>
/// <param name="Failure">Why there is no answer; null where there is.</param>
internal sealed record TaskAnswer(int Status, string ContentType, byte[] Body, Failure? Failure)
{
    /// <summary>What allowed it; null where nothing did, or nothing was asked.</summary>
    public UseDecision? Allowed { get; init; }

    /// <summary>Whether it tells of people who were found or compared, as far as a release profile says.</summary>
    public bool IsSearch { get; init; }

    public const string ErrorType = "application/error+json";

    /// <summary>What operations answer that have no answer but that they are done.</summary>
    public static TaskAnswer Ok(int status) => new(status, "application/json", "\"OK\""u8.ToArray(), null);

    public static TaskAnswer Of(Failure failure) => new(
        HttpAnswers.StatusOf(failure.Code), ErrorType,
        HttpAnswers.OsiaErrorOf(failure), failure);
}

/// <summary>
/// Executes kept calls by the endpoints that answer calls without a callback, past everything that every call meets
/// once its caller is known: the audit log, protections, agreements, limits.
/// </summary>
/// <param name="services">The application's.</param>
/// <param name="endpoints">Its routes.</param>
internal sealed class TaskPipeline(IServiceScopeFactory services, EndpointDataSource endpoints)
{
    private RequestDelegate? inner;

    /// <summary>What a call passes; set once, when the application is built.</summary>
    public void Use(RequestDelegate pipeline) => inner = pipeline;

    /// <summary>Executes a call to its end.</summary>
    public async Task<TaskAnswer> RunAsync(TaskCall call, CancellationToken cancel)
    {
        if (endpoints.Endpoints.OfType<RouteEndpoint>().FirstOrDefault(
            one => one.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == call.Operation)
            is not { } endpoint)
        {
            return TaskAnswer.Of(new Failure(FailureCode.Refused, "this server does not have the operation any more"));
        }

        await using AsyncServiceScope scope = services.CreateAsyncScope();
        KeptResponse response = new();
        DefaultHttpContext http = new();
        http.Features.Set<IHttpResponseFeature>(response);
        http.RequestServices = scope.ServiceProvider;
        http.RequestAborted = cancel;
        using MemoryStream written = new();
        http.Response.Body = written;
        HttpRequest request = http.Request;
        (request.Method, request.Path, request.QueryString) = (call.Method, call.Path, QueryOf(call));
        (request.Scheme, request.Protocol) = ("http", HttpProtocol.Http11);
        foreach ((string name, string value) in call.Headers)
        {
            request.Headers[name] = value;
        }

        foreach ((string name, string value) in call.Route)
        {
            request.RouteValues[name] = value;
        }

        if (!request.Headers.ContainsKey(Deadline.Header))
        {
            request.Headers[Deadline.Header] =
                ((int)Limits.LongestDeadline.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        request.ContentLength = call.Body.Length;
        ClearedBody.Pipe pipe = TaskRun.Give(http, call.Body);
        http.Features.Set<IHttpRequestBodyDetectionFeature>(new Body(call.Body.Length > 0));
        http.Features.Set(new Caller(
            call.Partner, call.Subject, call.CallerKind,
            new HashSet<string>(call.Scopes, StringComparer.Ordinal)));
        http.SetEndpoint(endpoint);
        AllowedUse allowed = new();
        http.Features.Set(allowed);
        try
        {
            await (inner ?? throw new InvalidOperationException("the pipeline is not built"))(http);
            await http.Response.CompleteAsync();
        }
        finally
        {
            pipe.Complete();
            await response.EndAsync();
        }

        cancel.ThrowIfCancellationRequested();
        int status = http.Response.StatusCode;
        TaskAnswer answer = http.Features.Get<Failure>() is { } failure ? TaskAnswer.Of(failure)
            : status == StatusCodes.Status204NoContent ? TaskAnswer.Ok(status)
            : status == StatusCodes.Status200OK
                ? new TaskAnswer(status, http.Response.ContentType ?? "application/json", written.ToArray(), null)
            : TaskAnswer.Of(new Failure(
                FailureCode.Unexpected, $"the operation ended with status {status}"));
        return answer with { Allowed = allowed.Decision, IsSearch = EarlyDecision.RequestOf(http) is not null };
    }

    /// <summary>Who does not say how urgent it is waits as a stream does: nobody holds a connection open.</summary>
    private static QueryString QueryOf(TaskCall call)
    {
        QueryString query = new(call.Query);
        return QueryHelpers.ParseQuery(call.Query).ContainsKey(Priority.Name) ? query
            : query.Add(Priority.Name, Priority.Stream.Level.ToString(CultureInfo.InvariantCulture));
    }

    private sealed record Body(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;

    /// <summary>An answer that nobody waits for: what is to be done after it is done.</summary>
    private sealed class KeptResponse : HttpResponseFeature
    {
        private readonly List<(Func<object, Task> Do, object State)> ends = [];

        public override void OnStarting(Func<object, Task> callback, object state)
        {
            // Headers of a callback are the deliverer's.
        }

        public override void OnCompleted(Func<object, Task> callback, object state) => ends.Add((callback, state));

        public async Task EndAsync()
        {
            foreach ((Func<object, Task> end, object state) in Enumerable.Reverse(ends))
            {
                await end(state);
            }
        }
    }
}
