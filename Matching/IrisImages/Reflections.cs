namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Specular reflections: spots that are bright and much brighter than everything a few pixels away. They are
/// marked for the mask and filled from their left and right, so that no search for a contour meets their
/// edges.
/// </summary>
internal sealed class Reflections
{
    /// <summary>
    /// A small spot, up to a twenty-fifth of the picture, is this bright and rises this far above its
    /// surroundings.
    /// </summary>
    private const int SmallBright = 180;
    private const int SmallRise = 55;

    /// <summary>
    /// A large spot, up to a tenth of the picture, is brighter and rises farther: the sclera between lid and
    /// iris is bright, too.
    /// </summary>
    private const int LargeBright = 225;
    private const int LargeRise = 90;

    /// <summary>Pixels around a spot that its glare still brightens.</summary>
    private const int Halo = 1;

    private readonly byte[] marks;

    private Reflections(int width, byte[] marks, GrayPlane filled)
    {
        (Width, this.marks, Filled) = (width, marks, filled);
    }

    public int Width { get; }

    /// <summary>The picture with its spots filled.</summary>
    public GrayPlane Filled { get; }

    /// <summary>Whether a pixel belongs to a spot; false outside.</summary>
    public bool At(double x, double y)
    {
        int column = (int)Math.Floor(x + 0.5);
        int row = (int)Math.Floor(y + 0.5);
        return (uint)column < (uint)Width && (uint)row < (uint)(this.marks.Length / Width)
            && this.marks[(row * Width) + column] != 0;
    }

    public static Reflections Find(GrayPlane plane)
    {
        GrayPlane half = plane.Half();
        int longest = Math.Max(half.Width, half.Height);
        byte[] small = Opening.Of(half, Math.Max(3, longest / 50));
        byte[] large = Opening.Of(half, Math.Max(6, longest / 20));
        byte[] marks = new byte[plane.Pixels.Length];
        for (int y = 0; y < plane.Height; y++)
        {
            int row = Math.Min(y / 2, half.Height - 1) * half.Width;
            for (int x = 0; x < plane.Width; x++)
            {
                int value = plane[x, y];
                if (value < SmallBright)
                {
                    continue;
                }

                int at = row + Math.Min(x / 2, half.Width - 1);
                if (value - small[at] >= SmallRise || (value >= LargeBright && value - large[at] >= LargeRise))
                {
                    Mark(marks, plane.Width, plane.Height, x, y);
                }
            }
        }

        return new Reflections(plane.Width, marks, Fill(plane, marks));
    }

    private static void Mark(byte[] marks, int width, int height, int x, int y)
    {
        int left = Math.Max(0, x - Halo);
        int length = Math.Min(width - 1, x + Halo) - left + 1;
        for (int row = Math.Max(0, y - Halo); row <= Math.Min(height - 1, y + Halo); row++)
        {
            marks.AsSpan((row * width) + left, length).Fill(1);
        }
    }

    /// <summary>
    /// Each run of marked pixels of a row goes evenly from its left to its right neighbour.
    /// </summary>
    private static GrayPlane Fill(GrayPlane plane, byte[] marks)
    {
        byte[] filled = (byte[])plane.Pixels.Clone();
        int width = plane.Width;
        for (int y = 0; y < plane.Height; y++)
        {
            Span<byte> row = filled.AsSpan(y * width, width);
            ReadOnlySpan<byte> marked = marks.AsSpan(y * width, width);
            int at = 0;
            while (at < width && marked[at..].IndexOf((byte)1) is >= 0 and int skip)
            {
                int from = at + skip;
                int length = marked[from..].IndexOf((byte)0);
                length = length < 0 ? width - from : length;
                int left = from > 0 ? row[from - 1] : from + length < width ? row[from + length] : row[from];
                int right = from + length < width ? row[from + length] : left;
                for (int k = 0; k < length; k++)
                {
                    row[from + k] = (byte)(left + ((right - left) * (k + 1) / (length + 1)));
                }

                at = from + length;
            }
        }

        return new GrayPlane(width, plane.Height, filled, 0);
    }
}
