using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>How a host says what it measures: OTLP where it is configured, Prometheus text always.</summary>
public static class TelemetryExtensions
{
    /// <summary>The variable the OTLP exporter itself reads; without it nothing is sent anywhere.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string Prefix = "OTEL_";
    private const string ServiceName = "OTEL_SERVICE_NAME";
    private const string Orleans = "Microsoft.Orleans";
    private const int LongestSendMilliseconds = 3000;
    private const int LogDelayMilliseconds = 1000;

    /// <summary>
    /// Collects the named meters and activity sources beside the runtime's and ASP.NET's own, and sends what is
    /// logged, too.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="serviceName">Who says it, unless the environment names somebody (OTEL_SERVICE_NAME).</param>
    /// <param name="serviceVersion">Its version.</param>
    /// <param name="sources">Names of meters and of activity sources.</param>
    public static WebApplicationBuilder AddTelemetry(
        this WebApplicationBuilder builder, string serviceName, string serviceVersion, params string[] sources)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddVariables(builder.Configuration);
        string? named = builder.Configuration[ServiceName];
        string name = string.IsNullOrWhiteSpace(named) ? serviceName : named;
        bool isSent = !string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]);
        builder.Services.AddSingleton<PrometheusScrape>();
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) =>
        {
            IMeterFactory own = services.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => IsAnothers(instrument.Meter, own) ? MetricStreamConfiguration.Drop : null);
        });
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(name, null, serviceVersion))
            .WithMetrics(metrics => Collect(metrics, sources, isSent));
        if (isSent)
        {
            // Without the message a reader sees the template, "partition {Partition} failed", and no number.
            telemetry.WithTracing(traces => Trace(traces, sources).AddOtlpExporter(Bounded)).WithLogging(
                logs => logs.AddOtlpExporter((to, how) =>
                {
                    Bounded(to);
                    how.BatchExportProcessorOptions.ScheduledDelayMilliseconds = LogDelayMilliseconds;
                }),
                options => options.IncludeFormattedMessage = true);
        }

        return builder;
    }

    /// <summary>GET /metrics: Prometheus text format 0.0.4.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (PrometheusScrape scrape) =>
            TypedResults.Text(scrape.Read(), PrometheusText.ContentType))
            .ExcludeFromDescription();

    /// <summary>
    /// The spans that are worth keeping: requests that do something, what they cause here and at other members, and
    /// what a host begins itself. No health check, scrape or look at the status, and none of the members' calls among
    /// themselves that no request caused.
    /// </summary>
    public static TracerProviderBuilder Trace(TracerProviderBuilder traces, params string[] sources) => traces
        .AddSource(sources)
        .SetSampler(new ParentBasedSampler(new CausedSampler()))
        .AddAspNetCoreInstrumentation(options =>
        {
            options.Filter = http => !PolledPaths.Has(http.Request.Path);

            // The path names persons and galleries; the route says as much as anybody may know.
            options.EnrichWithHttpRequest = (span, _) => span.SetTag("url.path", null).SetTag("url.query", null);
        });

    private static void Collect(MeterProviderBuilder metrics, string[] sources, bool isSent)
    {
        metrics.AddMeter(sources)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddReader(services => services.GetRequiredService<PrometheusScrape>().Reader);
        if (isSent)
        {
            metrics.AddOtlpExporter(Bounded);
        }
    }

    /// <summary>
    /// Hosts read no environment but this: an address from there would pass by the check of addresses.
    /// </summary>
    private static void AddVariables(ConfigurationManager configuration) => configuration.AddInMemoryCollection(
        new ConfigurationBuilder().AddEnvironmentVariables().Build().AsEnumerable()
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal)));

    /// <summary>An endpoint that hangs must not hold up the end of the process.</summary>
    private static void Bounded(OtlpExporterOptions options) =>
        options.TimeoutMilliseconds = Math.Min(options.TimeoutMilliseconds, LongestSendMilliseconds);

    /// <summary>
    /// Meters are heard by name. Of two servers in one process each would count the other's too, and the series of both
    /// would end with the first of them. Orleans has a host of its own beside the pages, which is this server all the
    /// same.
    /// </summary>
    private static bool IsAnothers(Meter meter, IMeterFactory own) =>
        meter.Scope is IMeterFactory host && !ReferenceEquals(host, own)
        && !meter.Name.StartsWith(Orleans, StringComparison.Ordinal);
}
