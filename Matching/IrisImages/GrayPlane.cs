namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// The picture at one scale: level k has pixels of 2^k original pixels a side. Positions are always those of
/// the original picture; pixel i of level k has its centre at (i + 1/2) 2^k - 1/2.
/// </summary>
internal sealed class GrayPlane(int width, int height, byte[] pixels, int level)
{
    /// <summary>Units of <see cref="Sample"/> in one grey value.</summary>
    public const int Unit = 16;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public byte[] Pixels { get; } = pixels;

    public int Level { get; } = level;

    /// <summary>Original pixels of a side.</summary>
    public int Scale => 1 << Level;

    public byte this[int x, int y] => Pixels[(y * Width) + x];

    /// <summary>The next level: the mean of four pixels, rounded.</summary>
    public GrayPlane Half()
    {
        int w = Width / 2;
        int h = Height / 2;
        byte[] half = new byte[w * h];
        for (int y = 0; y < h; y++)
        {
            ReadOnlySpan<byte> upper = Pixels.AsSpan(2 * y * Width, 2 * w);
            ReadOnlySpan<byte> lower = Pixels.AsSpan(((2 * y) + 1) * Width, 2 * w);
            Span<byte> target = half.AsSpan(y * w, w);
            for (int x = 0; x < target.Length; x++)
            {
                int sum = upper[2 * x] + upper[(2 * x) + 1] + lower[2 * x] + lower[(2 * x) + 1];
                target[x] = (byte)((sum + 2) >> 2);
            }
        }

        return new GrayPlane(w, h, half, Level + 1);
    }

    /// <summary>
    /// The grey value at a position of the original picture in units of a sixteenth, between four pixels; -1
    /// outside the picture. All arithmetic after the rounding of the position to 1/256 pixel is in integers.
    /// </summary>
    public int Sample(double x, double y)
    {
        double scale = 1.0 / Scale;
        int fx = (int)Math.Floor((((x + 0.5) * scale) - 0.5) * 256);
        int fy = (int)Math.Floor((((y + 0.5) * scale) - 0.5) * 256);
        int column = fx >> 8;
        int row = fy >> 8;
        if ((uint)column >= (uint)(Width - 1) || (uint)row >= (uint)(Height - 1))
        {
            return -1;
        }

        fx &= 255;
        fy &= 255;
        int at = (row * Width) + column;
        int upper = (Pixels[at] * (256 - fx)) + (Pixels[at + 1] * fx);
        int lower = (Pixels[at + Width] * (256 - fx)) + (Pixels[at + Width + 1] * fx);
        return ((upper * (256 - fy)) + (lower * fy) + 2048) >> 12;
    }
}
