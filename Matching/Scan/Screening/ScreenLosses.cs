using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// The share of mated identities that the stages before full scoring lose, as measured on sets of real prints that the
/// thresholds were not fitted to.
/// </summary>
/// <remarks>
/// Printed by <c>Benchmarks recall --losses</c>. Expected is the mean of five sets, each with thresholds made without
/// it; the upper bound is what 95 % of such sets lose at most, with fingers drawn with replacement (docs/fingers.md).
/// </remarks>
internal static class ScreenLosses
{
    /// <summary>Fingers of a row of the table; more lose no more than so many.</summary>
    public const int MostFingers = 5;

    /// <summary>Per cent, expected and at most, by threshold and by fingers.</summary>
    private static readonly (double Expected, double AtMost)[][] Table =
    [
        [(2.44, 9.339), (0.066, 0.457), (0.082, 0.514), (0.045, 0.283), (0.032, 0.248)],
        [(1.485, 4.996), (0.061, 0.422), (0.084, 0.54), (0.045, 0.283), (0.032, 0.248)],
        [(0.961, 2.999), (0.105, 0.687), (0.093, 0.577), (0.046, 0.29), (0.032, 0.248)],
        [(1.303, 3.778), (0.12, 0.746), (0.11, 0.601), (0.046, 0.29), (0.032, 0.248)],
        [(1.129, 4.003), (0.161, 0.683), (0.147, 0.691), (0.047, 0.295), (0.032, 0.248)],
        [(0.938, 3.11), (0.215, 0.663), (0.22, 0.877), (0.053, 0.304), (0.033, 0.25)],
        [(1.04, 4.336), (0.17, 0.618), (0.194, 0.75), (0.051, 0.29), (0.033, 0.25)],
    ];

    /// <summary>Scores, -10 log10 FMR, of the rows.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [0, 10, 20, 30, 40, 50, 60];

    /// <summary>The loss of a search; between two rows in proportion.</summary>
    /// <param name="threshold">-10 log10 FMR that is asked for.</param>
    /// <param name="fingers">Fingers of the probe, captures of one finger counted once; 1 at least.</param>
    public static StageLoss Of(double threshold, int fingers)
    {
        int column = Math.Min(fingers, MostFingers) - 1;
        int row = 0;
        while (row < Table.Length - 2 && Thresholds[row + 1] <= threshold)
        {
            row++;
        }

        double above = Math.Clamp((threshold - Thresholds[row]) / (Thresholds[row + 1] - Thresholds[row]), 0, 1);
        (double expected, double atMost) = Table[row][column];
        (double expectedAbove, double atMostAbove) = Table[row + 1][column];
        return new(
            (expected + ((expectedAbove - expected) * above)) / 100, (atMost + ((atMostAbove - atMost) * above)) / 100);
    }
}
