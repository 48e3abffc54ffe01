namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// LCS, local clarity score: how few pixels of a block lie on the wrong side of the line between ridge and valley, 1
/// where none does; 0 where the widths of ridges or valleys are none of a finger.
/// </summary>
internal static class LocalClarity
{
    /// <summary>Widths are stated by the width of 5 pixels at 125 ppi, which are 20 pixels at 500 ppi.</summary>
    private const double WidthUnit = 20;

    private const double LeastRidge = 3 / WidthUnit;
    private const double LeastValley = 2 / WidthUnit;
    private const double MostWidth = 10 / WidthUnit;

    public static ReadOnlySpan<double> Limits => [0, 0.70, 0.74, 0.77, 0.79, 0.81, 0.83, 0.85, 0.87];

    public static double Of(GreyPlane image, RidgeBlock block)
    {
        Span<byte> turned = stackalloc byte[RidgeProfile.Columns * RidgeProfile.Rows];
        TurnedBlock.Copy(image, block, block.Across, 0, turned, RidgeProfile.Columns);
        RidgeProfile profile = RidgeProfile.Of(turned);
        return HasWidthsOfFinger(profile) ? Clarity(profile, turned) : 0;
    }

    /// <summary>
    /// Whether the mean widths are in range. The last ridge or valley, which the edge cuts off, does not count; the
    /// first one counts as one pixel less than it shows.
    /// </summary>
    private static bool HasWidthsOfFinger(RidgeProfile profile)
    {
        double ridges = 0;
        double valleys = 0;
        int ridgeCount = 0;
        int valleyCount = 0;
        int begin = 0;
        for (int x = 1; x < RidgeProfile.Columns; x++)
        {
            if (profile.IsRidge(x) == profile.IsRidge(x - 1))
            {
                continue;
            }

            double width = (x - 1 - begin) / WidthUnit;
            begin = x - 1;
            if (profile.IsRidge(x - 1))
            {
                ridges += width;
                ridgeCount++;
            }
            else
            {
                valleys += width;
                valleyCount++;
            }
        }

        double ridge = ridgeCount == 0 ? 0 : ridges * (1.0 / ridgeCount);
        double valley = valleyCount == 0 ? 0 : valleys * (1.0 / valleyCount);
        return ridge is >= LeastRidge and <= MostWidth && valley is >= LeastValley and <= MostWidth;
    }

    private static double Clarity(RidgeProfile profile, ReadOnlySpan<byte> turned)
    {
        int ridgeColumns = 0;
        int lightInRidges = 0;
        int darkInValleys = 0;
        for (int x = 0; x < RidgeProfile.Columns; x++)
        {
            bool isRidge = profile.IsRidge(x);
            double line = profile.Line(x);
            int dark = 0;
            for (int y = 0; y < RidgeProfile.Rows; y++)
            {
                dark += turned[(y * RidgeProfile.Columns) + x] < line ? 1 : 0;
            }

            ridgeColumns += isRidge ? 1 : 0;
            lightInRidges += isRidge ? RidgeProfile.Rows - dark : 0;
            darkInValleys += isRidge ? 0 : dark;
        }

        double alpha = (double)darkInValleys / ((RidgeProfile.Columns - ridgeColumns) * RidgeProfile.Rows);
        double beta = (double)lightInRidges / (ridgeColumns * RidgeProfile.Rows);
        return 1 - ((alpha + beta) / 2);
    }
}
