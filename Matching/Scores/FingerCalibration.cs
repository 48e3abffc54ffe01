namespace MatchCluster.Matching.Scores;

/// <summary>
/// Raw finger similarities on the common scale: score = -10 log10 of the share of non-mated comparisons that reach
/// the raw value.
/// </summary>
public static class FingerCalibration
{
    /// <summary>No claim goes beyond one false match in 10^10.</summary>
    public const double Cap = 100;

    /// <summary>Score of a raw similarity, 0..<see cref="Cap"/>, monotone in it, rounded to a hundredth.</summary>
    /// <param name="raw">0..65536, from <see cref="Fingers.FingerScorer.Compare"/>.</param>
    /// <param name="probeCylinders">Cylinders of the probe.</param>
    /// <param name="rowCylinders">Cylinders of the gallery row.</param>
    public static double Score(int raw, int probeCylinders, int rowCylinders) =>
        Math.Min(probeCylinders, rowCylinders) < 2 ? 0 : Math.Round(Math.Clamp(raw / 600.0, 0, Cap), 2);
}
