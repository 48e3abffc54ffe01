using HdrHistogram;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// Counts of durations, an HdrHistogram of one digit: a percentile is at most 6.25 % above the truth and never below
/// it. Not for several threads at once.
/// </summary>
internal sealed class LatencyBuckets
{
    /// <summary>Two minutes, which no search outlives; what is longer counts as that.</summary>
    private const long LongestMicroseconds = 120_000_000;

    private readonly IntHistogram counts = new(LongestMicroseconds, numberOfSignificantValueDigits: 1);

    public void Add(TimeSpan duration, int times) => counts.RecordValueWithCount(
        Math.Clamp((long)Math.Ceiling(duration.TotalMicroseconds), 1, LongestMicroseconds), times);

    public void Add(LatencyBuckets other) => counts.Add(other.counts);

    public void Clear() => counts.Reset();

    /// <summary>
    /// Milliseconds that a share of the durations did not exceed; null where there was none.
    /// </summary>
    /// <param name="share">0..1.</param>
    public double? Percentile(double share) => counts.TotalCount == 0
        ? null : counts.HighestEquivalentValue(counts.GetValueAtPercentile(100 * share)) / 1000.0;
}
