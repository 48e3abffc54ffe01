namespace MatchCluster.Api.Telemetry;

/// <summary>
/// Counts of durations in buckets that grow by the eighth root of two: a percentile is at most 9 % above the truth and
/// never below it. Not for several threads at once.
/// </summary>
internal sealed class LatencyBuckets
{
    private const int PerOctave = 8;

    /// <summary>Microseconds up to 2^27, two minutes, which no search outlives.</summary>
    private const int Octaves = 27;

    private readonly int[] counts = new int[(Octaves * PerOctave) + 1];

    public long Count { get; private set; }

    public void Add(TimeSpan duration, int times)
    {
        double microseconds = Math.Max(1, duration.TotalMicroseconds);
        int bucket = (int)Math.Ceiling(Math.Log2(microseconds) * PerOctave);
        counts[Math.Min(bucket, counts.Length - 1)] += times;
        Count += times;
    }

    public void Add(LatencyBuckets other)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }

        Count += other.Count;
    }

    public void Clear()
    {
        Array.Clear(counts);
        Count = 0;
    }

    /// <summary>
    /// Milliseconds that a share of the durations did not exceed; null where there was none.
    /// </summary>
    /// <param name="share">0..1.</param>
    public double? Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; Count > 0 && i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= rank)
            {
                return Math.Pow(2, i / (double)PerOctave) / 1000;
            }
        }

        return null;
    }
}
