namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// OF, orientation flow: by how much the direction of a square differs from those of its eight neighbours on average.
/// Differences up to 4 degrees are the flow of a finger and do not count; 0 stands for 4 degrees and 1 for 90.
/// </summary>
internal static class OrientationFlow
{
    private const double Degree = Math.PI / 180;
    private const double LeastAngle = 4 * Degree;

    public static ReadOnlySpan<double> Limits =>
        [1.715e-2, 3.5e-2, 5.57e-2, 8.1e-2, 1.15e-1, 1.718e-1, 2.569e-1, 4.758e-1, 7.48e-1];

    public static double[] Of(GreyPlane image, BlockSums sums, NfiqEdition edition)
    {
        int side = edition == NfiqEdition.Version22 ? 16 : 32;

        // A rectangle of 32 x 16 pixels, turned, needs 36 pixels: what exceeds the square is its margin.
        int margin = (36 - side) / 2;
        int columns = Math.Max(0, (image.Width - (2 * margin)) / side);
        int rows = Math.Max(0, (image.Height - (2 * margin)) / side);

        // A frame of squares outside of the picture has direction 0 and no ridges.
        int stride = columns + 2;
        double[] angles = new double[stride * (rows + 2)];
        bool[] isRidges = new bool[angles.Length];
        var foreground = new Foreground(sums, side);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int x = margin + (column * side);
                int y = margin + (row * side);
                int at = ((row + 1) * stride) + column + 1;
                isRidges[at] = foreground.Covers(x, y, side);
                angles[at] = GradientSums.Of(image.Cut(x, y, side, side)).AcrossAngle();
            }
        }

        return Flow(angles, isRidges, stride, edition);
    }

    private static double[] Flow(double[] angles, bool[] isRidges, int stride, NfiqEdition edition)
    {
        List<double> values = new(angles.Length);
        for (int at = stride + 1; at < angles.Length - stride - 1; at++)
        {
            bool all = true;
            double sum = 0;
            for (int row = at - stride; row <= at + stride; row += stride)
            {
                for (int other = row - 1; other <= row + 1; other++)
                {
                    all &= isRidges[other];
                    double difference = Math.Abs(angles[at] - angles[other]);
                    sum += edition == NfiqEdition.Version22 ? difference
                        : Math.Min(difference, (2 * Math.PI) - difference);
                }
            }

            if (all && sum / 8 > LeastAngle)
            {
                values.Add(((sum / 8) - LeastAngle) / ((90 * Degree) - LeastAngle));
            }
        }

        return [.. values];
    }
}
