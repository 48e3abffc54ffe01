using System.Diagnostics.Metrics;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Silo.Health;

/// <summary>
/// What the silo holds, as it was last looked at; what it does is told by <see cref="SiloInstruments"/>, with which
/// this shares the meter.
/// </summary>
internal sealed class SiloMetrics : IDisposable
{
    private readonly Meter meter;

    public SiloMetrics(IMeterFactory meters) => meter = meters.Create(SiloInstruments.Source, EngineVersion.Number);

    public void Observe(SiloReadiness standing)
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

    private static IEnumerable<Measurement<long>> Partitions(ReadinessReport now) => Enum.GetValues<PartitionState>()
        .Select(state => new Measurement<long>(
            now.Partitions.Count(partition => partition.State == state),
            new KeyValuePair<string, object?>("state", state.ToString())));
}
