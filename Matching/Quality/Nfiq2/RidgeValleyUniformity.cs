namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// RVUP, ridge valley uniformity: ratios of the widths of neighbouring ridges and valleys in the profile of a block.
/// What the block's edges cut off does not count. Whether it is ridge by valley or valley by ridge depends on the
/// number of widths in the block, as in NFIQ 2.
/// </summary>
internal static class RidgeValleyUniformity
{
    /// <summary>Ratios of a block at most: every column but the outer ones begins a ridge or valley.</summary>
    public const int MostRatios = RidgeProfile.Columns;

    public static ReadOnlySpan<double> Limits => [0.5, 0.667, 0.8, 1, 1.25, 1.5, 2, 24, 30];

    /// <summary>Writes the ratios of a block and returns their number.</summary>
    public static int Write(GreyPlane image, RidgeBlock block, Span<double> target)
    {
        Span<byte> turned = stackalloc byte[RidgeProfile.Columns * RidgeProfile.Rows];
        TurnedBlock.Copy(image, block, block.Across, TurnedBlock.Frame, turned, RidgeProfile.Columns);
        RidgeProfile profile = RidgeProfile.Of(turned);

        // Columns where a ridge or valley begins; NFIQ 2 does not look at the last column.
        Span<int> begins = stackalloc int[RidgeProfile.Columns];
        int count = 0;
        for (int x = 1; x < RidgeProfile.Columns - 1; x++)
        {
            if (profile.IsRidge(x) != profile.IsRidge(x - 1))
            {
                begins[count++] = x;
            }
        }

        // Widths from right to left, without the leftmost one that is whole: each divided by the next. The first
        // ratio is turned over where the leftmost whole part is a valley, then every second one.
        int written = 0;
        bool turnsOver = count > 0 && !profile.IsRidge(begins[0]);
        for (int i = count - 1; i >= 3; i--, turnsOver = !turnsOver)
        {
            double ratio = (double)(begins[i] - begins[i - 1]) / (begins[i - 1] - begins[i - 2]);
            target[written++] = turnsOver ? 1 / ratio : ratio;
        }

        return written;
    }
}
