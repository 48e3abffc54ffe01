namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// The edge of a lid over an iris as a parabola, in radii of the iris around its middle, y upwards: the lid
/// is where y exceeds (upper) or lies below (lower) Height + Tilt x + Curve x².
/// </summary>
public sealed record EyelidEdge(double Height, double Tilt, double Curve)
{
    public double At(double x) => Height + (Tilt * x) + (Curve * x * x);
}

/// <summary>
/// Looks for the two lids: parabolas along which skin that is brighter than the iris ends. A lid that does
/// not reach over the iris, or whose edge is faint, is none.
/// </summary>
internal static class Eyelids
{
    private const int Columns = 47;
    private const int Rows = 72;
    private const double RowStep = 0.025;
    private const int Reach = 4;

    /// <summary>
    /// A lid ends at or beyond the middle of the iris: a lid that hides more hides the pupil.
    /// </summary>
    private const double LeastHeightOfUpper = 0.1;
    private const double LeastHeightOfLower = 0.3;

    /// <summary>A lid whose middle lies farther out is not compared with the border of the iris.</summary>
    private const double SurelyLid = 0.8;

    /// <summary>
    /// Percent of the lid's rise from which on the border of the iris speaks against the lid.
    /// </summary>
    private const int LimbusShare = 100;
    private const int MostRise = 50 * GrayPlane.Unit;

    /// <summary>Rise below which an edge counts against a parabola, in sixteenths.</summary>
    private const int Bias = 5 * GrayPlane.Unit;
    private const int MostGain = 16 * GrayPlane.Unit;

    /// <summary>What a whole parabola must gain: eight columns of a clear edge.</summary>
    private const int LeastSum = 8 * 10 * GrayPlane.Unit;

    /// <summary>What it must gain in the mean of the columns in which it lies over the iris.</summary>
    private const int LeastMean = 4 * GrayPlane.Unit;

    /// <summary>The lid of the upper or lower half; null where there is none.</summary>
    public static EyelidEdge? Find(EyeLevels levels, EyeContour pupil, EyeContour limbus, bool upper)
    {
        int[] gain = Gain(levels, pupil, limbus, upper);
        double least = upper ? LeastHeightOfUpper : LeastHeightOfLower;
        int best = LeastSum;
        EyelidEdge? lid = null;
        for (int k = Reach; HeightOf(k) >= least; k++)
        {
            for (double curve = 0; curve < 0.55; curve += 0.1)
            {
                for (double tilt = -0.4; tilt < 0.41; tilt += 0.1)
                {
                    double height = HeightOf(k);
                    (int sum, int inside) = Sum(gain, height, tilt, curve);
                    if (sum > best && sum >= inside * LeastMean)
                    {
                        best = sum;
                        lid = upper ? new EyelidEdge(height, tilt, -curve) : new EyelidEdge(-height, tilt, curve);
                    }
                }
            }
        }

        return lid is { } found && !upper && EndsAtLimbus(levels, limbus, found) ? null : lid;
    }

    /// <summary>
    /// Whether the iris goes on beyond the edge of a lid and ends where its own border is: then the edge is
    /// that of a shade or of the texture. A lid that reaches over the border only a little is not doubted.
    /// </summary>
    private static bool EndsAtLimbus(EyeLevels levels, EyeContour limbus, EyelidEdge lid)
    {
        if (Math.Abs(lid.Height) > SurelyLid)
        {
            return false;
        }

        const double sign = -1;
        GrayPlane plane = levels.ForStep(limbus.Radius * 0.04);
        int atLid = 0;
        int atLimbus = 0;
        int outside = 0;
        int inside = 0;
        for (int column = 0; column < Columns; column++)
        {
            double x = ColumnOf(column);
            double border = 1 - (x * x);
            double y = lid.At(x);
            if (Math.Abs(x) > 0.8 || y * y > border * 0.8)
            {
                continue;
            }

            double arc = sign * Math.Sqrt(border);
            atLid += Rise(plane, limbus, x, y, sign);
            atLimbus += Rise(plane, limbus, x, arc, sign);
            outside += Rise(plane, limbus, x, arc * 1.05, sign);
            inside += Rise(plane, limbus, x, arc * 0.95, sign);
        }

        return Math.Max(atLimbus, Math.Max(outside, inside)) >= atLid * LimbusShare / 100;
    }

    /// <summary>
    /// How much brighter the picture is beyond a point than within, in sixteenths, limited.
    /// </summary>
    private static int Rise(GrayPlane plane, EyeContour limbus, double x, double y, double sign)
    {
        int rise = 0;
        for (int k = 1; k <= Reach; k++)
        {
            double off = sign * RowStep * k;
            double column = limbus.MiddleX + (x * limbus.Radius);
            int beyond = plane.Sample(column, limbus.MiddleY - ((y + off) * limbus.Radius));
            int within = plane.Sample(column, limbus.MiddleY - ((y - off) * limbus.Radius));
            rise += beyond < 0 || within < 0 ? 0 : beyond - within;
        }

        return Math.Clamp(rise / Reach, -MostRise, MostRise);
    }

    /// <summary>Rows go from the far side of the lid to the middle of the eye and beyond.</summary>
    private static double HeightOf(double row) => 1.15 - (row * RowStep);

    private static double ColumnOf(int column) => (column - (Columns / 2)) / (double)(Columns / 2);

    private static (int Sum, int Inside) Sum(int[] gain, double height, double tilt, double curve)
    {
        int sum = 0;
        int inside = 0;
        for (int column = 0; column < Columns; column++)
        {
            double x = ColumnOf(column);
            double y = height + (tilt * x) - (curve * x * x);
            int row = (int)(((1.15 - y) / RowStep) + 0.5);
            int one = row < 0 || row >= Rows ? 0 : gain[(column * Rows) + row];
            sum += one;
            inside += one != 0 ? 1 : 0;
        }

        return (sum, inside);
    }

    /// <summary>
    /// By how much the picture is brighter on the lid's side, less the bias; 0 outside the iris and at the
    /// pupil. The lower half is seen upside down (turned by half a turn), so that both are searched alike.
    /// </summary>
    private static int[] Gain(EyeLevels levels, EyeContour pupil, EyeContour limbus, bool upper)
    {
        double radius = limbus.Radius;
        double sign = upper ? 1 : -1;
        GrayPlane plane = levels.ForStep(radius * 0.04);
        double pupilX = sign * (pupil.CentreX - limbus.MiddleX) / radius;
        double pupilY = -sign * (pupil.CentreY - limbus.MiddleY) / radius;
        double pupilReach = 1.2 * pupil.Radius / radius;
        int[] gain = new int[Columns * Rows];
        int[] sums = new int[Rows + 1];
        for (int column = 0; column < Columns; column++)
        {
            double x = ColumnOf(column);
            int seen = 0;
            for (int row = 0; row < Rows; row++)
            {
                double y = HeightOf(row);
                int value = plane.Sample(
                    limbus.MiddleX + (sign * x * radius), limbus.MiddleY - (sign * y * radius));
                seen = value < 0 ? row + 1 : seen;
                sums[row + 1] = sums[row] + Math.Max(0, value);
            }

            for (int row = seen + Reach; row + Reach <= Rows; row++)
            {
                double y = HeightOf(row - 0.5);
                double dx = x - pupilX;
                double dy = y - pupilY;
                if ((x * x) + (y * y) < 0.93 * 0.93 && (dx * dx) + (dy * dy) > pupilReach * pupilReach)
                {
                    int fall = ((2 * sums[row]) - sums[row - Reach] - sums[row + Reach]) / Reach;
                    gain[(column * Rows) + row] = Math.Clamp(fall, -Bias, MostGain) - Bias;
                }
            }
        }

        return gain;
    }
}
