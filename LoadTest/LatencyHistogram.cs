using System.Numerics;

namespace MatchCluster.LoadTest;

/// <summary>
/// Counts latencies in buckets that are linear inside each power of two: 1,024 buckets an octave, so that a
/// quantile is known to 3 significant digits from a microsecond to an hour, in 188 KiB whatever the number of
/// values. Recording is safe from any number of threads.
/// </summary>
/// <remarks>
/// The layout is that of HdrHistogram (Gil Tene): values below 2,048 have a bucket each; above, a value v of
/// b bits shares its bucket with the 2^(b-11) values that have the same 11 leading bits. A quantile is
/// reported as the upper edge of its bucket: never too low, too high by less than one part in 1,024.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int LeadingBits = 11;
    private const int Exact = 1 << LeadingBits;
    private const int BucketsPerOctave = Exact / 2;

    private readonly long[] counts = new long[IndexOf(LongestMicroseconds) + 1];
    private long count;
    private long sum;
    private long max;

    /// <summary>Longer values are counted as this one (71 minutes).</summary>
    public const long LongestMicroseconds = (1L << 32) - 1;

    public long Count => Volatile.Read(ref count);

    /// <summary>The largest value, exactly; zero where there is none.</summary>
    public TimeSpan Max => TimeSpan.FromMicroseconds(Volatile.Read(ref max));

    /// <summary>The mean, exactly; zero where there is none.</summary>
    public TimeSpan Mean =>
        Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds((double)Volatile.Read(ref sum) / Count);

    public void Record(TimeSpan latency)
    {
        long value = Math.Clamp((long)Math.Ceiling(latency.TotalMicroseconds), 0, LongestMicroseconds);
        Interlocked.Increment(ref counts[IndexOf(value)]);
        Interlocked.Increment(ref count);
        Interlocked.Add(ref sum, value);
        RaiseMax(value);
    }

    /// <summary>Adds every value of the other histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            if (Volatile.Read(ref other.counts[i]) is > 0 and long n)
            {
                Interlocked.Add(ref counts[i], n);
            }
        }

        Interlocked.Add(ref count, other.Count);
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

        // Counted here and not read from the total, which a recording thread may have moved already.
        long total = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            total += Volatile.Read(ref counts[i]);
        }

        // 0.99 * 100 is 99.00000000000001 in doubles: without the tolerance that would ask for the 100th
        // value.
        long wanted = Math.Max(1, (long)Math.Ceiling((quantile * total) - (1e-9 * total)));
        long seen = 0;
        for (int i = 0; i < counts.Length && total > 0; i++)
        {
            seen += Volatile.Read(ref counts[i]);
            if (seen >= wanted)
            {
                return TimeSpan.FromMicroseconds(Math.Min(UpperEdge(i), Volatile.Read(ref max)));
            }
        }

        return Max;
    }

    private static int IndexOf(long value)
    {
        if (value < Exact)
        {
            return (int)value;
        }

        int shift = BitOperations.Log2((ulong)value) - (LeadingBits - 1);
        return Exact + ((shift - 1) * BucketsPerOctave) + (int)(value >> shift) - BucketsPerOctave;
    }

    private static long UpperEdge(int index)
    {
        if (index < Exact)
        {
            return index;
        }

        (int octave, int bucket) = Math.DivRem(index - Exact, BucketsPerOctave);
        return ((bucket + BucketsPerOctave + 1L) << (octave + 1)) - 1;
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
