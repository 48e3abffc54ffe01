using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>
/// Collects when it is asked to and keeps the text until it is read. It stands where the exporter package would, which
/// docs/decisions/prometheus-text.md weighs.
/// </summary>
internal sealed class PrometheusScrape : IDisposable
{
    private readonly Exporter exporter = new();
    private readonly Lock scraping = new();

    public PrometheusScrape() => Reader = new BaseExportingMetricReader(exporter)
    {
        TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
    };

    public BaseExportingMetricReader Reader { get; }

    /// <summary>Every metric as it stands now.</summary>
    public string Read()
    {
        lock (scraping)
        {
            Reader.Collect();
            return exporter.Text;
        }
    }

    /// <summary>The meter provider ends the reader; it is gone by then.</summary>
    public void Dispose() => exporter.Dispose();

    private sealed class Exporter : BaseExporter<Metric>
    {
        public string Text { get; private set; } = "";

        public override ExportResult Export(in Batch<Metric> batch)
        {
            Text = PrometheusText.Write(batch);
            return ExportResult.Success;
        }
    }
}
