using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>Curves of one name, one for each size of the smaller template.</summary>
public sealed class FingerCurves
{
    private readonly FingerCalibrationCurve[] curves;

    /// <param name="name">Says which curves they are.</param>
    /// <param name="curves">Smallest templates first.</param>
    /// <param name="error">Standard error of their scores.</param>
    public FingerCurves(string name, IReadOnlyList<FingerCalibrationCurve> curves, CalibrationError error)
    {
        Name = name;
        this.curves = [.. curves];
        Error = error;
    }

    /// <summary>Which curves.</summary>
    public string Name { get; }

    /// <summary>Smallest templates first.</summary>
    public IReadOnlyList<FingerCalibrationCurve> All => curves;

    /// <summary>How far off the scores may be.</summary>
    public CalibrationError Error { get; }

    /// <summary>
    /// The extractor whose curves hold for two prints: theirs where it is one, else none; then the curves for any
    /// extractor score them.
    /// </summary>
    public static FingerExtractorId CommonOf(FingerExtractorId a, FingerExtractorId b) =>
        a == b ? a : FingerExtractorId.Unknown;

    /// <summary>
    /// Score of a strength, 0..<see cref="FingerCalibration.Cap"/>, rounded to a hundredth: monotone in the strength
    /// and in the cylinders.
    /// </summary>
    /// <param name="strength">0..65536, from <see cref="Fingers.FingerMatcher.Compare"/>.</param>
    /// <param name="cylinders">Cylinders of the smaller template.</param>
    /// <param name="margin">Standard errors taken off.</param>
    public double Score(int strength, int cylinders, double margin)
    {
        // From the curve of the size upwards, the most careful one. The largest size, the common one, reads one.
        double least = double.PositiveInfinity;
        for (int i = curves.Length - 1; i >= 0; i--)
        {
            least = Math.Min(least, curves[i].ScoreOf(strength));
            if (cylinders >= curves[i].MinCylinders)
            {
                double careful = margin == 0 ? least : least - (margin * Error.Of(least));
                return Math.Round(Math.Clamp(careful, 0, FingerCalibration.Cap), 2);
            }
        }

        return 0; // too small for any evidence
    }
}
