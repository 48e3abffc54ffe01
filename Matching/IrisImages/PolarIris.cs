namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// The iris unrolled to 512 columns (counter-clockwise from three o'clock) and 64 rows (from the pupil
/// outwards; J. Daugman's rubber sheet, IEEE Trans. PAMI 15(11), 1993), with a mask of what is iris.
/// </summary>
internal sealed class PolarIris
{
    public const int Columns = 512;
    public const int Rows = 64;

    /// <summary>The part of the way from the pupil's contour to the outer one that is unrolled.</summary>
    private const double First = 0.01;
    private const double Last = 0.98;

    /// <summary>
    /// Standard deviations below the mean of its row around it from which on a pixel is a lash.
    /// </summary>
    private const double Dark = 1.5;

    /// <summary>
    /// Standard deviations below the mean of the sides from which on it is one in any case.
    /// </summary>
    private const double Darkest = 4;

    /// <summary>Columns to each side of which the mean around a pixel is taken.</summary>
    private const int Neighbours = 20;

    /// <summary>Standard deviations above the mean from which on a pixel is a reflection.</summary>
    private const double Bright = 3.5;

    private PolarIris(int[] values, bool[] visible)
    {
        (Values, Visible) = (values, visible);
        (Texture, Sharpness) = Detail();
    }

    /// <summary>Sixteenths of a grey value, row by row; hidden pixels are filled from their row.</summary>
    public int[] Values { get; }

    /// <summary>Whether a pixel is iris.</summary>
    public bool[] Visible { get; }

    /// <summary>Deviation of the visible pixels from the mean around them, in grey values.</summary>
    public double Texture { get; }

    /// <summary>
    /// Power of the second differences along the rows that are visible, 0..100: half is reached at a
    /// deviation of three grey values.
    /// </summary>
    public double Sharpness { get; }

    public double VisibleShare => (double)Visible.Count(seen => seen) / Visible.Length;

    public static PolarIris Read(EyeLevels levels, EyeSegmentation eye)
    {
        int[] values = new int[Rows * Columns];
        bool[] visible = new bool[Rows * Columns];
        Turn turn = Turn.Of512;
        double[] inner = eye.Pupil.Contour.Radii(turn);
        double[] outer = eye.Limbus.Radii(turn);
        EyeContour pupil = eye.Pupil.Contour;
        EyeContour limbus = eye.Limbus;
        GrayPlane plane = levels.ForStep(limbus.Radius / 75);
        for (int column = 0; column < Columns; column++)
        {
            double fromX = pupil.CentreX + (inner[column] * turn.Cos[column]);
            double fromY = pupil.CentreY - (inner[column] * turn.Sin[column]);
            double toX = limbus.CentreX + (outer[column] * turn.Cos[column]);
            double toY = limbus.CentreY - (outer[column] * turn.Sin[column]);
            for (int row = 0; row < Rows; row++)
            {
                double depth = DepthOf(row);
                double x = fromX + ((toX - fromX) * depth);
                double y = fromY + ((toY - fromY) * depth);
                int value = plane.Sample(x, y);
                int at = (row * Columns) + column;
                values[at] = Math.Max(0, value);
                visible[at] = value >= 0 && !levels.Reflections.At(x, y) && IsOpen(eye, x, y);
            }
        }

        FillHidden(values, visible);
        HideOutliers(values, visible);
        FillHidden(values, visible);
        return new PolarIris(values, visible);
    }

    /// <summary>The share of the way from the pupil's contour to the outer one at which a row lies.</summary>
    public static double DepthOf(double row) => First + ((Last - First) * (row + 0.5) / Rows);

    private static bool IsOpen(EyeSegmentation eye, double x, double y)
    {
        double across = (x - eye.Limbus.MiddleX) / eye.Limbus.Radius;
        double up = (eye.Limbus.MiddleY - y) / eye.Limbus.Radius;
        return !(eye.Upper is { } upper && up > upper.At(across) - 0.02)
            && !(eye.Lower is { } lower && up < lower.At(across) + 0.02);
    }

    /// <summary>
    /// Hides what is much darker than the sides of the iris where lashes may hang, what is much brighter
    /// anywhere, and the pixels beside it. Crypts are dark too, so the sides themselves lose nothing to
    /// darkness.
    /// </summary>
    private static void HideOutliers(int[] values, bool[] visible)
    {
        (double mean, double deviation) = SidesOf(values, visible);
        double dark = Dark * deviation;
        double darkest = mean - (Darkest * deviation);
        int[] around = Around(values);
        double bright = mean + (Bright * deviation);
        bool[] hidden = new bool[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int column = i % Columns;
            double up = Turn.Of512.Sin[column];
            bool mayHaveLashes = up > 0.3;
            bool isLash = mayHaveLashes && (values[i] < around[i] - dark || values[i] < darkest);
            if (visible[i] && (values[i] > bright || isLash))
            {
                int row = i - column;
                for (int d = -2; d <= 2; d++)
                {
                    hidden[row + ((column + d) & (Columns - 1))] = true;
                }
            }
        }

        for (int i = 0; i < hidden.Length; i++)
        {
            visible[i] &= !hidden[i];
        }
    }

    private (double Texture, double Sharpness) Detail()
    {
        int[] around = Around(Values);
        (long texture, long fine, long count) = (0, 0, 0);
        for (int i = 1; i + 1 < Values.Length; i++)
        {
            if (Visible[i - 1] && Visible[i] && Visible[i + 1])
            {
                long off = Values[i] - around[i];
                long second = (2L * Values[i]) - Values[i - 1] - Values[i + 1];
                texture += off * off;
                fine += second * second;
                count++;
            }
        }

        const double Square = GrayPlane.Unit * GrayPlane.Unit;
        double power = count == 0 ? 0 : fine / (count * Square);
        return (count == 0 ? 0 : Math.Sqrt(texture / (count * Square)), 100 * power / (power + 9));
    }

    private static int[] Around(int[] values)
    {
        int[] around = new int[values.Length];
        for (int row = 0; row < values.Length; row += Columns)
        {
            ReadOnlySpan<int> line = values.AsSpan(row, Columns);
            int sum = 0;
            for (int d = -Neighbours; d < Neighbours; d++)
            {
                sum += line[d & (Columns - 1)];
            }

            for (int column = 0; column < Columns; column++)
            {
                sum += line[(column + Neighbours) & (Columns - 1)];
                around[row + column] = sum / ((2 * Neighbours) + 1);
                sum -= line[(column - Neighbours) & (Columns - 1)];
            }
        }

        return around;
    }

    /// <summary>
    /// Mean and deviation of what is visible left and right, where neither lids nor lashes reach.
    /// </summary>
    private static (double Mean, double Deviation) SidesOf(int[] values, bool[] visible)
    {
        long sum = 0;
        long squares = 0;
        long count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (visible[i] && Turn.Of512.Sin[i % Columns] is > -0.6 and < 0.35)
            {
                sum += values[i];
                squares += (long)values[i] * values[i];
                count++;
            }
        }

        double mean = count == 0 ? 0 : (double)sum / count;
        double deviation = count == 0 ? 0 : Math.Sqrt(Math.Max(0, ((double)squares / count) - (mean * mean)));
        return (mean, Math.Max(deviation, 4 * GrayPlane.Unit));
    }

    /// <summary>A hidden run of a row goes evenly from one end to the other, around the turn.</summary>
    private static void FillHidden(int[] values, bool[] visible)
    {
        for (int row = 0; row < Rows; row++)
        {
            Span<int> line = values.AsSpan(row * Columns, Columns);
            ReadOnlySpan<bool> seen = visible.AsSpan(row * Columns, Columns);
            int start = seen.IndexOf(true);
            if (start < 0)
            {
                line.Clear();
                continue;
            }

            int last = start;
            for (int k = 1; k <= Columns; k++)
            {
                int at = (start + k) & (Columns - 1);
                if (!seen[at])
                {
                    continue;
                }

                int gap = start + k - last;
                int from = line[last & (Columns - 1)];
                for (int d = 1; d < gap; d++)
                {
                    line[(last + d) & (Columns - 1)] = from + ((line[at] - from) * d / gap);
                }

                last = start + k;
            }
        }
    }
}
