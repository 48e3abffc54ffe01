using MatchCluster.Matching.Quality.Nfiq2;

namespace MatchCluster.Matching.Tests.Quality;

/// <summary>The steps to the region of interest: smoothing, threshold, holes, parts; and directions.</summary>
public sealed class NfiqRegionTests
{
    private static readonly int[] Sizes = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 70];

    [Fact]
    public void Smoothing_by_vectors_equals_the_plain_sums()
    {
        var random = new Random(3);
        var smoothing = new Smoothing(41);
        int[] weights = [.. smoothing.Weights];
        Assert.Equal(256, weights[0] + (2 * weights.Skip(1).Sum()));
        foreach (int width in Sizes)
        {
            int height = 1 + random.Next(40);
            byte[] pixels = new byte[width * height];
            random.NextBytes(pixels);
            byte[] plain = Plain(pixels, width, height, weights);
            smoothing.Smooth(pixels, width, height);
            Assert.Equal(plain, pixels);
        }
    }

    [Fact]
    public void White_stays_white() => Assert.All(Smoothed(Enumerable.Repeat((byte)255, 50 * 20), 50, 20),
        pixel => Assert.Equal(255, pixel));

    [Fact]
    public void The_threshold_lies_between_two_groups_of_levels()
    {
        byte[] pixels = [.. Enumerable.Range(0, 300).Select(i => (byte)(i % 3 == 0 ? 20 + (i % 7) : 200 + (i % 11)))];
        Assert.InRange(Otsu.Threshold(pixels), 26, 199);
        Assert.Equal(0, Otsu.Threshold(new byte[9]));
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(1.0, 0.0)]
    [InlineData(-1.0, 0.0)]
    [InlineData(0.0, -1.0)]
    [InlineData(-3.0, -3.0)]
    [InlineData(1e-9, -2.0)]
    [InlineData(12345.0, 67.0)]
    public void The_stable_angle_is_that_of_the_platform(double y, double x) =>
        Assert.Equal(Math.Atan2(y, x), StableAngle.Of(y, x), 1e-15);

    [Fact]
    public void The_direction_by_roots_is_half_of_the_angle()
    {
        var random = new Random(5);
        for (int i = 0; i < 1000; i++)
        {
            var sums = new GradientSums(random.Next(1000), random.Next(1000), random.Next(-1000, 1000));
            (double cosine, double sine) = sums.Across();
            double angle = Math.Atan2(sums.Xy, sums.Xx - sums.Yy) / 2;
            Assert.Equal(Math.Cos(angle), cosine, 1e-14);
            Assert.Equal(Math.Sin(angle), sine, 1e-14);
        }

        Assert.Equal((1, 0), new GradientSums(5, 5, 0).Across());
    }

    [Fact]
    public void Every_hole_is_closed_and_only_the_part_with_the_largest_frame_stays() => Assert.Equal(
        [
            "........",
            "..####..",
            "..####..",
            "..####..",
            "........",
            "........",
        ],
        Closed(
            [
                "........",
                "..####..",
                "..#..#..",
                "..####..",
                "........",
                "#.......",
            ],
            holes => holes.CloseAll));

    [Fact]
    public void One_region_in_one_background_has_no_outline_to_close() => Assert.Equal(
        ["........", "..####..", "..####..", "........"],
        Closed(["........", "..####..", "..####..", "........"], holes => holes.CloseByOrder));

    [Fact]
    public void By_order_all_outlines_but_the_last_two_are_filled() => Assert.Equal(
        ["..###.", ".#####", "######", "######"],
        Closed(["..###.", ".#####", "######", "#####."], holes => holes.CloseByOrder));

    private static string[] Closed(string[] rows, Func<RegionHoles, Closing> closing)
    {
        byte[] mask = [.. rows.SelectMany(row => row.Select(pixel => pixel == '#' ? (byte)0 : (byte)255))];
        var holes = new RegionHoles(rows[0].Length, rows.Length);
        closing(holes)(mask);
        holes.KeepLargest(mask);
        return [.. mask.Chunk(rows[0].Length).Select(row => string.Concat(row.Select(it => it == 0 ? '#' : '.')))];
    }

    private delegate void Closing(Span<byte> mask);

    private static byte[] Smoothed(IEnumerable<byte> pixels, int width, int height)
    {
        byte[] copy = [.. pixels];
        new Smoothing(91).Smooth(copy, width, height);
        return copy;
    }

    private static byte[] Plain(byte[] pixels, int width, int height, int[] weights)
    {
        int[] rows = new int[pixels.Length];
        byte[] result = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            for (int d = -(weights.Length - 1); d < weights.Length; d++)
            {
                rows[i] += weights[Math.Abs(d)] * pixels[(i / width * width) + Mirror((i % width) + d, width)];
            }
        }

        for (int i = 0; i < pixels.Length; i++)
        {
            long sum = 0;
            for (int d = -(weights.Length - 1); d < weights.Length; d++)
            {
                sum += (long)weights[Math.Abs(d)] * rows[(Mirror((i / width) + d, height) * width) + (i % width)];
            }

            result[i] = (byte)((sum + 32768) >> 16);
        }

        return result;
    }

    private static int Mirror(int at, int length)
    {
        int turn = Math.Max(1, 2 * (length - 1));
        int folded = ((at % turn) + turn) % turn;
        return length == 1 ? 0 : Math.Min(folded, turn - folded);
    }
}
