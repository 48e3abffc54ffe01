using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Streams;

/// <summary>
/// Lines of an answer that begins before the request ends. Its caller reads while it writes.
/// </summary>
internal sealed class NdjsonWriter(PipeWriter output, JsonSerializerOptions options)
{
    public const string ContentType = "application/x-ndjson";

    /// <summary>
    /// Prepares a request of any length at any pace: what is held is bounded by lines and batches, not by the
    /// body.
    /// </summary>
    public static NdjsonWriter Begin(HttpContext http, JsonSerializerOptions options)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>()
            is { } rate)
        {
            rate.MinDataRate = null;
        }

        http.Response.ContentType = ContentType;
        return new NdjsonWriter(http.Response.BodyWriter, options);
    }

    public void Write<T>(T value)
    {
        using (Utf8JsonWriter json = new(output))
        {
            JsonSerializer.Serialize(json, value, options);
        }

        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);
    }

    public async ValueTask FlushAsync(CancellationToken cancel) => await output.FlushAsync(cancel);
}
