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

    public ItemMetrics(IMeterFactory meters) =>
        items = meters.Create(SearchMetrics.Source, EngineVersion.Number).CreateCounter<long>(
            "matchcluster.items.notcompared", "{item}",
            "Biometric items of types that are not compared, by type and by whether they were to be searched with");

    /// <param name="type">OSIA's word of the type.</param>
    /// <param name="isProbe">Whether it was to be searched with.</param>
    public void LeftOut(string type, bool isProbe) =>
        items.Add(1, new("type", type), new("use", isProbe ? "search" : "enrolment"));
}
