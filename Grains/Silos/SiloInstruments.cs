using System.Diagnostics;
using System.Diagnostics.Metrics;
using MatchCluster.Matching;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// What a silo tells a collector of its work: one span and three records for a search, however many partitions it has;
/// spans of their own for what no caller waits for, loads and hand-overs. Nothing that names anybody.
/// </summary>
public sealed class SiloInstruments : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Source = "MatchCluster.Silo";

    private static readonly InstrumentAdvice<double> Short = new()
    {
        HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
    };

    private static readonly InstrumentAdvice<double> Long = new()
    {
        HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 3600],
    };

    private readonly Meter meter;
    private readonly Histogram<double> queueTime;
    private readonly Histogram<double> scanTime;
    private readonly Histogram<double> loadTime;
    private readonly Histogram<double> handoverTime;

    /// <param name="meters">Owns the meter.</param>
    public SiloInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meter = meters.Create(Source, EngineVersion.Number);
        queueTime = meter.CreateHistogram(
            "matchcluster.silo.queue.time", "s",
            "Wait of a search batch for the engine's threads: the longest of this silo's partitions", null, Short);
        scanTime = meter.CreateHistogram(
            "matchcluster.silo.scan.duration", "s",
            "Thread time of a search batch over all partitions of this silo, by stage: first (fingers compared in "
            + "the first stage) and second (everything else)", null, Short);
        loadTime = meter.CreateHistogram(
            "matchcluster.silo.load.duration", "s",
            "From the begin of a partition's load to its end, by kind (own, standby) and outcome", null, Long);
        handoverTime = meter.CreateHistogram(
            "matchcluster.silo.handover.duration", "s",
            "Hand-overs of a partition to another silo, by outcome (moved, stayed)", null, Long);
        Activities = new ActivitySource(Source, EngineVersion.Number);
    }

    internal ActivitySource Activities { get; }

    /// <summary>Reads how things are whenever a collector asks.</summary>
    internal void Observe(HostedPartitions hosted, Standbys standbys)
    {
        meter.CreateObservableGauge(
            "matchcluster.silo.queue.length",
            () => hosted.Active.Values.Sum(here => here.Partition.Queued), "{batch}",
            "Search batches of this silo's partitions that wait for the engine's threads");
        meter.CreateObservableGauge(
            "matchcluster.silo.load.left",
            () => hosted.Active.Values.Where(here => !here.Partition.Loading.IsCompleted)
                .Select(here => here.Partition.Progress).Sum(load => Math.Max(0, load.ToLoad - load.Loaded)),
            "{encounter}", "Encounters that partitions which shall serve here have still to load");
        meter.CreateObservableGauge(
            "matchcluster.silo.standby.lag", () => standbys.Lag, "{encounter}",
            "Encounters that partitions which are to be taken over have still to load");
    }

    /// <summary>
    /// Begins the span of a search at this silo, below the call that brought it; null where nobody listens.
    /// </summary>
    internal Activity? BeginSearch(SearchBatch batch)
    {
        Activity? span = Activities.StartActivity("silo search");
        span?.SetTag("searches", batch.Searches.Count);
        return span;
    }

    /// <summary>Ends it with what the partitions say of themselves.</summary>
    internal void Searched(Activity? span, PartitionAnswer[] answers)
    {
        if (answers.Length == 0)
        {
            return;
        }

        double queued = answers.Max(answer => answer.QueueTime).TotalSeconds;
        double first = answers.Sum(answer => answer.FirstStageTime.TotalSeconds);
        double second = answers.Sum(answer => answer.ScanTime.TotalSeconds) - first;
        queueTime.Record(queued);
        scanTime.Record(first, new KeyValuePair<string, object?>("stage", "first"));
        scanTime.Record(second, new KeyValuePair<string, object?>("stage", "second"));
        if (span is not null)
        {
            span.SetTag("partitions", answers.Length);
            span.SetTag("partitions.complete", answers.Count(answer => answer.Outcome == PartitionOutcome.Complete));
            span.SetTag("comparisons", answers.Sum(answer => answer.Comparisons));
            span.SetTag("queue.ms", Milliseconds(queued));
            span.SetTag("first_stage.ms", Milliseconds(first));
            span.SetTag("second_stage.ms", Milliseconds(second));
        }
    }

    /// <summary>To the microsecond: people read the tags of a span.</summary>
    private static double Milliseconds(double seconds) => Math.Round(seconds * 1000, 3);

    /// <summary>A load from its begin to its end.</summary>
    /// <param name="partition">Number of the partition.</param>
    /// <param name="isStandby">Whether another silo still owns it.</param>
    /// <param name="loading">Ends with the load; never faults.</param>
    /// <param name="hasFailed">Asked when it has ended.</param>
    internal async Task WatchLoadAsync(int partition, bool isStandby, Task loading, Func<bool> hasFailed)
    {
        long began = Stopwatch.GetTimestamp();
        using Activity? span = BeginApart("partition load");
        await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        string outcome = hasFailed() ? "failed" : "ready";
        string kind = isStandby ? "standby" : "own";
        span?.SetTag("partition", partition).SetTag("kind", kind).SetTag("outcome", outcome);
        loadTime.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new("kind", kind), new("outcome", outcome));
    }

    /// <summary>A hand-over from its begin to its end.</summary>
    internal async Task<bool> WatchHandoverAsync(int partition, string silo, Func<Task<bool>> handOver)
    {
        long began = Stopwatch.GetTimestamp();
        using Activity? span = BeginApart("hand-over");
        bool hasMoved = false;
        try
        {
            return hasMoved = await handOver();
        }
        finally
        {
            string outcome = hasMoved ? "moved" : "stayed";
            span?.SetTag("partition", partition).SetTag("to", silo).SetTag("outcome", outcome);
            handoverTime.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public void Dispose()
    {
        Activities.Dispose();
        meter.Dispose();
    }

    /// <summary>
    /// A span of its own trace, with a link to the call that caused it where there is one: what nobody waits for would
    /// make that call's trace as long as it takes itself. What its caller does next is not below it.
    /// </summary>
    private Activity? BeginApart(string name)
    {
        Activity? caller = Activity.Current;
        Activity.Current = null;
        try
        {
            return Activities.StartActivity(
                ActivityKind.Internal, default(ActivityContext), links: caller is null ? null : [new(caller.Context)],
                name: name);
        }
        finally
        {
            Activity.Current = caller;
        }
    }
}
