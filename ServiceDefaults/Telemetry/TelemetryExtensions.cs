using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>How a host says what it measures: OTLP where it is configured, Prometheus text always.</summary>
public static class TelemetryExtensions
{
    /// <summary>
    /// Collects the named meters and activity sources beside the runtime's and ASP.NET's own.
    /// </summary>
    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, string serviceName, string serviceVersion, params string[] sources) =>
        services
            .AddSingleton(_ => new TelemetryPipeline(serviceName, serviceVersion, sources))
            .AddHostedService<TelemetryStarter>();

    /// <summary>GET /metrics: Prometheus text format 0.0.4.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (TelemetryPipeline telemetry) =>
            TypedResults.Text(telemetry.Scrape(), PrometheusText.ContentType))
            .ExcludeFromDescription();
}
