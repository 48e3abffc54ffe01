namespace MatchCluster.Matching.Images.Png;

/// <summary>Undoes the filter of a row (PNG, clause 9).</summary>
internal static class PngFilters
{
    /// <returns>False for a filter that PNG does not define.</returns>
    /// <param name="filter">The filter of the row.</param>
    /// <param name="row">The filtered row; then the row itself.</param>
    /// <param name="above">The row above; zeros above the first.</param>
    /// <param name="step">Bytes of a pixel, at least 1.</param>
    public static bool Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (int i = step; i < row.Length; i++)
                {
                    row[i] += row[i - step];
                }

                return true;
            case 2:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                return true;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i < step ? 0 : row[i - step];
                    row[i] += (byte)((left + above[i]) >> 1);
                }

                return true;
            case 4:
                UndoPaeth(row, above, step);
                return true;
            default:
                return false;
        }
    }

    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        above = above[..row.Length];
        for (int i = 0; i < step && i < row.Length; i++)
        {
            row[i] += above[i];
        }

        for (int i = step; i < row.Length; i++)
        {
            int left = row[i - step];
            int up = above[i];
            int corner = above[i - step];
            int toLeft = Math.Abs(up - corner);
            int toUp = Math.Abs(left - corner);
            int toCorner = Math.Abs(left + up - (2 * corner));
            int nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
            row[i] += (byte)nearest;
        }
    }
}
