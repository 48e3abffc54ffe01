using System.Diagnostics.Metrics;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>What is measured of tasks: by kind and outcome, of nobody in particular.</summary>
internal sealed class TaskMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> accepted;
    private readonly Counter<long> executed;
    private readonly Counter<long> attempts;
    private readonly Counter<long> taken;
    private readonly Histogram<double> executions;
    private readonly Histogram<double> deliveries;
    private volatile IReadOnlyDictionary<(string Kind, TaskState State), long> counts =
        new Dictionary<(string Kind, TaskState State), long>();

    public TaskMetrics(IMeterFactory meters)
    {
        meter = meters.Create(SearchMetrics.Source, EngineVersion.Number);
        accepted = meter.CreateCounter<long>(
            "matchcluster.task.accepted", "{task}", "Calls for a task, by what became of them");
        executed = meter.CreateCounter<long>("matchcluster.task.executed", "{task}", "Tasks that were executed");
        attempts = meter.CreateCounter<long>(
            "matchcluster.task.deliveries", "{attempt}", "Attempts to deliver a result, by what became of them");
        taken = meter.CreateCounter<long>(
            "matchcluster.task.taken", "{task}", "Tasks that were taken over from a process that was silent");
        executions = meter.CreateHistogram(
            "matchcluster.task.duration", "s", "From the acceptance of a task to its result", advice: Seconds);
        deliveries = meter.CreateHistogram(
            "matchcluster.task.delivery", "s", "From the acceptance of a task to the receipt of its result",
            advice: Seconds);
        meter.CreateObservableGauge("matchcluster.task.count", Observe, "{task}", "Tasks that are kept, by state");
    }

    private static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries =
            [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600, 3600, 86400],
    };

    public void Accepted(string kind, TaskPutOutcome outcome) =>
        accepted.Add(1, KeyValuePair.Create("kind", (object?)kind), new("outcome", outcome.ToString()));

    public void Executed(string kind, bool isAnswered, TimeSpan since)
    {
        KeyValuePair<string, object?> label = new("kind", kind);
        executed.Add(1, label, new("answered", isAnswered));
        executions.Record(since.TotalSeconds, label);
    }

    /// <summary>An attempt to deliver.</summary>
    /// <param name="kind">The kind of the task.</param>
    /// <param name="state">The task's state after it.</param>
    /// <param name="since">Time since it was accepted.</param>
    public void Sent(string kind, TaskState state, TimeSpan since)
    {
        KeyValuePair<string, object?> label = new("kind", kind);
        attempts.Add(1, label, new("state", state.ToString()));
        if (state == TaskState.Done)
        {
            deliveries.Record(since.TotalSeconds, label);
        }
    }

    public void TakenOver(string kind) => taken.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Counted(IReadOnlyDictionary<(string Kind, TaskState State), long> now) => counts = now;

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<long>> Observe() => counts.Select(count => new Measurement<long>(
        count.Value, new("kind", count.Key.Kind), new("state", count.Key.State.ToString())));
}
