namespace MatchCluster.Matching.Images;

/// <summary>
/// Brings a picture to another size by a windowed sinc (Lanczos, three lobes), widened where the picture becomes
/// smaller so that nothing aliases. Weights are whole numbers: every processor gives the same pixels.
/// </summary>
public static class Resampler
{
    private const double Lobes = 3;
    private const int WeightBits = 14;

    /// <summary>Fraction bits of rows that are resampled across and not yet down.</summary>
    private const int SpareBits = 4;

    /// <summary>The picture at another resolution; itself where the size stays.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="from">Its pixels per inch.</param>
    /// <param name="to">Wanted pixels per inch.</param>
    public static GrayImage ToPpi(GrayImage image, double from, double to)
    {
        ArgumentNullException.ThrowIfNull(image);
        int width = Math.Max(1, (int)Math.Round(image.Width * to / from));
        int height = Math.Max(1, (int)Math.Round(image.Height * to / from));
        return width == image.Width && height == image.Height ? image
            : image with { Width = width, Height = height, Pixels = Resample(image, width, height) };
    }

    private static byte[] Resample(GrayImage image, int width, int height)
    {
        Taps across = Taps.For(image.Width, width);
        short[] rows = new short[width * image.Height];
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> source = image.Pixels.Span.Slice(y * image.Width, image.Width);
            Span<short> target = rows.AsSpan(y * width, width);
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<short> weights = across.Of(x);
                ReadOnlySpan<byte> window = source.Slice(across.Starts[x], weights.Length);
                int sum = 1 << (WeightBits - SpareBits - 1);
                for (int i = 0; i < weights.Length; i++)
                {
                    sum += window[i] * weights[i];
                }

                target[x] = (short)(sum >> (WeightBits - SpareBits));
            }
        }

        return Down(rows, width, Taps.For(image.Height, height), height);
    }

    private static byte[] Down(short[] rows, int width, Taps taps, int height)
    {
        byte[] pixels = new byte[width * height];
        int[] sums = new int[width];
        for (int y = 0; y < height; y++)
        {
            Array.Fill(sums, 1 << (WeightBits + SpareBits - 1));
            ReadOnlySpan<short> weights = taps.Of(y);
            for (int i = 0; i < weights.Length; i++)
            {
                ReadOnlySpan<short> row = rows.AsSpan((taps.Starts[y] + i) * width, width);
                int weight = weights[i];
                for (int x = 0; x < sums.Length && x < row.Length; x++)
                {
                    sums[x] += row[x] * weight;
                }
            }

            Span<byte> target = pixels.AsSpan(y * width, width);
            for (int x = 0; x < target.Length; x++)
            {
                target[x] = (byte)Math.Clamp(sums[x] >> (WeightBits + SpareBits), 0, 255);
            }
        }

        return pixels;
    }

    /// <summary>The source pixels of each target pixel and their weights, which sum to one.</summary>
    private sealed class Taps
    {
        private readonly short[] weights;
        private readonly int count;

        private Taps(int targets, int count)
        {
            this.count = count;
            this.weights = new short[targets * count];
            Starts = new int[targets];
        }

        public int[] Starts { get; }

        public ReadOnlySpan<short> Of(int target) => this.weights.AsSpan(target * this.count, this.count);

        public static Taps For(int from, int to)
        {
            double scale = from / (double)to;
            double stretch = Math.Max(1, scale);
            double reach = Lobes * stretch;
            int count = Math.Min(from, (int)Math.Ceiling(2 * reach) + 1);
            Taps taps = new(to, count);
            double[] exact = new double[count];
            for (int target = 0; target < to; target++)
            {
                double centre = ((target + 0.5) * scale) - 0.5;
                int start = Math.Clamp((int)Math.Ceiling(centre - reach), 0, from - count);
                taps.Starts[target] = start;
                double sum = 0;
                for (int i = 0; i < count; i++)
                {
                    exact[i] = Lanczos((start + i - centre) / stretch);
                    sum += exact[i];
                }

                Quantise(exact, sum, taps.weights.AsSpan(target * count, count));
            }

            return taps;
        }

        /// <summary>Whole weights; what rounding leaves goes to the largest.</summary>
        private static void Quantise(double[] exact, double sum, Span<short> weights)
        {
            int rest = 1 << WeightBits;
            int largest = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = (short)Math.Round(exact[i] / sum * (1 << WeightBits));
                rest -= weights[i];
                largest = weights[i] > weights[largest] ? i : largest;
            }

            weights[largest] += (short)rest;
        }

        private static double Lanczos(double x) =>
            x == 0 ? 1 : Math.Abs(x) >= Lobes ? 0
                : Lobes * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / Lobes) / (Math.PI * Math.PI * x * x);
    }
}
