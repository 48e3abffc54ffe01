namespace MatchCluster.Matching.Scores;

/// <summary>
/// What is taken off the curves of our extractor because sensors differ: a gallery is of one sensor, and it may not be
/// one of those that were fitted to.
/// </summary>
/// <remarks>
/// A set reaches a claimed FMR of 0.1 % of curves that were fitted without it up to 3.1 times as often. With the
/// allowance each of the five sets reaches it at most twice as often (docs/accuracy.md). An installation that fits
/// curves to its own sensor needs none.
/// </remarks>
public static class SensorAllowance
{
    /// <summary>Decibels off scores of 20 and more; off smaller ones in proportion, so that 0 stays 0.</summary>
    public const double Decibels = 2;

    private const double From = 20;

    /// <summary>A curve whose scores are those of another one less the allowance.</summary>
    /// <param name="curve">The best estimate.</param>
    /// <param name="decibels">What is taken off, 0 or more.</param>
    public static FingerCalibrationCurve Of(FingerCalibrationCurve curve, double decibels)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (decibels == 0)
        {
            return curve;
        }

        int[] knots = [.. FingerCalibrationCurve.KnotScores.Select(score => curve.StrengthAt(Before(score, decibels)))];
        for (int i = 1; i < knots.Length; i++)
        {
            knots[i] = Math.Max(knots[i], knots[i - 1] + 1);
        }

        // A generalised Pareto tail beyond a later beginning is one of the same shape.
        double scale = curve.Scale + (curve.Shape * Math.Max(knots[^1] - curve.Knots[^1], 0));
        return curve with { Knots = knots, Scale = Math.Round(scale, 1) };
    }

    /// <summary>The score that becomes another one once the allowance is taken off.</summary>
    private static double Before(double score, double decibels) =>
        Math.Min(score * From / (From - decibels), score + decibels);
}
