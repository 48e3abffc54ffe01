namespace MatchCluster.Matching.IrisImages;

/// <summary>A circle that may be the pupil, in pixels of the picture.</summary>
internal readonly record struct PupilCandidate(double X, double Y, double Radius, double Score);

/// <summary>
/// Looks for dark discs with a brighter ring around them (<see cref="RingFilter"/>). Of each centre the best
/// two radii are kept: a dark iris in a bright sclera is such a disc, too, around the same centre as its
/// pupil.
/// </summary>
internal static class PupilSearch
{
    /// <summary>Candidates that are kept.</summary>
    public const int Most = 8;

    /// <summary>Share of the pixels that are dark enough for a pupil's centre.</summary>
    private const double DarkShare = 0.4;

    /// <summary>Pixels of a large picture's coarse level that the smallest pupil takes: a radius of 5.</summary>
    private const int LeastPupilPixels = 80;

    /// <summary>Two radii around one centre are of different discs where one is larger by this.</summary>
    private const double Apart = 1.3;

    /// <summary>The best candidates, the best first.</summary>
    public static List<PupilCandidate> Find(EyeLevels levels)
    {
        GrayPlane coarse = levels.Coarse;
        byte[] opened = Opening.Of(coarse, Math.Clamp(Math.Max(coarse.Width, coarse.Height) / 60, 2, 3));
        (int darkest, int dark) = Levels(
            opened, Math.Max(coarse.Width, coarse.Height) > EyeLevels.CoarseSide);
        int mostRadius = Math.Min(Math.Min(coarse.Width, coarse.Height) / 3, 150 / coarse.Scale);
        RingFilter filter = new(
            new GrayPlane(coarse.Width, coarse.Height, opened, coarse.Level), mostRadius, darkest);
        const int Border = RingFilter.LeastRadius + 2;
        double[] scores = new double[mostRadius + 1];
        List<PupilCandidate> found = [];
        for (int y = Border; y < coarse.Height - Border; y += 2)
        {
            for (int x = Border; x < coarse.Width - Border; x += 2)
            {
                if (opened[(y * coarse.Width) + x] <= dark)
                {
                    int last = filter.Scores(x, y, scores);
                    PupilCandidate best = BestOf(scores, x, y, RingFilter.LeastRadius, last);
                    Keep(found, best);
                    PupilCandidate inner = BestOf(
                        scores, x, y, RingFilter.LeastRadius, Math.Min(last, (int)(best.Radius / Apart)));
                    PupilCandidate outer = BestOf(scores, x, y, (int)Math.Ceiling(best.Radius * Apart), last);
                    Keep(found, inner.Score > outer.Score ? inner : outer);
                }
            }
        }

        List<PupilCandidate> better =
            [.. found.Select(one => InPixels(Refined(filter, one, scores), coarse.Scale))];
        better.Sort((a, b) => b.Score.CompareTo(a.Score));
        return better;
    }

    /// <summary>The best of a candidate and its neighbours of about its radius.</summary>
    private static PupilCandidate Refined(RingFilter filter, PupilCandidate one, double[] scores)
    {
        PupilCandidate best = one;
        for (int dy = -1; dy <= 1; dy++)
        {
            for (int dx = -1; dx <= 1; dx++)
            {
                (int x, int y) = ((int)one.X + dx, (int)one.Y + dy);
                int last = filter.Scores(x, y, scores);
                PupilCandidate near = BestOf(
                    scores, x, y, Math.Max(RingFilter.LeastRadius, (int)one.Radius - 2),
                    Math.Min(last, (int)one.Radius + 2));
                best = near.Score > best.Score ? near : best;
            }
        }

        return best;
    }

    private static PupilCandidate BestOf(double[] scores, int x, int y, int from, int to)
    {
        PupilCandidate best = default;
        for (int radius = from; radius <= to; radius++)
        {
            best = scores[radius] > best.Score ? new PupilCandidate(x, y, radius, scores[radius]) : best;
        }

        return best;
    }

    private static PupilCandidate InPixels(PupilCandidate one, double scale) => new(
        ((one.X + 0.5) * scale) - 0.5, ((one.Y + 0.5) * scale) - 0.5, one.Radius * scale, one.Score);

    /// <summary>
    /// The value that one pixel in a hundred is below, and the one that the share of dark pixels is. In a large picture
    /// a small pupil takes less than that, and the iris would pass for the darkest place.
    /// </summary>
    private static (int Darkest, int Dark) Levels(byte[] pixels, bool isLarge)
    {
        int[] histogram = Contrast.HistogramOf(pixels);
        int few = pixels.Length / 100;
        return (
            Contrast.Below(histogram, isLarge ? Math.Min(few, LeastPupilPixels) : few),
            Contrast.Below(histogram, (int)(pixels.Length * DarkShare)));
    }

    /// <summary>
    /// Keeps the best candidates, of which no two of about one radius have centres closer than half of it.
    /// </summary>
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
            double ratio = Math.Max(found[i].Radius, one.Radius) / Math.Min(found[i].Radius, one.Radius);
            if (ratio < Apart && (dx * dx) + (dy * dy) <= near * near)
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
