using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>Keeps the text of the last collection; whoever asked for the collection reads it.</summary>
internal sealed class PrometheusExporter : BaseExporter<Metric>
{
    public string Text { get; private set; } = "";

    public override ExportResult Export(in Batch<Metric> batch)
    {
        Text = PrometheusText.Write(batch);
        return ExportResult.Success;
    }
}
