using System.Diagnostics.Metrics;
using MatchCluster.Matching;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// Counts biometric items of types that are not compared here (faces, signatures, what has no type of its own), so that
/// an operator sees what callers send and this server does not take.
/// </summary>
internal sealed class ItemMetrics
{
    private readonly Counter<long> items;
    private readonly Counter<long> kept;
    private readonly Counter<long> bytes;

    public ItemMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SearchMetrics.Source, EngineVersion.Number);
        items = meter.CreateCounter<long>(
            "matchcluster.items.notcompared", "{item}",
            "Biometric items of types that are not compared, by type and by whether they were to be searched with");
        kept = meter.CreateCounter<long>(
            "matchcluster.items.opaque", "{item}",
            "Items of types that are not compared and were handed on to be kept");
        bytes = meter.CreateCounter<long>(
            "matchcluster.items.opaque.size", "By",
            "Bytes of items of types that are not compared and were handed on to be kept");
    }

    /// <param name="type">OSIA's word of the type.</param>
    /// <param name="length">Bytes of the item.</param>
    public void Kept(string type, int length)
    {
        kept.Add(1, new KeyValuePair<string, object?>("type", type));
        bytes.Add(length, new KeyValuePair<string, object?>("type", type));
    }

    /// <param name="type">OSIA's word of the type.</param>
    /// <param name="isProbe">Whether it was to be searched with.</param>
    public void LeftOut(string type, bool isProbe) =>
        items.Add(1, new("type", type), new("use", isProbe ? "search" : "enrolment"));
}
