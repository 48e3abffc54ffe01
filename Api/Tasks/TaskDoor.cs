using System.Security.Cryptography;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace MatchCluster.Api.Tasks;

/// <summary>
/// Where calls with a callback part from the others. It keeps the body as it came, protected where it is, and lets the
/// call go on to its endpoint, which reads and checks it as any other one; in the place of its execution stands the
/// <see cref="PendingTask"/> then.
/// </summary>
internal sealed class TaskDoor(
    RequestDelegate next, IDeliverer deliverer, CallbackSettings callbacks, TaskDesk desk, TimeProvider clock)
{
    private const string Callback = "callback";
    private const string Transaction = "transactionId";

    private static readonly string[] Kept = ["MC-", "MatchCluster-"];

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint || !http.Request.Path.StartsWithSegments("/v1")
            || !http.Request.Query.ContainsKey(Callback))
        {
            await next(http);
            return;
        }

        string address = http.Request.Query[Callback].ToString();
        Failure? failure = callbacks.Servers.Count == 0
            ? new Failure(FailureCode.CallbackRefused,
                "callback: this server sends results to no address; its option --callbacks lists those it may")
            : !desk.IsOpen ? new Failure(FailureCode.CallbackRefused,
                "callback: this server keeps no tasks: it has no master key (--master-key) for what is encrypted")
            : deliverer.Check(address, http.Caller().Partner) ?? (http.Use().NoRetain ? NotKept() : null);
        if (failure is not null)
        {
            await HttpAnswers.WriteOsiaAsync(http, failure);
            return;
        }

        byte[] body = await ReadAsync(http.Request, http.RequestAborted);
        ClearedBody.Pipe pipe = TaskRun.Give(http, body);
        try
        {
            TaskCall call = CallOf(http, endpoint, body);
            http.Features.Set(new PendingTask(desk, Make(call, address, http)));
            await next(http);
        }
        finally
        {
            pipe.Complete();
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>What is not kept cannot be handed over later.</summary>
    public static Failure NotKept() => new(
        FailureCode.TaskNotKept,
        "callback: found a call of which nothing may be kept, and what is handed over later is kept until then; call "
        + "again without callback");

    private TaskRecord Make(TaskCall call, string address, HttpContext http)
    {
        string transaction = http.Request.Query[Transaction].ToString();
        string key = IdempotencyKey.Of(http);
        TaskRecord task = TaskRecord.Make(
            TaskKinds.Osia, call.Partner,
            Hash($"{call.Operation}\n{call.Path}\n{key}"),
            SHA256.HashData([.. call.Digest(), .. System.Text.Encoding.UTF8.GetBytes(address)]),
            call.Encode(), Priority.Of(http, Priority.Stream).Level, clock.GetUtcNow());
        TaskNotes notes = new(address, transaction)
        {
            Asked = AskedUse.Of(EarlyDecision.RequestOf(http) ?? UseRequest.Of(Operation.Compare), http.Use()),
        };
        return task with { Progress = notes.Encode() };
    }

    /// <summary>A store's key is read by operators: no id of a person is in it.</summary>
    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private static TaskCall CallOf(HttpContext http, RouteEndpoint endpoint, byte[] body)
    {
        HttpRequest request = http.Request;
        Caller caller = http.Caller();
        return new TaskCall
        {
            Operation = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName,
            Method = request.Method,
            Path = request.Path.Value!,
            Query = QueryOf(request.Query),
            Route = request.RouteValues.Where(pair => pair.Value is string)
                .ToDictionary(pair => pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal),
            Headers = request.Headers
                .Where(pair => Kept.Any(
                    prefix => pair.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    || pair.Key.Equals(IdempotencyKey.Header, StringComparison.OrdinalIgnoreCase)
                    || (body.Length > 0 && pair.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
                .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Partner = caller.Partner,
            Subject = caller.Subject,
            CallerKind = caller.Kind,
            Scopes = [.. caller.Scopes.Order(StringComparer.Ordinal)],
            Body = body,
        };
    }

    private static string QueryOf(IQueryCollection query) => QueryHelpers.AddQueryString("", query
        .Where(pair => pair.Key != Callback).OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return [];
        }

        using MemoryStream read = new();
        await request.Body.CopyToAsync(read, cancel);
        byte[] body = read.ToArray();
        CryptographicOperations.ZeroMemory(read.GetBuffer());
        return body;
    }
}
