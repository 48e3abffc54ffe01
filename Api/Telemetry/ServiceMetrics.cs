using System.Diagnostics.Metrics;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching;

namespace MatchCluster.Api.Telemetry;

/// <summary>Whether service levels are kept: counts and durations, with the level's name as the label.</summary>
internal sealed class ServiceMetrics
{
    private readonly Counter<long> met;
    private readonly Counter<long> missed;
    private readonly Histogram<double> duration;

    public ServiceMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SearchMetrics.Source, EngineVersion.Number);
        met = meter.CreateCounter<long>(
            "matchcluster.service.met", "{request}", "Work of a service level that was answered whole and in time");
        missed = meter.CreateCounter<long>(
            "matchcluster.service.missed", "{request}",
            "Work of a service level that was late, incomplete, or could not be done");
        duration = meter.CreateHistogram(
            "matchcluster.service.duration", "s", "From the request to its answer, by service level",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.01, 0.1, 1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400],
            });
    }

    /// <param name="level">What was promised.</param>
    /// <param name="taken">How long it took.</param>
    /// <param name="isWhole">Whether there was an answer that left nothing out.</param>
    /// <returns>Whether the level was met.</returns>
    public bool Record(ServiceLevel level, TimeSpan taken, bool isWhole)
    {
        KeyValuePair<string, object?> label = new("level", level.Name);
        duration.Record(taken.TotalSeconds, label);
        bool isMet = isWhole && taken <= level.Deadline;
        (isMet ? met : missed).Add(1, label);
        return isMet;
    }
}
