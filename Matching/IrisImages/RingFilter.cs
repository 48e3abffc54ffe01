namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Scores a point as the centre of a dark disc, radius by radius: sixteen points just outside the circle are
/// compared with sixteen just inside (the ring filter of OSIRIS and the integro-differential operator of J.
/// Daugman, IEEE Trans. PAMI 15(11), 1993, on few points).
/// </summary>
internal sealed class RingFilter
{
    public const int LeastRadius = 3;

    private const int Points = 16;

    /// <summary>
    /// What a single point may add or take: glints and lashes count as little as one clear edge.
    /// </summary>
    private const int MostRise = 40;
    private const int MostFall = 20;

    private readonly GrayPlane plane;
    private readonly int mostRadius;
    private readonly int darkest;
    private readonly int[] offsets;

    /// <param name="plane">The picture at a coarse level, without bright spots.</param>
    /// <param name="mostRadius">Largest radius, in its pixels.</param>
    /// <param name="darkest">Grey value of the darkest places of the picture.</param>
    public RingFilter(GrayPlane plane, int mostRadius, int darkest)
    {
        (this.plane, this.mostRadius, this.darkest) = (plane, mostRadius, darkest);
        this.offsets = Offsets(plane.Width, mostRadius + 2);
    }

    /// <summary>Writes the score of each radius from <see cref="LeastRadius"/> on.</summary>
    /// <returns>The largest radius for which there is room, or less than the least.</returns>
    public int Scores(int x, int y, Span<double> scores)
    {
        int room = Math.Min(Math.Min(x, this.plane.Width - 1 - x), Math.Min(y, this.plane.Height - 1 - y)) - 2;
        int last = Math.Min(room, this.mostRadius);
        if (last < LeastRadius)
        {
            return last;
        }

        int centre = (y * this.plane.Width) + x;
        Span<int> inner = stackalloc int[Points];
        Span<int> middle = stackalloc int[Points];
        Span<int> outer = stackalloc int[Points];
        Read(centre, LeastRadius - 1, inner);
        Read(centre, LeastRadius, middle);
        int insideSum = this.plane.Pixels[centre];
        for (int radius = LeastRadius; radius <= last; radius++)
        {
            Read(centre, radius + 1, outer);
            int sum = 0;
            int rising = 0;
            int ring = 0;
            for (int k = 0; k < Points; k++)
            {
                int rise = outer[k] - inner[k];
                sum += Math.Clamp(rise, -MostFall, MostRise);
                rising += rise > 3 ? 1 : 0;
                ring += inner[k];
            }

            insideSum += ring / Points;
            double inside = ((double)insideSum / (radius - LeastRadius + 2)) - this.darkest;
            scores[radius] =
                ((double)sum / Points * rising / Points) - (0.15 * Math.Max(0, inside));
            Span<int> spare = inner;
            inner = middle;
            middle = outer;
            outer = spare;
        }

        return last;
    }

    private void Read(int centre, int radius, Span<int> values)
    {
        ReadOnlySpan<byte> pixels = this.plane.Pixels;
        ReadOnlySpan<int> offsets = this.offsets.AsSpan(radius * Points, Points);
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = pixels[centre + offsets[k]];
        }
    }

    private static int[] Offsets(int width, int most)
    {
        int[] offsets = new int[(most + 1) * Points];
        int step = Turn.Of128.Steps / Points;
        for (int radius = 0; radius <= most; radius++)
        {
            for (int k = 0; k < Points; k++)
            {
                int x = (int)Math.Round(radius * Turn.Of128.Cos[k * step]);
                int y = (int)Math.Round(radius * Turn.Of128.Sin[k * step]);
                offsets[(radius * Points) + k] = x - (y * width);
            }
        }

        return offsets;
    }
}
