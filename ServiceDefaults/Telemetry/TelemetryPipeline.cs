using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>The OpenTelemetry providers of one process.</summary>
public sealed class TelemetryPipeline : IDisposable
{
    /// <summary>The variable the OTLP exporter itself reads; without it nothing is sent anywhere.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const int FlushMilliseconds = 2000;

    private readonly PrometheusExporter exporter = new();
    private readonly BaseExportingMetricReader reader;
    private readonly MeterProvider metrics;
    private readonly TracerProvider? traces;
    private readonly Lock scraping = new();

    public TelemetryPipeline(string serviceName, string serviceVersion, IReadOnlyList<string> sources)
    {
        bool otlp = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(OtlpEndpoint));
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService(serviceName, null, serviceVersion);
        reader = new BaseExportingMetricReader(exporter)
        {
            TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
        };

        MeterProviderBuilder building = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. sources])
            .AddMeter("System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddReader(reader);
        metrics = (otlp ? building.AddOtlpExporter() : building).Build();
        traces = !otlp ? null : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource([.. sources])
            .AddSource("Microsoft.AspNetCore")
            .AddOtlpExporter()
            .Build();
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

    public void Dispose()
    {
        metrics.Dispose();
        traces?.Dispose();
    }
}
