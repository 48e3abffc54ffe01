namespace MatchCluster.Matching.Scores;

/// <summary>
/// Raw finger similarities on the common scale: score = -10 log10 of the share of non-mated comparisons that reach
/// the raw value.
/// </summary>
/// <remarks>
/// Fitted to the FVC2002 B sets with the minutiae of NIST's MINDTCT: every pair of impressions of different fingers
/// of 320, within and across the four sensors, without the fingers of people who appear in two sets; whole prints
/// (49,728 comparisons) and prints cut to 8, 12, 16 and 22 minutiae, 447,552 comparisons in all. Aggregates only.
/// The fit is <see cref="FingerCalibrationFit"/> over <see cref="FingerCalibrationRun"/>;
/// <c>dotnet run -c Release --project Benchmarks -- calibrate fingers --fingers DIR</c> shows how it holds.
/// On the whole prints it was fitted to: of all, 0.97 % reach 20 and 0.10 % reach 30; but inside one sensor's set
/// 1.8 % and 0.24 %, across sensors 0.7 % and 0.06 %. A gallery from one kind of sensor should expect up to 2.4 times
/// the false matches that are claimed. There were 40 fingers, so the comparisons are far from independent.
/// The evidence ends near a score of 45; beyond it the curves extrapolate (the fit says what keeps that modest), and
/// nothing above <see cref="Cap"/> is claimed.
/// </remarks>
public static class FingerCalibration
{
    /// <summary>No claim goes beyond one false match in 10^10.</summary>
    public const double Cap = 100;

    private static readonly FingerCalibrationCurve[] Fitted =
    [
        new(4, 100_517, [720, 774, 811, 911, 1098, 1273, 1461, 1722, 2173], 489.4, 0.237),
        new(10, 98_755, [778, 827, 878, 987, 1071, 1201, 1344, 1513, 1748], 233.6, 0.256),
        new(14, 100_920, [799, 843, 882, 949, 1012, 1105, 1205, 1310, 1457], 183.1, 0.132),
        new(18, 101_890, [805, 833, 854, 890, 923, 973, 1025, 1081, 1167], 88.4, 0.133),
        new(26, 45_470, [846, 870, 888, 918, 946, 988, 1029, 1070, 1130], 57.2, 0.288),
    ];

    /// <summary>The curves in use, smallest templates first.</summary>
    public static IReadOnlyList<FingerCalibrationCurve> Curves => Fitted;

    /// <summary>Score of a raw similarity, 0..<see cref="Cap"/>, monotone in it, rounded to a hundredth.</summary>
    /// <param name="raw">0..65536, from <see cref="Fingers.FingerScorer.Compare"/>.</param>
    /// <param name="probeCylinders">Cylinders of the probe.</param>
    /// <param name="rowCylinders">Cylinders of the gallery row.</param>
    public static double Score(int raw, int probeCylinders, int rowCylinders)
    {
        int smaller = Math.Min(probeCylinders, rowCylinders);
        for (int i = Fitted.Length - 1; i >= 0; i--)
        {
            if (smaller >= Fitted[i].MinCylinders)
            {
                return Math.Round(Math.Clamp(Fitted[i].ScoreOf(raw), 0, Cap), 2);
            }
        }

        return 0; // too small for any evidence
    }
}
