namespace MatchCluster.Matching.IrisImages;

/// <summary>The contour of a pupil and how clear its edge is.</summary>
/// <param name="Contour">Where it is.</param>
/// <param name="Contrast">By how much the ring around it is brighter than what lies within.</param>
/// <param name="Clear">Share of the rays on which it rises at all clearly.</param>
/// <param name="Sharp">
/// The rise over the edge as a share of the difference between what lies within and around: 1 for a step, a
/// fifth for a shadow that fades.
/// </param>
/// <param name="Darkening">
/// By how much its middle is darker than its rim, as a share of the contrast: much where the disc is an iris
/// with a pupil of its own.
/// </param>
internal sealed record PupilFound(
    EyeContour Contour, double Contrast, double Clear, double Sharp, double Darkening);

/// <summary>
/// From a circle that may be the pupil to its contour: two closed paths, the second around the first's
/// centre.
/// </summary>
internal static class PupilContour
{
    /// <summary>Calm of the amplitudes: of the centre little, of the third order much.</summary>
    private static readonly double[] Calm = [0.004, 0.004, 0.016, 0.016, 0.036, 0.036];

    private const int MostGain = 60 * GrayPlane.Unit;
    private const int LeastGain = -10 * GrayPlane.Unit;
    private const int ClearRise = 6 * GrayPlane.Unit;

    public static PupilFound Find(EyeLevels levels, PupilCandidate candidate)
    {
        Turn turn = Turn.Of128;
        (double x, double y, double radius) = (candidate.X, candidate.Y, candidate.Radius);
        PolarSheet wide = PolarSheet.Read(levels, x, y, turn, radius * 0.3, radius / 20, 36);
        int[] gain = Clamped(wide.Gradient(3, 2));
        int[] path = ClosedContour.Find(gain, turn.Steps, wide.Samples, 30);
        (double[] radii, double[] weights) = Read(wide, gain, path);
        EyeContour first = Fitted(x, y, turn, radii, weights, Calm[..2]);
        x += first.Series[1];
        y -= first.Series[2];
        radius = first.Radius;

        PolarSheet near = PolarSheet.Read(levels, x, y, turn, radius * 0.6, radius / 40, 34);
        int[] gradient = near.Gradient(3, 1);
        gain = Clamped(gradient);
        path = ClosedContour.Find(gain, turn.Steps, near.Samples, 30);
        (radii, weights) = Read(near, gain, path);
        EyeContour contour = Fitted(x, y, turn, radii, weights, Calm);
        PolarSheet inside = PolarSheet.Read(levels, x, y, turn, radius * 0.05, radius * 0.05, 14);
        return Judged(contour, near, gradient, MeanOf(inside, 11, 14) - MeanOf(inside, 0, 4));
    }

    private static PupilFound Judged(EyeContour contour, PolarSheet sheet, int[] gradient, double darkening)
    {
        double[] radii = contour.Radii(sheet.Turn);
        double sum = 0;
        int clear = 0;
        for (int ray = 0; ray < sheet.Rays; ray++)
        {
            int k = (int)Math.Round((radii[ray] - sheet.First) / sheet.Step);
            int rise = k < 0 || k >= sheet.Samples ? 0 : gradient[(ray * sheet.Samples) + k];
            sum += rise;
            clear += rise >= ClearRise ? 1 : 0;
        }

        double difference = MeanOf(sheet, sheet.Samples - 9, sheet.Samples - 5) - MeanOf(sheet, 0, 4);
        return new PupilFound(
            contour, difference / GrayPlane.Unit, (double)clear / sheet.Rays,
            sum / sheet.Rays / Math.Max(1, difference), darkening / Math.Max(1, difference));
    }

    /// <summary>Mean of some samples of all rays.</summary>
    private static double MeanOf(PolarSheet sheet, int from, int to)
    {
        long sum = 0;
        for (int ray = 0; ray < sheet.Rays; ray++)
        {
            for (int k = from; k < to; k++)
            {
                sum += sheet.Values[(ray * sheet.Samples) + k];
            }
        }

        return (double)sum / (sheet.Rays * (to - from));
    }

    private static int[] Clamped(int[] gradient)
    {
        int[] gain = new int[gradient.Length];
        for (int i = 0; i < gain.Length; i++)
        {
            gain[i] = Math.Clamp(gradient[i], LeastGain, MostGain);
        }

        return gain;
    }

    private static (double[] Radii, double[] Weights) Read(PolarSheet sheet, int[] gain, int[] path)
    {
        double[] radii = ClosedContour.Between(gain, path, sheet.Samples);
        double[] weights = new double[radii.Length];
        for (int ray = 0; ray < radii.Length; ray++)
        {
            radii[ray] = sheet.RadiusAt(radii[ray]);
            weights[ray] = Math.Max(1, gain[(ray * sheet.Samples) + path[ray]]);
        }

        return (radii, weights);
    }

    /// <summary>Fits twice: rays that lie far from the first fit count little in the second.</summary>
    private static EyeContour Fitted(
        double x, double y, Turn turn, double[] radii, double[] weights, double[] calm)
    {
        EyeContour fit = EyeContour.Fit(x, y, turn, radii, weights, calm.AsSpan(..Math.Min(calm.Length, 4)));
        double[] fitted = fit.Radii(turn);
        for (int ray = 0; ray < radii.Length; ray++)
        {
            double off = Math.Abs(radii[ray] - fitted[ray]) / fit.Radius;
            weights[ray] *= off > 0.08 ? 0.05 : 1;
        }

        return EyeContour.Fit(x, y, turn, radii, weights, calm);
    }
}
