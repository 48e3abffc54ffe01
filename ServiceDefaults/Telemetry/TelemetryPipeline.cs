using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>The OpenTelemetry providers of one process.</summary>
public sealed class TelemetryPipeline : IDisposable
{
    /// <summary>The variable the OTLP exporter itself reads; without it nothing is sent anywhere.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string Orleans = "Microsoft.Orleans";
    private const string ServiceName = "OTEL_SERVICE_NAME";
    private const int LongestSendMilliseconds = 3000;
    private const int FlushMilliseconds = 2000;

    private readonly PrometheusExporter exporter = new();
    private readonly BaseExportingMetricReader reader;
    private readonly MeterProvider metrics;
    private readonly TracerProvider? traces;
    private readonly Lock scraping = new();

    /// <param name="serviceName">Who says it, unless the environment names somebody.</param>
    /// <param name="serviceVersion">Its version.</param>
    /// <param name="sources">Names of meters and of activity sources.</param>
    /// <param name="meters">The host's own: what other hosts of this process measure is theirs.</param>
    public TelemetryPipeline(
        string serviceName, string serviceVersion, IReadOnlyList<string> sources, IMeterFactory meters)
    {
        bool otlp = IsSent;
        ResourceBuilder resource = Resource(serviceName, serviceVersion);
        reader = new BaseExportingMetricReader(exporter)
        {
            TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
        };

        MeterProviderBuilder building = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. sources])
            .AddMeter("System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddView(instrument => IsAnothers(instrument.Meter, meters) ? MetricStreamConfiguration.Drop : null)
            .AddReader(reader);
        metrics = (otlp ? building.AddOtlpExporter(to => Bounded(to)) : building).Build();
        traces = !otlp ? null : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource([.. sources])
            .AddSource("Microsoft.AspNetCore")
            .AddOtlpExporter(to => Bounded(to))
            .Build();
    }

    /// <summary>Whether anything is sent by OTLP.</summary>
    internal static bool IsSent => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(OtlpEndpoint));

    /// <summary>An endpoint that hangs must not hold up the end of the process.</summary>
    internal static OtlpExporterOptions Bounded(OtlpExporterOptions options)
    {
        options.TimeoutMilliseconds = Math.Min(options.TimeoutMilliseconds, LongestSendMilliseconds);
        return options;
    }

    /// <summary>Who says it; an orchestrator that names the process (OTEL_SERVICE_NAME) counts.</summary>
    internal static ResourceBuilder Resource(string serviceName, string serviceVersion)
    {
        string? named = Environment.GetEnvironmentVariable(ServiceName);
        return ResourceBuilder.CreateDefault().AddService(
            string.IsNullOrWhiteSpace(named) ? serviceName : named, null, serviceVersion);
    }

    /// <summary>Every metric as it stands now.</summary>
    public string Scrape()
    {
        lock (scraping)
        {
            reader.Collect();
            return exporter.Text;
        }
    }

    /// <summary>Sends what OTLP still holds; waits two seconds at most.</summary>
    public Task FlushAsync() => Task.Run(() =>
    {
        metrics.ForceFlush(FlushMilliseconds);
        traces?.ForceFlush(FlushMilliseconds);
    });

    /// <summary>
    /// Meters are heard by name. Of two servers in one process each would count the other's too, and the series of both
    /// would end with the first of them. Orleans has a host of its own beside the pages, which is this server all the
    /// same.
    /// </summary>
    private static bool IsAnothers(Meter meter, IMeterFactory own) =>
        meter.Scope is IMeterFactory host && !ReferenceEquals(host, own)
        && !meter.Name.StartsWith(Orleans, StringComparison.Ordinal);

    public void Dispose()
    {
        metrics.Dispose();
        traces?.Dispose();
    }
}
