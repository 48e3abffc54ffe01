namespace MatchCluster.Matching.Scores;

/// <summary>
/// How far off the scores of a calibration may be: a standard error in decibels, from fits to sets and fingers drawn
/// with replacement. Up to a score of 20 it grows from 0, beyond it by what the tail's slope is unsure of.
/// </summary>
/// <param name="At20">Of a score of 20, 0..<see cref="MostAt20"/>.</param>
/// <param name="PerDecibel">More per decibel above 20, 0..<see cref="MostPerDecibel"/>.</param>
public readonly record struct CalibrationError(double At20, double PerDecibel)
{
    /// <summary>With more, scores less <see cref="ScoreCalibration.MostMargin"/> errors would not rise.</summary>
    public const double MostAt20 = 6;

    /// <summary>See <see cref="MostAt20"/>.</summary>
    public const double MostPerDecibel = 0.3;

    private const double Tail = 20;

    /// <summary>The standard error of a score, decibels.</summary>
    public double Of(double score) => score < Tail ? At20 * score / Tail : At20 + (PerDecibel * (score - Tail));
}
