using MatchCluster.Matching.Fingers;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// One fitted curve from finger strength to score, for comparisons whose smaller template has at least so many
/// cylinders (and fewer than the next curve asks for).
/// </summary>
/// <remarks>
/// Up to a score of 20 (the most similar hundredth of the non-mated comparisons) the score is read off the data by
/// straight lines between knots. Beyond, it follows a generalised Pareto tail (J. Pickands, 1975): the share that
/// exceeds the last knot u by x is (1 + shape x / scale)^(-1/shape), which is e^(-x / scale) where the shape is 0.
/// </remarks>
/// <param name="MinCylinders">Cylinders of the smaller template from which the curve holds.</param>
/// <param name="Comparisons">Non-mated comparisons it was fitted to.</param>
/// <param name="Knots">Strengths at <see cref="KnotScores"/>, strictly increasing.</param>
/// <param name="Scale">Scale of the tail, units of strength, above 0.</param>
/// <param name="Shape">Shape of the tail: 0 is exponential, above it is heavier.</param>
public sealed record FingerCalibrationCurve(
    int MinCylinders, int Comparisons, IReadOnlyList<int> Knots, double Scale, double Shape)
{
    private const double DecibelsPerNeper = 4.3429448190325182;

    /// <summary>Scores of the knots: -10 log10 of the share of non-mated comparisons at or above each.</summary>
    public static IReadOnlyList<double> KnotScores { get; } = [1, 2, 3, 5, 7, 10, 13, 16, 20];

    /// <summary>The least strength with at least a score.</summary>
    public int StrengthAt(double score)
    {
        int low = 0;
        int high = FingerScorer.One;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ScoreOf(middle) >= score ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Score of a strength, not yet capped or rounded; 0 at 0.</summary>
    public double ScoreOf(int strength)
    {
        int last = Knots.Count - 1;
        if (strength >= Knots[last])
        {
            double beyond = (strength - Knots[last]) / Scale;
            return KnotScores[last] + (Shape == 0
                ? DecibelsPerNeper * beyond : 10 / Shape * Math.Log10(1 + (Shape * beyond)));
        }

        int from = 0;
        double fromScore = 0;
        for (int i = 0; i <= last; i++)
        {
            if (strength < Knots[i])
            {
                double share = (double)(strength - from) / (Knots[i] - from);
                return fromScore + (share * (KnotScores[i] - fromScore));
            }

            from = Knots[i];
            fromScore = KnotScores[i];
        }

        return fromScore;
    }
}
