namespace MatchCluster.Matching.IrisImages;

/// <summary>A circle that may be the pupil, in pixels of the picture.</summary>
internal readonly record struct PupilCandidate(double X, double Y, double Radius, double Score);

/// <summary>
/// Looks for dark discs with a brighter ring around them: for each dark point and each radius, sixteen
/// points just outside the circle are compared with sixteen just inside (the ring filter of OSIRIS and the
/// integro-differential operator of J. Daugman, IEEE Trans. PAMI 15(11), 1993, on few points).
/// </summary>
internal static class PupilSearch
{
    /// <summary>Candidates that are kept.</summary>
    public const int Most = 6;

    private const int Points = 16;
    private const int LeastRadius = 3;

    /// <summary>Share of the pixels that are dark enough for a pupil's centre.</summary>
    private const double DarkShare = 0.4;

    /// <summary>
    /// What a single point may add or take: glints and lashes count as little as one clear edge.
    /// </summary>
    private const int MostRise = 40;
    private const int MostFall = 20;

    public static List<PupilCandidate> Find(EyeLevels levels)
    {
        GrayPlane coarse = levels.Coarse;
        int longest = Math.Max(coarse.Width, coarse.Height);
        byte[] opened = Opening.Of(coarse, Math.Max(2, longest / 60));
        GrayPlane plane = new(coarse.Width, coarse.Height, opened, coarse.Level);
        int mostRadius = Math.Min(Math.Min(coarse.Width, coarse.Height) / 3, 150 / coarse.Scale);
        int[] offsets = Offsets(plane.Width, mostRadius + 2);
        (int darkest, int dark) = Levels(opened);
        List<PupilCandidate> found = [];
        for (int y = LeastRadius + 2; y < plane.Height - LeastRadius - 2; y += 2)
        {
            for (int x = LeastRadius + 2; x < plane.Width - LeastRadius - 2; x += 2)
            {
                if (plane[x, y] <= dark)
                {
                    Keep(found, Best(plane, x, y, offsets, mostRadius, darkest));
                }
            }
        }

        List<PupilCandidate> better = [];
        foreach (PupilCandidate one in found)
        {
            PupilCandidate best = one;
            for (int dy = -1; dy <= 1; dy++)
            {
                for (int dx = -1; dx <= 1; dx++)
                {
                    PupilCandidate near =
                        Best(plane, (int)one.X + dx, (int)one.Y + dy, offsets, mostRadius, darkest);
                    best = near.Score > best.Score ? near : best;
                }
            }

            double scale = plane.Scale;
            better.Add(new PupilCandidate(
                ((best.X + 0.5) * scale) - 0.5, ((best.Y + 0.5) * scale) - 0.5, best.Radius * scale, best.Score));
        }

        better.Sort((a, b) => b.Score.CompareTo(a.Score));
        return better;
    }

    private static PupilCandidate Best(
        GrayPlane plane, int x, int y, int[] offsets, int mostRadius, int darkest)
    {
        int room = Math.Min(Math.Min(x, plane.Width - 1 - x), Math.Min(y, plane.Height - 1 - y)) - 2;
        int last = Math.Min(room, mostRadius);
        if (x < 0 || y < 0 || last < LeastRadius)
        {
            return default;
        }

        int centre = (y * plane.Width) + x;
        ReadOnlySpan<byte> pixels = plane.Pixels;
        Span<int> inner = stackalloc int[Points];
        Span<int> middle = stackalloc int[Points];
        Span<int> outer = stackalloc int[Points];
        Read(pixels, centre, offsets, LeastRadius - 1, inner);
        Read(pixels, centre, offsets, LeastRadius, middle);
        double best = 0;
        int radius = 0;
        int insideSum = pixels[centre];
        int rings = 1;
        for (int r = LeastRadius; r <= last; r++)
        {
            Read(pixels, centre, offsets, r + 1, outer);
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
            rings++;
            double inside = ((double)insideSum / rings) - darkest;
            double share = (double)rising / Points;
            double score = ((double)sum / Points * share) - (0.3 * Math.Max(0, inside));
            if (score > best)
            {
                best = score;
                radius = r;
            }

            Span<int> spare = inner;
            inner = middle;
            middle = outer;
            outer = spare;
        }

        return new PupilCandidate(x, y, radius, best);
    }

    private static void Read(ReadOnlySpan<byte> pixels, int centre, int[] offsets, int radius, Span<int> values)
    {
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = pixels[centre + offsets[(radius * Points) + k]];
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

    /// <summary>
    /// The value that one pixel in a hundred is below, and the one that the share of dark pixels is.
    /// </summary>
    private static (int Darkest, int Dark) Levels(byte[] pixels)
    {
        int[] histogram = Contrast.HistogramOf(pixels);
        return (
            Contrast.Below(histogram, pixels.Length / 100),
            Contrast.Below(histogram, (int)(pixels.Length * DarkShare)));
    }

    /// <summary>Keeps the best candidates, of which no two have centres closer than half a radius.</summary>
    private static void Keep(List<PupilCandidate> found, PupilCandidate one)
    {
        if (one.Score <= 0 || (found.Count == Most && one.Score <= found[^1].Score))
        {
            return;
        }

        for (int i = found.Count - 1; i >= 0; i--)
        {
            double dx = found[i].X - one.X;
            double dy = found[i].Y - one.Y;
            double near = Math.Max(found[i].Radius, one.Radius) / 2;
            if ((dx * dx) + (dy * dy) <= near * near)
            {
                if (found[i].Score >= one.Score)
                {
                    return;
                }

                found.RemoveAt(i);
            }
        }

        int place = found.FindIndex(other => other.Score < one.Score);
        found.Insert(place < 0 ? found.Count : place, one);
        if (found.Count > Most)
        {
            found.RemoveAt(Most);
        }
    }
}
