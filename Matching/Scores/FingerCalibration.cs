namespace MatchCluster.Matching.Scores;

/// <summary>
/// Strengths of finger comparisons on the common scale: score = -10 log10 of the share of non-mated comparisons that
/// reach the strength.
/// </summary>
/// <remarks>
/// What follows is of <see cref="Others"/>, fitted to MINDTCT's minutiae: they score every pair whose two prints do not
/// both say that our extractor made them. Mixed pairs of ours and MINDTCT's were measured and agree with them.
/// <see cref="Own"/> were fitted in the same way to our extractor's minutiae, of which different prints agree more by
/// chance, and stand on the careful side of them (<see cref="SensorAllowance"/>).
/// <para>
/// <c>dotnet run -c Release --project Benchmarks -- calibrate fingers --fingers DIR</c> fits the curves
/// (<see cref="FingerCalibrationFit"/> over <see cref="FingerCalibrationRun"/>), says whether they are these,
/// and how these hold. DIR is the four FVC2002 B sets and a set of 64 left index fingers from a capacitive sensor, with
/// the minutiae of NIST's MINDTCT; aggregates only are kept. See docs/accuracy.md.
/// </para>
/// <para>
/// Fitted to every pair of impressions of different fingers inside one sensor's set, as a gallery holds them:
/// whole prints (43,776 comparisons) and prints cut to 8, 12, 16 and 22 minutiae, 393,984 comparisons of 104 fingers in
/// all; the five sets weigh the same. They are the best estimate: what caution adds is a margin of its own
/// (<see cref="ScoreCalibration.Margin"/>), and nothing of it is in the curves.
/// </para>
/// <para>
/// Beyond a score of 20 the tail is exponential. The likeliest shape over all sizes is -0.02, which is 0 where a tail
/// must not end; the minutiae of another extractor give the same. It is also what the strength's making says: as
/// evidence fitted by logistic regression, e times the odds is 512 of it, and the tail of large templates loses a
/// factor of e each 490.
/// </para>
/// <para>
/// Limits of the evidence. Sets scored by curves that were fitted without them reach 20 in 1.1, 30 in 1.3 and 40 in 0.6
/// times the claim, taken together; a single sensor is off by 0.3 (DB2) to 3.2 (DB4). At 40 there were 10 comparisons;
/// beyond, the curves extrapolate, and nothing above <see cref="Cap"/> is claimed.
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

    /// <summary>Which curves <see cref="Others"/> are; other ones get another number.</summary>
    public const string Name = "fingers-2";

    /// <summary>Which curves <see cref="Own"/> are.</summary>
    public const string OwnName = "fingers-matchcluster-1";

    /// <summary>Which curves both are together.</summary>
    public const string BothName = "fingers-3";

    private static readonly FingerCalibrationCurve[] Fitted =
    [
        new(4, 87_893, [3188, 3435, 3602, 4091, 9654, 10094, 10500, 10917, 11573], 697.1, 0),
        new(10, 87_331, [3439, 3668, 3911, 9296, 9642, 10030, 10402, 10751, 11247], 552.5, 0),
        new(14, 87_864, [3545, 3752, 3933, 9097, 9484, 9878, 10214, 10544, 10988], 481, 0),
        new(18, 88_103, [3567, 3699, 3800, 3977, 8808, 9485, 9858, 10204, 10620], 385.4, 0),
        new(26, 42_793, [3770, 3884, 3981, 8042, 8740, 9301, 9680, 10036, 10449], 489.7, 0),
    ];

    // The same sets' pictures by our extractor, less SensorAllowance:
    // calibrate fingers --fingers PICTURES --images --ppi 500 DB2=569
    private static readonly FingerCalibrationCurve[] OwnFitted =
    [
        new(4, 88_241, [3169, 3406, 3601, 5501, 9666, 10168, 10646, 11183, 11873], 682.1, 0),
        new(10, 92_439, [3447, 3695, 4774, 9341, 9708, 10171, 10630, 11084, 11689], 668, 0),
        new(14, 89_119, [3551, 3783, 4797, 9206, 9604, 10057, 10485, 10917, 11511], 666.7, 0),
        new(18, 94_153, [3583, 3730, 3853, 5404, 9147, 9760, 10200, 10594, 11113], 572.5, 0),
        new(26, 29_960, [3705, 3842, 4329, 6847, 8383, 9301, 9912, 10406, 10954], 508.2, 0),
    ];

    /// <summary>The committed curves of any extractor, smallest templates first.</summary>
    public static IReadOnlyList<FingerCalibrationCurve> Curves => Fitted;

    /// <summary>How far off their scores may be.</summary>
    public static CalibrationError Error { get; } = new(1.91, 0.189);

    /// <summary>For prints of any extractor, and for two of different ones.</summary>
    public static FingerCurves Others { get; } = new(Name, Fitted, Error);

    /// <summary>For two prints of our extractor (<see cref="Model.FingerExtractorId.MatchCluster1"/>).</summary>
    public static FingerCurves Own { get; } = new(OwnName, OwnFitted, new CalibrationError(2.56, 0.139));

    /// <summary>Score by the committed curves of any extractor (<see cref="FingerCurves.Score"/>).</summary>
    /// <param name="strength">0..65536, from <see cref="Fingers.FingerMatcher.Compare"/>.</param>
    /// <param name="probeCylinders">Cylinders of the probe.</param>
    /// <param name="rowCylinders">Cylinders of the gallery row.</param>
    public static double Score(int strength, int probeCylinders, int rowCylinders) =>
        ScoreCalibration.Default.FingerScore(strength, probeCylinders, rowCylinders);
}
