namespace MatchCluster.Matching.Images;

/// <summary>
/// Brings a picture to another scale by cubic interpolation (Catmull and Rom 1974), widened where the picture
/// shrinks so that nothing finer than the new pixels is folded in. All in integers: every processor gives the same
/// pixels. A windowed sinc of three lobes rings more beside the edges of ridges and costs minutiae.
/// </summary>
public sealed class Resampling
{
    private const int WeightBits = 14;
    private const int One = 1 << WeightBits;

    private short[] between = [];
    private byte[] result = [];

    /// <summary>The picture at another resolution; itself where the size stays.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="from">Its pixels per inch.</param>
    /// <param name="to">Wanted pixels per inch.</param>
    public static GrayImage ToPpi(GrayImage image, double from, double to)
    {
        ArgumentNullException.ThrowIfNull(image);
        int width = SideAt(image.Width, from, to);
        int height = SideAt(image.Height, from, to);
        return width == image.Width && height == image.Height ? image : image with
        {
            Width = width,
            Height = height,
            Pixels = new Resampling().Apply(image.Pixels.Span, image.Width, image.Height, width, height).ToArray(),
        };
    }

    /// <summary>Pixels of a side at another resolution: the nearest whole number, and one at least.</summary>
    /// <param name="pixels">Pixels of the side.</param>
    /// <param name="from">Its pixels per inch.</param>
    /// <param name="to">Wanted pixels per inch.</param>
    public static int SideAt(int pixels, double from, double to) => Math.Max(1, (int)Math.Round(pixels * to / from));

    /// <summary>The picture at another scale; valid until the next call.</summary>
    /// <param name="pixels">Row by row.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="newWidth">Pixels of a row of the result.</param>
    /// <param name="newHeight">Rows of the result.</param>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> pixels, int width, int height, int newWidth, int newHeight)
    {
        if (this.between.Length < newWidth * height)
        {
            this.between = new short[newWidth * height];
        }

        if (this.result.Length < newWidth * newHeight)
        {
            this.result = new byte[newWidth * newHeight];
        }

        Taps across = new(width, newWidth);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = pixels.Slice(y * width, width);
            Span<short> found = this.between.AsSpan(y * newWidth, newWidth);
            for (int x = 0; x < newWidth; x++)
            {
                int sum = One / 32;
                for (int k = 0; k < across.Count; k++)
                {
                    sum += row[Math.Clamp(across.First[x] + k, 0, width - 1)] * across.Weights[(x * across.Count) + k];
                }

                // Sixteenths of a grey level.
                found[x] = (short)(sum >> (WeightBits - 4));
            }
        }

        Taps down = new(height, newHeight);
        int[] sums = new int[newWidth];
        for (int y = 0; y < newHeight; y++)
        {
            Array.Fill(sums, One * 8);
            for (int k = 0; k < down.Count; k++)
            {
                int from = Math.Clamp(down.First[y] + k, 0, height - 1);
                int weight = down.Weights[(y * down.Count) + k];
                ReadOnlySpan<short> row = this.between.AsSpan(from * newWidth, newWidth);
                for (int x = 0; x < newWidth; x++)
                {
                    sums[x] += row[x] * weight;
                }
            }

            Span<byte> found = this.result.AsSpan(y * newWidth, newWidth);
            for (int x = 0; x < newWidth; x++)
            {
                found[x] = (byte)Math.Clamp(sums[x] >> (WeightBits + 4), 0, 255);
            }
        }

        return this.result.AsSpan(0, newWidth * newHeight);
    }

    /// <summary>Which old pixels make each new one, along one side.</summary>
    private sealed class Taps
    {
        public Taps(int from, int to)
        {
            double scale = (double)to / from;
            double widen = Math.Max(1 / scale, 1);
            Count = (int)Math.Ceiling(4 * widen) + 1;
            First = new int[to];
            Weights = new int[to * Count];
            double[] raw = new double[Count];
            for (int i = 0; i < to; i++)
            {
                double middle = ((i + 0.5) / scale) - 0.5;
                First[i] = (int)Math.Ceiling(middle - (2 * widen));
                double sum = 0;
                for (int k = 0; k < Count; k++)
                {
                    raw[k] = Cubic(Math.Abs(First[i] + k - middle) / widen);
                    sum += raw[k];
                }

                int left = One;
                int largest = 0;
                for (int k = 0; k < Count; k++)
                {
                    int weight = (int)Math.Round(One * raw[k] / sum);
                    Weights[(i * Count) + k] = weight;
                    left -= weight;
                    largest = raw[k] > raw[largest] ? k : largest;
                }

                Weights[(i * Count) + largest] += left;
            }
        }

        public int Count { get; }

        public int[] First { get; }

        public int[] Weights { get; }

        private static double Cubic(double d) => d switch
        {
            < 1 => 1 + (d * d * ((1.5 * d) - 2.5)),
            < 2 => 2 + (d * (-4 + (d * (2.5 - (0.5 * d))))),
            _ => 0,
        };
    }
}
