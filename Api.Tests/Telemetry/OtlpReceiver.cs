using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Telemetry;

/// <summary>An OTLP endpoint over HTTP/protobuf (opentelemetry-proto 1.x) that keeps what arrives.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> arrived = new();
    private readonly SemaphoreSlim news = new(0);

    private OtlpReceiver(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>Everything that was sent, undecoded.</summary>
    public IEnumerable<byte[]> Bodies => arrived.Select(one => one.Body);

    /// <param name="hangs">Takes what is sent and never answers.</param>
    public static async Task<OtlpReceiver> StartAsync(bool hangs = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        OtlpReceiver receiver = new(builder.Build());
        receiver.app.MapPost("/v1/{signal}", (HttpContext context) => receiver.TakeAsync(context, hangs));
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>How a process is told to send here, and soon.</summary>
    public Dictionary<string, string> Environment() => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
    };

    /// <summary>The messages of a signal that are there.</summary>
    public ProtoMessage[] Messages(string signal) =>
        [.. arrived.Where(one => one.Path == $"/v1/{signal}").Select(one => new ProtoMessage(one.Body))];

    /// <summary>The messages of a signal, as soon as they fit.</summary>
    /// <param name="signal">metrics, traces or logs.</param>
    /// <param name="fits">What is waited for.</param>
    public async Task<ProtoMessage[]> WaitAsync(string signal, Predicate<ProtoMessage[]> fits)
    {
        using CancellationTokenSource late = new(Patience);
        while (true)
        {
            ProtoMessage[] all = Messages(signal);
            if (fits(all))
            {
                return all;
            }

            await news.WaitAsync(late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        news.Dispose();
    }

    private async Task TakeAsync(HttpContext context, bool hangs)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        arrived.Enqueue((context.Request.Path, body.ToArray()));
        news.Release();
        if (hangs)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        context.Response.ContentType = "application/x-protobuf";
    }
}
