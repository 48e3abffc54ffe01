namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Motion in the picture of an iris: detail along one direction is missing that is there across it. For each of
/// eight directions the power of fine differences is taken as a share of that of coarse ones. The fibres of the iris
/// run along the radius and do the same, so that its logarithm is explained by the sum of two parts: one of the
/// direction in the picture, which is the motion's, and one of the direction from the radius, which is the fibres'.
/// Defocus takes detail from all directions alike and changes nothing.
/// </summary>
/// <remarks>Lengths are relative to the iris: its radius counts as 100 pixels.</remarks>
internal static class MotionBlur
{
    private const int Directions = 8;
    private const int Fine = 2;
    private const int Coarse = 8;

    /// <summary>Turns after which the two parts no longer change.</summary>
    private const int Passes = 30;

    /// <summary>The part of the way through the iris that is looked at: no border, whose edges are sharper.</summary>
    private const double First = 0.15;
    private const double Last = 0.85;

    /// <summary>Percent of the detail that is missing along the direction of the motion; 0 where none is.</summary>
    public static double Of(EyeLevels levels, EyeSegmentation eye, PolarIris iris)
    {
        EyeContour limbus = eye.Limbus;
        GrayPlane plane = levels.ForStep(limbus.Radius / 100);
        double unit = Math.Max(1, limbus.Radius / 100);
        long[,] fine = new long[Directions, Directions];
        long[,] coarse = new long[Directions, Directions];
        Turn turn = Turn.Of512;
        double[] inner = eye.Pupil.Contour.Radii(turn);
        double[] outer = limbus.Radii(turn);
        for (int row = 0; row < PolarIris.Rows; row += 2)
        {
            double depth = PolarIris.DepthOf(row);
            for (int column = 0; depth is > First and < Last && column < PolarIris.Columns; column += 3)
            {
                if (!iris.Visible[(row * PolarIris.Columns) + column])
                {
                    continue;
                }

                (double cos, double sin) = (turn.Cos[column], turn.Sin[column]);
                double radius = inner[column] + ((outer[column] - inner[column]) * depth);
                double x = eye.Pupil.Contour.CentreX
                    + ((limbus.CentreX - eye.Pupil.Contour.CentreX) * depth) + (radius * cos);
                double y = eye.Pupil.Contour.CentreY
                    + ((limbus.CentreY - eye.Pupil.Contour.CentreY) * depth) - (radius * sin);
                Add(plane, x, y, unit, column, fine, coarse);
            }
        }

        double[] motion = OfPicture(fine, coarse);
        double least = 0;
        for (int direction = 0; direction < Directions; direction++)
        {
            int across = (direction + (Directions / 2)) % Directions;
            least = Math.Min(least, motion[direction] - motion[across]);
        }

        return 100 * (1 - Math.Exp(least));
    }

    private static void Add(
        GrayPlane plane, double x, double y, double unit, int column, long[,] fine, long[,] coarse)
    {
        int middle = plane.Sample(x, y);
        if (middle < 0)
        {
            return;
        }

        Turn turn = Turn.Of512;
        const int Step = PolarIris.Columns / (2 * Directions);
        int radial = ((column + (Step / 2)) / Step) % Directions;
        for (int direction = 0; direction < Directions; direction++)
        {
            int fibres = (direction - radial + Directions) % Directions;
            (double cos, double sin) = (unit * turn.Cos[direction * Step], unit * turn.Sin[direction * Step]);
            long near = Second(plane, x, y, middle, Fine * cos, Fine * sin);
            long far = Second(plane, x, y, middle, Coarse * cos, Coarse * sin);
            fine[direction, fibres] += near * near;
            coarse[direction, fibres] += far * far;
        }
    }

    /// <summary>
    /// The part of each direction in the picture, by turns with that of each direction from the radius: each is the
    /// mean of what the other leaves, weighed by the power that was seen.
    /// </summary>
    private static double[] OfPicture(long[,] fine, long[,] coarse)
    {
        double[] picture = new double[Directions];
        double[] fibres = new double[Directions];
        for (int pass = 0; pass < Passes; pass++)
        {
            for (int one = 0; one < Directions; one++)
            {
                (double sum, double weight) = (0, 0);
                for (int other = 0; other < Directions; other++)
                {
                    Rest(fine[other, one], coarse[other, one], picture[other], ref sum, ref weight);
                }

                fibres[one] = weight > 0 ? sum / weight : 0;
            }

            for (int one = 0; one < Directions; one++)
            {
                (double sum, double weight) = (0, 0);
                for (int other = 0; other < Directions; other++)
                {
                    Rest(fine[one, other], coarse[one, other], fibres[other], ref sum, ref weight);
                }

                picture[one] = weight > 0 ? sum / weight : 0;
            }
        }

        return picture;
    }

    private static void Rest(long fine, long coarse, double known, ref double sum, ref double weight)
    {
        if (fine > 0 && coarse > 0)
        {
            double power = Math.Sqrt(coarse);
            sum += power * (Math.Log((double)fine / coarse) - known);
            weight += power;
        }
    }

    private static int Second(GrayPlane plane, double x, double y, int middle, double dx, double dy)
    {
        int before = plane.Sample(x - dx, y + dy);
        int after = plane.Sample(x + dx, y - dy);
        return before < 0 || after < 0 ? 0 : before + after - (2 * middle);
    }
}
