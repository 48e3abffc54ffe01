namespace MatchCluster.Matching.Scores;

/// <summary>
/// Raw finger similarities on the common scale: score = -10 log10 of the share of non-mated comparisons that
/// reach the raw value.
/// </summary>
/// <remarks>
/// <c>dotnet run -c Release --project Benchmarks -- calibrate fingers --fingers DIR</c> fits the curves
/// (<see cref="FingerCalibrationFit"/> over <see cref="FingerCalibrationRun"/>), says whether they are these,
/// and how these hold. DIR is the four FVC2002 B sets with the minutiae of NIST's MINDTCT; aggregates only
/// are kept. See docs/accuracy.md.
/// <para>
/// Fitted to every pair of impressions of different fingers inside one sensor's set, as a gallery holds them:
/// whole prints (11,520 comparisons) and prints cut to 8, 12, 16 and 22 minutiae, 103,680 comparisons in all.
/// Of the whole prints 0.96 % (111) reach 20 and 0.095 % (11) reach 30. Across sensors, which were not
/// fitted, 0.24 % and 0.010 %.
/// </para>
/// <para>
/// Limits of the evidence. These are the data that were fitted. A single sensor may be worse than the four
/// together: DB4 alone reaches 20 in 1.9 and 30 in 2.1 times the claim, and when the curves are fitted
/// without the set in question, DB4 reaches 20 in 3.4 and DB1 reaches 30 in 2.8 times the claim. There were
/// 40 fingers, so the comparisons are far from independent. One whole print reached 40, none 50; beyond, the
/// curves extrapolate (the fit says what keeps that modest), and nothing above <see cref="Cap"/> is claimed.
/// </para>
/// <para>
/// More cylinders never score lower at equal similarity: fewer agree by chance more easily, and where fitted
/// curves cross, that is noise. A comparison gets the lowest score of its own curve and those of all larger
/// sizes. The highest of its own and the smaller sizes' would be as monotone, but claims too much at low
/// scores, and rests high ones on the curve that extrapolates furthest.
/// </para>
/// </remarks>
public static class FingerCalibration
{
    /// <summary>No claim goes beyond one false match in 10^10.</summary>
    public const double Cap = 100;

    private static readonly FingerCalibrationCurve[] Fitted =
    [
        new(4, 23_381, [723, 779, 817, 929, 1115, 1293, 1505, 1782, 2239], 485.7, 0.312),
        new(10, 22_819, [781, 832, 887, 998, 1085, 1220, 1377, 1556, 1813], 225.9, 0.354),
        new(14, 23_352, [805, 851, 891, 962, 1029, 1135, 1249, 1368, 1544], 215.8, 0.131),
        new(18, 23_591, [811, 840, 863, 901, 939, 998, 1060, 1129, 1228], 90.8, 0.148),
        new(26, 10_537, [853, 878, 897, 932, 965, 1015, 1062, 1110, 1192], 75.9, 0.297),
    ];

    /// <summary>The curves in use, smallest templates first.</summary>
    public static IReadOnlyList<FingerCalibrationCurve> Curves => Fitted;

    /// <summary>
    /// Score of a raw similarity, 0..<see cref="Cap"/>, rounded to a hundredth: monotone in the similarity and in
    /// the cylinders of either template.
    /// </summary>
    /// <param name="raw">0..65536, from <see cref="Fingers.FingerScorer.Compare"/>.</param>
    /// <param name="probeCylinders">Cylinders of the probe.</param>
    /// <param name="rowCylinders">Cylinders of the gallery row.</param>
    public static double Score(int raw, int probeCylinders, int rowCylinders) =>
        Score(Fitted, raw, Math.Min(probeCylinders, rowCylinders));

    /// <summary>The same by other curves, smallest templates first.</summary>
    /// <param name="curves">From <see cref="FingerCalibrationFit.Fit"/>.</param>
    /// <param name="raw">0..65536.</param>
    /// <param name="cylinders">Of the smaller template.</param>
    public static double Score(ReadOnlySpan<FingerCalibrationCurve> curves, int raw, int cylinders)
    {
        // From the curve of the size upwards, the most careful one. The largest size, the common one, reads one.
        double least = double.PositiveInfinity;
        for (int i = curves.Length - 1; i >= 0; i--)
        {
            least = Math.Min(least, curves[i].ScoreOf(raw));
            if (cylinders >= curves[i].MinCylinders)
            {
                return Math.Round(Math.Clamp(least, 0, Cap), 2);
            }
        }

        return 0; // too small for any evidence
    }
}
