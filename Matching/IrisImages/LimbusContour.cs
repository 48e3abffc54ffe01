namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// From a circle to the contour of the iris: a closed path within a narrow band around it, through which an
/// ellipse-like series is laid. Rays to the sides decide; those where lids may be only say something where
/// the edge is clear.
/// </summary>
internal static class LimbusContour
{
    private const int Samples = 64;
    private const int Reach = 12;
    private const double Band = 0.13;

    /// <summary>
    /// Calm of the amplitudes. The rays that see the border say little about the height of the centre, which
    /// is then that of the pupil, and cannot tell the width of an ellipse from the radius of a circle.
    /// </summary>
    private static readonly double[] Calm = [0.005, 0.3, 0.1, 0.1];
    private const int MostGain = 24 * GrayPlane.Unit;
    private const int LeastGain = -4 * GrayPlane.Unit;

    /// <summary>The contour and the mean rise of the grey value over its sides.</summary>
    public static (EyeContour Contour, double Contrast) Find(
        EyeLevels levels, EyeContour pupil, LimbusCandidate circle)
    {
        EyeContour around = EyeContour.Circle(circle.X, pupil.CentreY, circle.Radius);
        EyeContour near = Fitted(levels, around, Calm.AsSpan(..2), out _, out _);
        EyeContour centred = EyeContour.Circle(
            near.CentreX + near.Series[1], pupil.CentreY, near.Radius);
        EyeContour contour = Fitted(levels, centred, Calm, out PolarSheet sheet, out int[] gradient);
        return (contour, Contrast(contour, sheet, gradient));
    }

    private static EyeContour Fitted(
        EyeLevels levels, EyeContour circle, ReadOnlySpan<double> calm, out PolarSheet sheet, out int[] gradient)
    {
        Turn turn = Turn.Of128;
        (double x, double y, double radius) = (circle.CentreX, circle.CentreY, circle.Radius);
        double step = 2 * Band * radius / (Samples - 1);
        sheet = PolarSheet.Read(levels, x, y, turn, (1 - Band) * radius, step, Samples);
        gradient = sheet.Gradient(Reach, 2);
        int[] gain = new int[gradient.Length];
        for (int i = 0; i < gain.Length; i++)
        {
            gain[i] = Math.Clamp(gradient[i], LeastGain, MostGain);
        }

        int[] path = ClosedContour.Find(gain, turn.Steps, Samples, 30);
        double[] radii = ClosedContour.Between(gain, path, Samples);
        double[] weights = new double[radii.Length];
        for (int ray = 0; ray < radii.Length; ray++)
        {
            double up = turn.Sin[ray];
            double open = up > 0.35 ? 0.1 : up > -0.6 ? 1 : 0.25;
            radii[ray] = sheet.RadiusAt(radii[ray]);
            open = path[ray] + Reach > sheet.SeenOf(ray) ? 0 : open;
            weights[ray] = open * Math.Max(0.5 * GrayPlane.Unit, gain[(ray * Samples) + path[ray]]);
        }

        EyeContour contour = EyeContour.Fit(x, y, turn, radii, weights, Calm.AsSpan(..2));
        for (int pass = 0; pass < 2; pass++)
        {
            double[] fitted = contour.Radii(turn);
            double[] again = new double[weights.Length];
            for (int ray = 0; ray < again.Length; ray++)
            {
                double off = (radii[ray] - fitted[ray]) / (0.03 * radius);
                again[ray] = weights[ray] / (1 + (off * off));
            }

            contour = EyeContour.Fit(x, y, turn, radii, again, calm);
        }

        return contour;
    }

    /// <summary>Mean rise over the sides of the contour, in grey values.</summary>
    private static double Contrast(EyeContour contour, PolarSheet sheet, int[] gradient)
    {
        double[] radii = contour.Radii(sheet.Turn);
        double sum = 0;
        int count = 0;
        for (int ray = 0; ray < sheet.Rays; ray++)
        {
            int k = (int)Math.Round((radii[ray] - sheet.First) / sheet.Step);
            if (Math.Abs(sheet.Turn.Sin[ray]) < 0.5 && k >= Reach && k + Reach <= sheet.SeenOf(ray))
            {
                sum += gradient[(ray * sheet.Samples) + k];
                count++;
            }
        }

        return count == 0 ? 0 : sum / count / GrayPlane.Unit;
    }
}
