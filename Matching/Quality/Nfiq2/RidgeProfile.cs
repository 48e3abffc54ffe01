namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The profile across the ridges of a turned block of 32 columns and 16 rows: the mean of each column and a straight
/// line through the means. Columns darker than the line are ridge.
/// </summary>
internal ref struct RidgeProfile
{
    public const int Columns = 32;
    public const int Rows = 16;

    /// <summary>NFIQ 2 rounds the line's two numbers, so that machines agree.</summary>
    private const double Digits = 1e10;

    private double slope;
    private double intercept;
    private uint ridges;

    /// <summary>Whether a column is ridge.</summary>
    public readonly bool IsRidge(int column) => ((this.ridges >> column) & 1) != 0;

    /// <summary>The line at a column.</summary>
    public readonly double Line(int column) => ((column + 1) * this.slope) + this.intercept;

    public static RidgeProfile Of(ReadOnlySpan<byte> turned)
    {
        Span<int> sums = stackalloc int[Columns];
        sums.Clear();
        for (int y = 0; y < Rows; y++)
        {
            ReadOnlySpan<byte> row = turned.Slice(y * Columns, Columns);
            for (int x = 0; x < Columns; x++)
            {
                sums[x] += row[x];
            }
        }

        int sum = 0;
        int weighted = 0;
        for (int x = 0; x < Columns; x++)
        {
            sum += sums[x];
            weighted += (x + 1) * sums[x];
        }

        // Least squares for x = 1..n: the middle is (n + 1) / 2, the sum of squares about it (n^3 - n) / 12.
        const double squares = ((Columns * Columns * Columns) - Columns) / 12.0;
        double slope = ((2 * weighted) - ((Columns + 1) * sum)) / (2 * squares * Rows);
        double intercept = ((double)sum / (Columns * Rows)) - (slope * (Columns + 1) / 2);
        RidgeProfile profile = new() { slope = Rounded(slope), intercept = Rounded(intercept) };
        for (int x = 0; x < Columns; x++)
        {
            if ((double)sums[x] / Rows < profile.Line(x))
            {
                profile.ridges |= 1u << x;
            }
        }

        return profile;
    }

    private static double Rounded(double value) =>
        Math.Round(value * Digits, MidpointRounding.AwayFromZero) / Digits;
}
