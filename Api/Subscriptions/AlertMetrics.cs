using System.Diagnostics.Metrics;
using MatchCluster.Api.Telemetry;

namespace MatchCluster.Api.Subscriptions;

/// <summary>Counts of subscriptions and alerts: of nobody in particular.</summary>
internal sealed class AlertMetrics
{
    private readonly Counter<long> raised;
    private readonly Counter<long> withheld;
    private readonly Counter<long> unsent;
    private readonly Counter<long> compared;
    private readonly UpDownCounter<long> streams;
    private long count;
    private long behind;

    public AlertMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SearchMetrics.Source);
        raised = meter.CreateCounter<long>("matchcluster.alerts.raised", "{alert}", "Alerts by kind");
        withheld = meter.CreateCounter<long>(
            "matchcluster.alerts.withheld", "{alert}", "Hits of which agreements allow no alert");
        unsent = meter.CreateCounter<long>(
            "matchcluster.alerts.unsent", "{alert}",
            "Alerts that are kept and not sent, because the partner's share of tasks is taken");
        compared = meter.CreateCounter<long>(
            "matchcluster.subscriptions.changes", "{change}", "Changes of watched galleries that were looked at");
        streams = meter.CreateUpDownCounter<long>(
            "matchcluster.alerts.streams", "{stream}", "Callers that alerts are streamed to");
        meter.CreateObservableGauge(
            "matchcluster.subscriptions", () => Volatile.Read(ref count), "{subscription}",
            "Subscriptions that this process compares with");
        meter.CreateObservableGauge(
            "matchcluster.subscriptions.lag", () => Volatile.Read(ref behind), "{change}",
            "Changes of watched galleries that were not looked at yet");
    }

    public void Raised(string kind) => raised.Add(1, KeyValuePair.Create("kind", (object?)kind));

    public void Withheld() => withheld.Add(1);

    public void Unsent() => unsent.Add(1);

    public void Compared(int changes) => compared.Add(changes);

    public void Stream(int more) => streams.Add(more);

    /// <param name="subscriptions">Subscriptions in memory.</param>
    /// <param name="lag">Changes that wait.</param>
    public void Saw(int subscriptions, long lag)
    {
        Volatile.Write(ref count, subscriptions);
        Volatile.Write(ref behind, lag);
    }
}
