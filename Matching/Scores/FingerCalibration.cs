namespace MatchCluster.Matching.Scores;

/// <summary>
/// Strengths of finger comparisons on the common scale: score = -10 log10 of the share of non-mated comparisons that
/// reach the strength.
/// </summary>
/// <remarks>
/// <c>dotnet run -c Release --project Benchmarks -- calibrate fingers --fingers DIR</c> fits the curves
/// (<see cref="FingerCalibrationFit"/> over <see cref="FingerCalibrationRun"/>), says whether they are these,
/// and how these hold. DIR is the four FVC2002 B sets with the minutiae of NIST's MINDTCT; aggregates only
/// are kept. See docs/accuracy.md.
/// <para>
/// Fitted to every pair of impressions of different fingers inside one sensor's set, as a gallery holds them:
/// whole prints (11,520 comparisons) and prints cut to 8, 12, 16 and 22 minutiae, 103,680 comparisons in all.
/// Of the whole prints 0.96 % (111) reach 20 and 0.11 % (13) reach 30. Across sensors, which were not
/// fitted, 0.42 % and 0.018 %.
/// </para>
/// <para>
/// Limits of the evidence. These are the data that were fitted. A single sensor may be worse than the four
/// together: DB4 alone reaches 20 in 2.3 and 30 in 2.4 times the claim, and when the curves are fitted
/// without DB4, it reaches 20 in 4.3 and 30 in 4.9 times the claim. There were 40 fingers, so the comparisons
/// are far from independent. No whole print reached 40; beyond, the curves extrapolate (the fit says what
/// keeps that modest), and nothing above <see cref="Cap"/> is claimed.
/// </para>
/// <para>
/// More cylinders never score lower at equal strength: fewer agree by chance more easily, and where fitted
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
        new(4, 23_381, [3180, 3426, 3594, 4087, 9649, 10080, 10491, 10885, 11511], 587.6, 0.131),
        new(10, 22_819, [3435, 3660, 3902, 9287, 9632, 10017, 10372, 10703, 11186], 438.2, 0.167),
        new(14, 23_352, [3541, 3743, 3919, 9078, 9472, 9857, 10177, 10506, 10925], 399.7, 0.131),
        new(18, 23_591, [3567, 3695, 3796, 3963, 8752, 9468, 9836, 10174, 10591], 308.9, 0.13),
        new(26, 10_537, [3752, 3862, 3946, 7650, 8724, 9311, 9686, 10036, 10443], 351, 0.253),
    ];

    /// <summary>The curves in use, smallest templates first.</summary>
    public static IReadOnlyList<FingerCalibrationCurve> Curves => Fitted;

    /// <summary>
    /// Score of a strength, 0..<see cref="Cap"/>, rounded to a hundredth: monotone in the strength and in
    /// the cylinders of either template.
    /// </summary>
    /// <param name="strength">0..65536, from <see cref="Fingers.FingerMatcher.Compare"/>.</param>
    /// <param name="probeCylinders">Cylinders of the probe.</param>
    /// <param name="rowCylinders">Cylinders of the gallery row.</param>
    public static double Score(int strength, int probeCylinders, int rowCylinders) =>
        Score(Fitted, strength, Math.Min(probeCylinders, rowCylinders));

    /// <summary>Score of a strength by other curves, smallest templates first.</summary>
    /// <param name="curves">The curves of <see cref="FingerCalibrationFit.Fit"/>.</param>
    /// <param name="strength">0..65536.</param>
    /// <param name="cylinders">Cylinders of the smaller template.</param>
    public static double Score(ReadOnlySpan<FingerCalibrationCurve> curves, int strength, int cylinders)
    {
        // From the curve of the size upwards, the most careful one. The largest size, the common one, reads one.
        double least = double.PositiveInfinity;
        for (int i = curves.Length - 1; i >= 0; i--)
        {
            least = Math.Min(least, curves[i].ScoreOf(strength));
            if (cylinders >= curves[i].MinCylinders)
            {
                return Math.Round(Math.Clamp(least, 0, Cap), 2);
            }
        }

        return 0; // too small for any evidence
    }
}
