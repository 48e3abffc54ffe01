using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>How a host says what it measures: OTLP where it is configured, Prometheus text always.</summary>
public static class TelemetryExtensions
{
    private const int LogDelayMilliseconds = 1000;

    /// <summary>
    /// Collects the named meters and activity sources beside the runtime's and ASP.NET's own.
    /// </summary>
    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, string serviceName, string serviceVersion, params string[] sources) =>
        services
            .AddSingleton(provider => new TelemetryPipeline(
                serviceName, serviceVersion, sources, provider.GetRequiredService<IMeterFactory>()))
            .AddHostedService<TelemetryStarter>();

    /// <summary>Sends what is logged by OTLP too, where it is configured.</summary>
    public static ILoggingBuilder AddTelemetry(
        this ILoggingBuilder logging, string serviceName, string serviceVersion) => !TelemetryPipeline.IsSent ? logging
        : logging.AddOpenTelemetry(logs =>
        {
            // Without it a reader sees the template, "partition {Partition} failed", and no number.
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(TelemetryPipeline.Resource(serviceName, serviceVersion))
                // From the environment itself: the hosts' configuration has none of it.
                .AddProcessor(new BatchLogRecordExportProcessor(
                    new OtlpLogExporter(TelemetryPipeline.Bounded(new OtlpExporterOptions())),
                    scheduledDelayMilliseconds: LogDelayMilliseconds));
        });

    /// <summary>GET /metrics: Prometheus text format 0.0.4.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (TelemetryPipeline telemetry) =>
            TypedResults.Text(telemetry.Scrape(), PrometheusText.ContentType))
            .ExcludeFromDescription();
}
