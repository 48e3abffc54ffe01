using MatchCluster.LoadTest.Runs;

namespace MatchCluster.Api.Tests.LoadTest;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_quantile_is_never_too_low_and_less_than_a_thousandth_too_high(int seed)
    {
        var random = new Random(seed);
        var histogram = new LatencyHistogram();
        long[] values = new long[20_001];
        for (int i = 0; i < values.Length; i++)
        {
            // From a microsecond to an hour, evenly over the decades.
            values[i] = (long)Math.Pow(10, random.NextDouble() * 9.5);
            histogram.Record(TimeSpan.FromMicroseconds(values[i]));
        }

        Array.Sort(values);
        foreach (double quantile in new[] { 0, 0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 1 })
        {
            long exact = values[Math.Max(0, (int)Math.Ceiling(quantile * values.Length) - 1)];
            double found = histogram.Quantile(quantile).TotalMicroseconds;
            Assert.InRange(found, exact, exact * (1 + (1 / 1024.0)));
        }
    }

    [Fact]
    public void Every_value_below_two_thousand_microseconds_is_kept_exactly()
    {
        for (int value = 0; value < 2048; value++)
        {
            var histogram = new LatencyHistogram();
            histogram.Record(TimeSpan.FromMicroseconds(value));
            histogram.Record(TimeSpan.FromSeconds(1));
            Assert.Equal(value, histogram.Quantile(0.5).TotalMicroseconds);
        }
    }

    [Fact]
    public void The_edges_of_every_octave_fall_on_the_right_side()
    {
        for (int bits = 1; bits <= 32; bits++)
        {
            foreach (long value in new[] { (1L << bits) - 1, Math.Min(1L << bits, (1L << 32) - 1) })
            {
                var histogram = new LatencyHistogram();
                histogram.Record(TimeSpan.FromMicroseconds(value));
                histogram.Record(TimeSpan.FromMicroseconds(LatencyHistogram.LongestMicroseconds));
                Assert.InRange(histogram.Quantile(0.5).TotalMicroseconds, value, value * (1 + (1 / 1024.0)));
            }
        }
    }

    [Fact]
    public void Ninety_nine_of_a_hundred_equal_p99_and_not_the_one_after()
    {
        var histogram = new LatencyHistogram();
        for (int i = 1; i <= 100; i++)
        {
            histogram.Record(TimeSpan.FromMilliseconds(i == 100 ? 1000 : 1));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(1), histogram.Quantile(0.99));
        Assert.Equal(TimeSpan.FromMilliseconds(1000), histogram.Quantile(0.999));
        Assert.Equal(TimeSpan.FromMilliseconds(1000), histogram.Max);
    }

    [Fact]
    public void Halves_added_together_equal_the_whole()
    {
        var random = new Random(7);
        var whole = new LatencyHistogram();
        var odd = new LatencyHistogram();
        var even = new LatencyHistogram();
        for (int i = 0; i < 5000; i++)
        {
            TimeSpan value = TimeSpan.FromMilliseconds(random.NextDouble() * 400);
            whole.Record(value);
            (i % 2 == 0 ? even : odd).Record(value);
        }

        odd.Add(even);
        Assert.Equal(whole.Count, odd.Count);
        Assert.Equal(whole.Max, odd.Max);
        Assert.Equal(whole.Mean, odd.Mean);
        for (double quantile = 0; quantile <= 1; quantile += 0.01)
        {
            Assert.Equal(whole.Quantile(quantile), odd.Quantile(quantile));
        }
    }

    [Fact]
    public void Nothing_is_lost_when_many_threads_record()
    {
        var histogram = new LatencyHistogram();
        Parallel.For(0, 8, thread =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                histogram.Record(TimeSpan.FromMicroseconds((thread * 10_000) + i));
            }
        });

        Assert.Equal(80_000, histogram.Count);
        Assert.Equal(TimeSpan.FromMicroseconds(79_999), histogram.Max);
        Assert.InRange(histogram.Quantile(0.5).TotalMicroseconds, 39_999, 39_999 * (1 + (1 / 1024.0)));
    }

    [Fact]
    public void Values_past_the_end_and_below_zero_are_clamped_and_counted()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromHours(5));
        histogram.Record(TimeSpan.FromTicks(-1));
        Assert.Equal(2, histogram.Count);
        Assert.Equal(TimeSpan.Zero, histogram.Quantile(0));
        Assert.Equal(LatencyHistogram.LongestMicroseconds, (long)histogram.Quantile(1).TotalMicroseconds);
    }

    [Fact]
    public void An_empty_histogram_answers_zero_and_a_quantile_outside_is_refused()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, histogram.Quantile(0.99));
        Assert.Equal(TimeSpan.Zero, histogram.Mean);
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Quantile(1.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Quantile(double.NaN));
    }
}
