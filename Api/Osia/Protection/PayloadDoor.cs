using System.Net.Http.Headers;
using System.Security.Cryptography;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// Marks a route whose body is one JSON object with biometric items. Streams open each line themselves.
/// </summary>
internal sealed record TakesBiometrics
{
    public static TakesBiometrics Body { get; } = new();
}

/// <summary>
/// Opens the body of a call before its door reads it, so that no door need know of protections, and none can forget
/// them. It stands after the check of callers: signatures are the caller's.
/// </summary>
internal sealed class PayloadDoor(
    RequestDelegate next, PayloadReader reader, BodyBudget bodies, IHostApplicationLifetime lifetime)
{
    private const string Utf8 = "utf-8";

    public async Task InvokeAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        if (http.GetEndpoint()?.Metadata.GetMetadata<TakesBiometrics>() is null || !request.HasJsonContentType())
        {
            await next(http);
            return;
        }

        if ((Deadline.Check(request) ?? CharsetFailure(request)) is { } wrong)
        {
            await HttpAnswers.WriteAsync(http, wrong);
            return;
        }

        byte[] sent = await ReadAsync(request, http.RequestAborted);
        Parsed<OpenedBody> opened = await reader.OpenAsync(sent, null, http.Caller(), http.Budget());
        if (opened.IsFailed)
        {
            await HttpAnswers.WriteAsync(http, opened.Failure);
            return;
        }

        http.Features.Set(opened.Value);
        MeteredBody body = new(
            new MemoryStream(opened.Value.Content, writable: false), bodies, lifetime.ApplicationStopping);
        ClearedBody.Pipe pipe = new(body);
        request.Body = body;
        http.Features.Set<IRequestBodyPipeFeature>(pipe);
        request.ContentLength = opened.Value.Content.Length;
        try
        {
            await next(http);
        }
        finally
        {
            pipe.Complete();
            body.Return(body.Held);
            CryptographicOperations.ZeroMemory(sent);
            CryptographicOperations.ZeroMemory(opened.Value.Content);
        }
    }

    /// <summary>JSON is UTF-8 (RFC 8259); in another encoding a body would pass by unopened.</summary>
    private static Failure? CharsetFailure(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && type.CharSet?.Trim('"') is { } charset && !charset.Equals(Utf8, StringComparison.OrdinalIgnoreCase)
            ? new Failure(
                FailureCode.UnsupportedMediaType, $"charset: found '{Failure.Shown(charset)}', wanted {Utf8} or none")
            : null;

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        using MemoryStream read = new();
        await request.Body.CopyToAsync(read, cancel);
        return read.ToArray();
    }
}

internal static class PayloadRoutes
{
    /// <summary>The body of the route has biometric items, which may be encrypted and signed.</summary>
    public static TBuilder TakesBiometrics<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Protection.TakesBiometrics.Body);
}
