using System.Diagnostics.Metrics;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching;

namespace MatchCluster.Api.Deliveries;

/// <summary>Attempts to deliver results, by what became of them. No address and no partner is a label.</summary>
internal sealed class DeliveryMetrics
{
    private readonly Counter<long> attempts;
    private readonly Histogram<double> duration;

    public DeliveryMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SearchMetrics.Source, EngineVersion.Number);
        attempts = meter.CreateCounter<long>(
            "matchcluster.delivery.attempts", "{attempt}",
            "Attempts to deliver a result: delivered, tryagain, refused; busy where none was made");
        duration = meter.CreateHistogram(
            "matchcluster.delivery.duration", "s", "One attempt, from the name of its server to the end of the answer",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
    }

    public void Attempted(DeliveryResult result, TimeSpan taken)
    {
        KeyValuePair<string, object?> outcome = new(
            "outcome", result.IsAttempt ? result.Outcome.ToString().ToLowerInvariant() : "busy");
        attempts.Add(1, outcome);
        if (result.IsAttempt)
        {
            duration.Record(taken.TotalSeconds, outcome);
        }
    }
}
