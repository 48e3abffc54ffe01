using System.Diagnostics.Metrics;
using MatchCluster.Matching;
using MatchCluster.Matching.Seam;
using MatchCluster.Silo.Health;

namespace MatchCluster.Silo.Telemetry;

/// <summary>What the silo holds, as it was last looked at. Searches are measured by the front end.</summary>
internal sealed class SiloMetrics : IDisposable
{
    public const string Source = "MatchCluster.Silo";

    private readonly Meter meter;

    public SiloMetrics(IMeterFactory meters) => meter = meters.Create(Source, EngineVersion.Number);

    public void Observe(SiloStanding standing)
    {
        meter.CreateObservableGauge(
            "matchcluster.silo.partitions", () => Partitions(standing.Last), null,
            "Partitions that this silo shall serve, by state");
        meter.CreateObservableGauge(
            "matchcluster.silo.encounters", () => standing.Last.Partitions.Sum(p => p.Encounters), null,
            "Live encounters of this silo's partitions");
        meter.CreateObservableGauge(
            "matchcluster.silo.row.size", () => standing.Last.Partitions.Sum(p => p.RowBytes), "By",
            "Row memory of this silo's partitions");
    }

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<long>> Partitions(StandingNow now) => Enum.GetValues<PartitionState>()
        .Select(state => new Measurement<long>(
            now.Partitions.Count(partition => partition.State == state),
            new KeyValuePair<string, object?>("state", state.ToString())));
}
