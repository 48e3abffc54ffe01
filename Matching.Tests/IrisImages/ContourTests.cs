using MatchCluster.Matching.IrisImages;

namespace MatchCluster.Matching.Tests.IrisImages;

/// <summary>The parts of the segmentation against plain twins.</summary>
public sealed class ContourTests
{
    private const int Seed = 11;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Opening_equals_the_plain_smallest_and_largest_of_windows(int reach)
    {
        foreach ((int width, int height) in (ReadOnlySpan<(int, int)>)[(70, 9), (33, 40), (5, 5), (1, 7)])
        {
            byte[] pixels = new byte[width * height];
            new Random(Seed + width).NextBytes(pixels);
            byte[] opened = Opening.Of(new GrayPlane(width, height, pixels, 0), reach);
            Assert.Equal(Plain(Plain(pixels, width, reach, Math.Min), width, reach, Math.Max), opened);
        }
    }

    [Fact]
    public void A_closed_path_gains_as_much_as_the_best_path_that_closes()
    {
        const int Rays = 16;
        const int Samples = 5;
        for (int round = 0; round < 40; round++)
        {
            Random random = new(Seed + round);
            int[] gain = [.. Enumerable.Range(0, Rays * Samples).Select(_ => random.Next(100))];
            int[] path = ClosedContour.Find(gain, Rays, Samples, 7);
            for (int ray = 0; ray + 1 < Rays; ray++)
            {
                Assert.InRange(Math.Abs(path[ray] - path[ray + 1]), 0, 1);
            }

            // The path is not forced to close, so that it gains no less than the best one that does.
            Assert.True(GainOf(gain, path, Samples, 7) >= BestClosed(gain, Rays, Samples, 7) - (2 * 100));
        }
    }

    [Fact]
    public void A_path_follows_a_bright_line_around_the_turn()
    {
        Turn turn = Turn.Of128;
        const int Samples = 40;
        int[] gain = new int[turn.Steps * Samples];
        int[] wanted = new int[turn.Steps];
        for (int ray = 0; ray < turn.Steps; ray++)
        {
            wanted[ray] = (int)Math.Round(20 + (6 * turn.Cos[ray]) - (3 * turn.Sin[ray]));
            gain[(ray * Samples) + wanted[ray]] = 200;
        }

        Assert.Equal(wanted, ClosedContour.Find(gain, turn.Steps, Samples, 10));
    }

    [Fact]
    public void A_series_is_fitted_exactly_and_half_a_turn_that_was_not_seen_is_a_circle()
    {
        Turn turn = Turn.Of128;
        EyeContour wanted = new(10, 20, [50, 2, -1, 1.5, 0.5]);
        double[] weights = [.. Enumerable.Repeat(1.0, turn.Steps)];
        EyeContour fitted = EyeContour.Fit(10, 20, turn, wanted.Radii(turn), weights, [0, 0, 0, 0]);
        for (int i = 0; i < wanted.Series.Count; i++)
        {
            Assert.Equal(wanted.Series[i], fitted.Series[i], 6);
        }

        for (int ray = 0; ray < turn.Steps / 2; ray++)
        {
            weights[ray] = 0;
        }

        double[] circle = [.. Enumerable.Repeat(50.0, turn.Steps)];
        EyeContour half = EyeContour.Fit(10, 20, turn, circle, weights, [0.1, 0.1, 0.1, 0.1]);
        Assert.All(half.Radii(turn), radius => Assert.Equal(50, radius, 6));
    }

    private static byte[] Plain(byte[] pixels, int width, int reach, Func<byte, byte, byte> choose)
    {
        int height = pixels.Length / width;
        byte[] chosen = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            byte best = pixels[i];
            for (int y = Math.Max(0, (i / width) - reach); y <= Math.Min(height - 1, (i / width) + reach); y++)
            {
                for (int x = Math.Max(0, (i % width) - reach); x <= Math.Min(width - 1, (i % width) + reach); x++)
                {
                    best = choose(best, pixels[(y * width) + x]);
                }
            }

            chosen[i] = best;
        }

        return chosen;
    }

    private static int GainOf(int[] gain, int[] path, int samples, int bend)
    {
        int sum = 0;
        for (int ray = 0; ray < path.Length; ray++)
        {
            sum += gain[(ray * samples) + path[ray]]
                - (bend * Math.Abs(path[ray] - path[(ray + 1) % path.Length]));
        }

        return sum;
    }

    /// <summary>
    /// The best path that begins and ends within a sample, for each first sample on its own.
    /// </summary>
    private static int BestClosed(int[] gain, int rays, int samples, int bend)
    {
        int best = int.MinValue;
        for (int start = 0; start < samples; start++)
        {
            int[] sums = [.. Enumerable.Range(0, samples).Select(k => k == start ? gain[k] : int.MinValue / 2)];
            for (int ray = 1; ray < rays; ray++)
            {
                sums = [.. Enumerable.Range(0, samples).Select(k => gain[(ray * samples) + k] + Enumerable.Range(-1, 3)
                    .Where(d => k + d >= 0 && k + d < samples).Max(d => sums[k + d] - (bend * Math.Abs(d))))];
            }

            for (int end = Math.Max(0, start - 1); end <= Math.Min(samples - 1, start + 1); end++)
            {
                best = Math.Max(best, sums[end] - (bend * Math.Abs(end - start)));
            }
        }

        return best;
    }
}
