using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// What is measured of searches and writes. Recorded per batch, never per row; no id of a person, encounter
/// or gallery ever becomes a label, and of partners only the names of the first (<see cref="PartnerLabels"/>).
/// </summary>
internal sealed class SearchMetrics : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Source = "MatchCluster";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
        [
            0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120,
        ],
    };

    private readonly Meter meter;
    private readonly Histogram<double> searchDuration;
    private readonly Histogram<double> turnTime;
    private readonly Histogram<double> queueTime;
    private readonly Histogram<double> scanDuration;
    private readonly Histogram<double> enrolDuration;
    private readonly Counter<long> comparisons;
    private readonly Counter<long> firstStage;
    private readonly Counter<long> encounters;
    private readonly Counter<long> incomplete;
    private readonly Counter<long> refused;
    private readonly Counter<double> partnerCost;
    private readonly Counter<long> partnerRefused;
    private readonly PartnerLabels partners = new();

    private readonly RecentActivity recent;

    public SearchMetrics(IMeterFactory meters, RecentActivity recent)
    {
        this.recent = recent;
        meter = meters.Create(Source, EngineVersion.Number);
        searchDuration = Time("matchcluster.search.duration", "From admission to the gathered answer of one batch");
        turnTime = Time(
            "matchcluster.turn.time", "Wait of a search batch for its turn at the engine, by priority");
        queueTime = Time("matchcluster.queue.time", "Wait of a search batch in a partition's queue");
        scanDuration = Time("matchcluster.scan.duration", "Scan of a search batch over one partition");
        enrolDuration = Time("matchcluster.enroll.duration", "From a write batch's arrival to durable and visible");
        comparisons = meter.CreateCounter<long>(
            "matchcluster.comparisons", "{comparison}", "Probe samples compared with gallery rows");
        firstStage = meter.CreateCounter<long>(
            "matchcluster.firststage.comparisons", "{comparison}",
            "Fingers, and eyes of fast searches, compared in the first stage");
        encounters = meter.CreateCounter<long>(
            "matchcluster.firststage.encounters", "{encounter}",
            "Encounters by what became of them: seen, passed on, reached the threshold; of those passed over audited, "
            + "and missed: reached the threshold in the audit alone");
        incomplete = meter.CreateCounter<long>(
            "matchcluster.incomplete", "{answer}", "Partition answers that did not search everything they hold");
        refused = meter.CreateCounter<long>("matchcluster.refused", "{request}", "Searches and writes refused");
        partnerCost = meter.CreateCounter<double>(
            "matchcluster.partner.cost", "{sample}",
            "Work done for a partner, in samples searched as usual; the first partners have a series each");
        partnerRefused = meter.CreateCounter<long>(
            "matchcluster.partner.refused", "{request}", "Searches of a partner that were refused");
        Activities = new ActivitySource(Source, EngineVersion.Number);
    }

    public ActivitySource Activities { get; }

    /// <summary>Reads the status of partitions whenever a collector asks.</summary>
    public void ObservePartitions(Func<IReadOnlyList<PartitionStatus>> read) =>
        meter.CreateObservableGauge(
            "matchcluster.partition.rows", () => read().SelectMany(Rows), "{row}", "Rows in memory");

    /// <summary>Reads how many wait for their turn, by priority, whenever a collector asks.</summary>
    public void ObserveTurns(Func<int[]> read) =>
        meter.CreateObservableGauge(
            "matchcluster.turn.waiting",
            () => read().Select((count, level) => new Measurement<int>(count, LabelOf(new Priority(level)))),
            "{batch}", "Search batches that wait for their turn at the engine, by priority");

    public void Waited(TimeSpan elapsed, Priority priority) =>
        turnTime.Record(elapsed.TotalSeconds, LabelOf(priority));

    public void Searched(TimeSpan elapsed, Priority priority, IReadOnlyList<IdentifyAnswer> answers)
    {
        int partial = answers.Count(answer => answer.Refusal is null && !answer.Coverage.IsComplete);
        string outcome = answers.Any(answer => answer.Refusal is not null) ? "refused"
            : partial == 0 ? "complete" : "partial";
        searchDuration.Record(
            elapsed.TotalSeconds, new("searches", SizeOf(answers.Count)), new("outcome", outcome), LabelOf(priority));
        recent.Searched(elapsed, answers.Count, partial);
    }

    public void Scanned(PartitionAnswer answer)
    {
        queueTime.Record(answer.QueueTime.TotalSeconds);
        scanDuration.Record(answer.ScanTime.TotalSeconds);
        comparisons.Add(answer.Comparisons);
        recent.Scanned(answer);
        foreach (SearchHits result in answer.Results)
        {
            Screened(result.FirstStage);
        }

        if (answer.Outcome != PartitionOutcome.Complete)
        {
            incomplete.Add(1, new KeyValuePair<string, object?>("outcome", answer.Outcome.ToString()));
        }
    }

    public void Wrote(TimeSpan elapsed, WriteAck ack)
    {
        enrolDuration.Record(
            elapsed.TotalSeconds, new KeyValuePair<string, object?>("writes", SizeOf(ack.Results.Count)));
        recent.Wrote(ack.Results.Count(result => result.IsApplied));
        foreach (WriteResult result in ack.Results)
        {
            if (!result.IsApplied)
            {
                Count(new TagList { { "reason", result.Refusal?.Kind.ToString() ?? "Outage" } });

                // Who names somebody unknown, or an id that is taken, was answered; nothing was turned away.
                if (result.Refusal is null or { Kind: RefusalKind.Overloaded or RefusalKind.Full })
                {
                    recent.Refused();
                }
            }
        }
    }

    /// <summary>A search that was not let in.</summary>
    /// <param name="reason">Gate or Quota.</param>
    /// <param name="priority">Priority of the search.</param>
    /// <param name="partner">The name of who asked; empty where nobody is known.</param>
    public void Refused(string reason, Priority priority, string partner)
    {
        Count(new TagList { { "reason", reason }, LabelOf(priority) });
        partnerRefused.Add(1, new("partner", partners.Of(partner)), new("reason", reason));
        recent.Refused();
    }

    /// <summary>Searches that had their turn.</summary>
    /// <param name="cost">What they probably cost.</param>
    /// <param name="partner">The name of who asked; empty where nobody is known.</param>
    public void Served(double cost, string partner) =>
        partnerCost.Add(cost, new KeyValuePair<string, object?>("partner", partners.Of(partner)));

    private void Count(TagList labels) => refused.Add(1, labels);

    public void Dispose()
    {
        Activities.Dispose();
        meter.Dispose();
    }

    private void Screened(FirstStage? stage)
    {
        if (stage is null)
        {
            return;
        }

        firstStage.Add(stage.Comparisons);
        Count("seen", stage.Encounters);
        Count("passed", stage.Passed);
        Count("reached", stage.Reached);
        Count("audited", stage.Audited);
        Count("missed", stage.Missed);

        void Count(string what, long number) =>
            encounters.Add(number, new KeyValuePair<string, object?>("stage", what));
    }

    private static IEnumerable<Measurement<long>> Rows(PartitionStatus status)
    {
        KeyValuePair<string, object?> partition = new("partition", status.Partition.Number);
        yield return new(status.FingerRows, partition, new("modality", "finger"));
        yield return new(status.IrisRows, partition, new("modality", "iris"));
    }

    /// <summary>
    /// Three sizes tell lone calls from batches; a label per number would be a series each.
    /// </summary>
    private static string SizeOf(int count) => count <= 1 ? "1" : count <= 16 ? "2-16" : ">16";

    private static KeyValuePair<string, object?> LabelOf(Priority priority) =>
        new("priority", priority.Level.ToString(CultureInfo.InvariantCulture));

    private Histogram<double> Time(string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Seconds);
}
