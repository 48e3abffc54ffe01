using HdrHistogram;

namespace MatchCluster.LoadTest.Runs;

/// <summary>
/// Counts latencies so that a quantile is known to 3 significant digits from a microsecond to an hour, in some
/// 200 KiB whatever the number of values: an HdrHistogram (Gil Tene) in microseconds, with the exact mean and
/// maximum beside it. Recording is safe from any number of threads.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SignificantDigits = 3;

    private readonly LongConcurrentHistogram counts = new(1, LongestMicroseconds, SignificantDigits);
    private long sum;
    private long max;

    /// <summary>Longer values are counted as this one (71 minutes).</summary>
    public const long LongestMicroseconds = (1L << 32) - 1;

    public long Count => counts.TotalCount;

    /// <summary>The largest value, exactly; zero where there is none.</summary>
    public TimeSpan Max => TimeSpan.FromMicroseconds(Volatile.Read(ref max));

    /// <summary>The mean, exactly; zero where there is none.</summary>
    public TimeSpan Mean =>
        Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds((double)Volatile.Read(ref sum) / Count);

    public void Record(TimeSpan latency)
    {
        long value = Math.Clamp((long)Math.Ceiling(latency.TotalMicroseconds), 0, LongestMicroseconds);
        counts.RecordValue(value);
        Interlocked.Add(ref sum, value);
        RaiseMax(value);
    }

    /// <summary>Adds every value of the other histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        counts.Add(other.counts);
        Interlocked.Add(ref sum, Volatile.Read(ref other.sum));
        RaiseMax(Volatile.Read(ref other.max));
    }

    /// <summary>
    /// The smallest recorded latency (to 3 digits, rounded up) that at least this share of all values does
    /// not exceed.
    /// </summary>
    /// <param name="quantile">0..1; 0.99 is p99.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quantile is not inside 0..1.</exception>
    public TimeSpan Quantile(double quantile)
    {
        if (!(quantile is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "wanted a share of 0..1");
        }

        if (Count == 0)
        {
            return TimeSpan.Zero;
        }

        long value = counts.GetValueAtPercentile(100 * quantile);
        return TimeSpan.FromMicroseconds(
            Math.Min(counts.HighestEquivalentValue(value), Volatile.Read(ref max)));
    }

    private void RaiseMax(long value)
    {
        long seen = Volatile.Read(ref max);
        while (value > seen)
        {
            long found = Interlocked.CompareExchange(ref max, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }
}
