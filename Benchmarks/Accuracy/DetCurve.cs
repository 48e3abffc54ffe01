namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>One point of a detection error trade-off curve.</summary>
/// <param name="Threshold">-10 log10 FMR by the calibration; a comparison at or above it is accepted.</param>
internal readonly record struct DetPoint(double Fmr, double Fnmr, double Threshold);

/// <summary>Where a set of comparisons trades false matches against false non-matches.</summary>
internal static class DetCurve
{
    /// <summary>FMRs that a table shows.</summary>
    public static IReadOnlyList<double> TableFmrs { get; } =
        [0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001];

    /// <summary>FNMR at a wanted FMR: the observed FMR never exceeds it.</summary>
    public static DetPoint At(ComparisonScores scores, double fmr)
    {
        double threshold = scores.ThresholdAt(fmr);
        return new DetPoint(
            (double)scores.FalseMatchesAt(threshold) / scores.NonMated,
            (double)scores.MissesAt(threshold) / scores.Mated,
            threshold);
    }

    /// <summary>Every corner of the curve, highest FMR first; the last has none.</summary>
    public static IReadOnlyList<DetPoint> Corners(ComparisonScores scores)
    {
        List<DetPoint> corners = [];
        for (int allowed = scores.NonMated; allowed >= 0; allowed--)
        {
            DetPoint point = At(scores, (double)allowed / scores.NonMated);
            if (corners.Count == 0 || point.Fnmr != corners[^1].Fnmr)
            {
                corners.Add(point);
            }
            else
            {
                corners[^1] = point; // fewer false matches at equal misses
            }
        }

        return corners;
    }
}
