namespace MatchCluster.Matching.IrisImages;

/// <summary>A circle that may be the outer border of the iris, relative to the picture.</summary>
/// <param name="X">Column of the centre.</param>
/// <param name="Y">Row of the centre.</param>
/// <param name="Radius">Radius in pixels.</param>
/// <param name="Score">Mean rise of the grey value over both sides, in grey values, weighed by
/// plausibility.</param>
internal readonly record struct LimbusCandidate(double X, double Y, double Radius, double Score);

/// <summary>
/// Hypotheses for the outer border of an iris whose pupil is known. Only rays to the left and right are
/// looked at, because lids cover the rest. One kind of hypothesis is the circle over whose edge the grey
/// value rises most (the integro-differential operator of J. Daugman, IEEE Trans. PAMI 15(11), 1993); the
/// other one is the circle through the closed path of the largest rise.
/// </summary>
internal static class LimbusSearch
{
    /// <summary>Smallest radius of an iris that is encoded, in pixels.</summary>
    public const double LeastRadius = 36;

    private const int Samples = 112;

    /// <summary>What a side that was not seen counts as, as a share of the other side.</summary>
    private const double CutOff = 0.5;
    private const int MostGain = 22 * GrayPlane.Unit;
    private const int LeastGain = -8 * GrayPlane.Unit;

    /// <summary>
    /// Rays of a side: from 20 degrees above the horizontal to 42 below, every second one. Farther up there
    /// are lashes and their shade.
    /// </summary>
    private static readonly int[] Right = [.. Enumerable.Range(0, 12).Select(i => (128 + 7 - (2 * i)) % 128)];
    private static readonly int[] Left = [.. Enumerable.Range(0, 12).Select(i => 64 - 7 + (2 * i))];

    /// <summary>Offsets of the centre from the pupil's that are tried, in shares of the radius.</summary>
    private static readonly double[] OffsetsX = [-0.16, -0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12, 0.16];
    private static readonly double[] OffsetsY = [-0.05, 0, 0.05];

    /// <summary>
    /// The best hypotheses, the best first; none where the picture has no room for an iris.
    /// </summary>
    public static List<LimbusCandidate> Find(EyeLevels levels, EyeContour pupil)
    {
        // Smaller irises are found, too, so that they can be refused as such.
        double least = Math.Max(pupil.Radius * 1.3, Math.Min(LeastRadius, Math.Max(12, pupil.Radius * 1.6)));
        double most = Math.Min(pupil.Radius * 6, 0.62 * Math.Max(levels.Width, levels.Height));
        if (most < least * 1.1)
        {
            return [];
        }

        double first = Math.Max(pupil.Radius * 1.1, least * 0.8);
        double step = ((most * 1.12) - first) / (Samples - 1);
        PolarSheet sheet = PolarSheet.Read(
            levels, pupil.CentreX, pupil.CentreY, Turn.Of128, first, step, Samples);
        int reach = Math.Max(3, (int)Math.Round(0.05 * (least + most) / 2 / step));
        int[] gain = sheet.Gradient(reach, 2);
        for (int i = 0; i < gain.Length; i++)
        {
            gain[i] = Math.Clamp(gain[i], LeastGain, MostGain);
        }

        int[] seen = [.. Enumerable.Range(0, sheet.Rays).Select(ray => sheet.SeenOf(ray) - reach)];
        LimbusCandidate[] profile = Profile(sheet, gain, seen, pupil, least, most);
        List<LimbusCandidate> found = Peaks(profile);
        if (Path(sheet, gain, seen, pupil, least, most) is { } path)
        {
            found.Add(path);
        }

        found.Sort((a, b) => b.Score.CompareTo(a.Score));
        return found;
    }

    /// <summary>The best circle of each radius, a sample apart.</summary>
    private static LimbusCandidate[] Profile(
        PolarSheet sheet, int[] gain, int[] seen, EyeContour pupil, double least, double most)
    {
        List<LimbusCandidate> profile = [];
        for (double radius = least; radius <= most; radius += sheet.Step)
        {
            LimbusCandidate best = default;
            foreach (double offsetY in OffsetsY)
            {
                foreach (double offsetX in OffsetsX)
                {
                    LimbusCandidate one = Judged(
                        sheet, gain, seen, pupil, radius, offsetX * radius, offsetY * radius);
                    best = one.Score > best.Score ? one : best;
                }
            }

            profile.Add(best);
        }

        return [.. profile];
    }

    /// <summary>The highest peaks of the profile; another one must differ by an eighth in radius.</summary>
    private static List<LimbusCandidate> Peaks(LimbusCandidate[] profile)
    {
        List<LimbusCandidate> found = [];
        foreach (LimbusCandidate one in profile.OrderByDescending(one => one.Score))
        {
            if (one.Score > 0 && found.Count < 3
                && found.TrueForAll(other => Math.Abs(other.Radius - one.Radius) > other.Radius / 8))
            {
                found.Add(one);
            }
        }

        return found;
    }

    private static LimbusCandidate? Path(
        PolarSheet sheet, int[] gain, int[] seen, EyeContour pupil, double least, double most)
    {
        int[] path = ClosedContour.Find(gain, sheet.Rays, sheet.Samples, 40);
        double[] radii = new double[sheet.Rays];
        double[] weights = new double[sheet.Rays];
        foreach (int ray in Right.Concat(Left))
        {
            radii[ray] = sheet.RadiusAt(path[ray]);
            weights[ray] = 1;
        }

        EyeContour circle = EyeContour.Fit(0, 0, sheet.Turn, radii, weights, [0.01, 0.1]);
        double x = Math.Clamp(circle.Series[1], -0.2 * circle.Radius, 0.2 * circle.Radius);
        double y = Math.Clamp(-circle.Series[2], -0.2 * circle.Radius, 0.2 * circle.Radius);
        return circle.Radius < least || circle.Radius > most
            ? null
            : Judged(sheet, gain, seen, pupil, circle.Radius, x, y);
    }

    /// <summary>
    /// The score of a circle: half the mean of its sides and half the weaker side, times how plausible its
    /// size is beside the pupil's and how far its centre lies from the pupil's. A side that the picture cuts
    /// off counts as half of the other.
    /// </summary>
    private static LimbusCandidate Judged(
        PolarSheet sheet, int[] gain, int[] seen, EyeContour pupil, double radius, double dx, double dy)
    {
        double? right = Side(sheet, gain, seen, Right, radius, dx, dy);
        double? left = Side(sheet, gain, seen, Left, radius, dx, dy);
        double one = right ?? (left * CutOff) ?? 0;
        double other = left ?? (right * CutOff) ?? 0;
        double rise = ((one + other) / 4) + (Math.Min(one, other) / 2);
        double ratio = pupil.Radius / radius;
        double plausible = ratio < 0.24 ? Math.Max(0.2, 1 - (4 * (0.24 - ratio)))
            : ratio > 0.6 ? Math.Max(0.2, 1 - (4 * (ratio - 0.6))) : 1;
        double aside = ((dx * dx) + (8 * dy * dy)) / (radius * radius);
        return new LimbusCandidate(
            pupil.CentreX + dx, pupil.CentreY + dy, radius,
            rise * plausible * (1 - (4 * aside)) / GrayPlane.Unit);
    }

    /// <summary>
    /// The mean gain of a side, less where a part is cut off; null where less than a third of it lies in the
    /// picture.
    /// </summary>
    private static double? Side(
        PolarSheet sheet, int[] gain, int[] seen, int[] rays, double radius, double dx, double dy)
    {
        double sum = 0;
        int count = 0;
        foreach (int ray in rays)
        {
            double along = (dx * sheet.Turn.Cos[ray]) - (dy * sheet.Turn.Sin[ray]);
            double across = (dx * sheet.Turn.Sin[ray]) + (dy * sheet.Turn.Cos[ray]);
            double at = radius + along - (across * across / (2 * radius));
            int k = (int)(((at - sheet.First) / sheet.Step) + 0.5);
            if (k < seen[ray])
            {
                sum += k < 0 ? 0 : gain[(ray * sheet.Samples) + k];
                count++;
            }
        }

        return 3 * count < rays.Length ? null : sum / count * (rays.Length + count) / (2 * rays.Length);
    }
}
