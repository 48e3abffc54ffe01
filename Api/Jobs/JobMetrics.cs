using System.Diagnostics.Metrics;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Jobs;

/// <summary>What is measured of jobs: by kind and outcome, of nobody in particular.</summary>
internal sealed class JobMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly UpDownCounter<long> running;
    private readonly Counter<long> ended;
    private readonly Counter<long> worked;

    public JobMetrics(IMeterFactory meters)
    {
        meter = meters.Create(SearchMetrics.Source, EngineVersion.Number);
        running = meter.CreateUpDownCounter<long>(
            "matchcluster.job.running", "{job}", "Jobs that this process works at");
        ended = meter.CreateCounter<long>("matchcluster.job.ended", "{job}", "Jobs that ended, by how they did");
        worked = meter.CreateCounter<long>(
            "matchcluster.job.work", "{unit}", "Pairs of persons, or lines, that jobs are done with and have saved");
    }

    public void Begun(string kind) => running.Add(1, Label(kind));

    public void Left(string kind) => running.Add(-1, Label(kind));

    public void Ended(string kind, TaskState state) => ended.Add(1, Label(kind), new("state", state.ToString()));

    /// <summary>Pairs or lines that were saved.</summary>
    public void Worked(string kind, long units) => worked.Add(units, Label(kind));

    public void Dispose() => meter.Dispose();

    private static KeyValuePair<string, object?> Label(string kind) => new("kind", kind);
}
