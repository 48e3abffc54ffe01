namespace MatchCluster.Matching.Scores;

/// <summary>
/// One fitted curve from raw finger similarity to score, for comparisons whose smaller template has at least so many
/// cylinders (and fewer than the next curve asks for).
/// </summary>
/// <remarks>
/// Up to a score of 20 (the most similar hundredth of the non-mated comparisons) the score is read off the data by
/// straight lines between knots. Beyond, it follows a generalised Pareto tail (J. Pickands, 1975): the share that
/// exceeds the last knot u by x is (1 + shape x / scale)^(-1/shape).
/// </remarks>
/// <param name="MinCylinders">Cylinders of the smaller template from which the curve holds.</param>
/// <param name="Comparisons">Non-mated comparisons it was fitted to.</param>
/// <param name="Knots">Raw similarities at <see cref="KnotScores"/>, strictly increasing.</param>
/// <param name="Scale">Scale of the tail, raw units, above 0.</param>
/// <param name="Shape">Shape of the tail, above 0: heavier than exponential.</param>
public sealed record FingerCalibrationCurve(
    int MinCylinders, int Comparisons, IReadOnlyList<int> Knots, double Scale, double Shape)
{
    /// <summary>Scores of the knots: -10 log10 of the share of non-mated comparisons at or above each.</summary>
    public static IReadOnlyList<double> KnotScores { get; } = [1, 2, 3, 5, 7, 10, 13, 16, 20];

    /// <summary>Score of a raw similarity, not yet capped or rounded; 0 at raw 0.</summary>
    public double ScoreOf(int raw)
    {
        int last = Knots.Count - 1;
        if (raw >= Knots[last])
        {
            double stretched = 1 + (Shape * (raw - Knots[last]) / Scale);
            return KnotScores[last] + (10 / Shape * Math.Log10(stretched));
        }

        int fromRaw = 0;
        double fromScore = 0;
        for (int i = 0; i <= last; i++)
        {
            if (raw < Knots[i])
            {
                double share = (double)(raw - fromRaw) / (Knots[i] - fromRaw);
                return fromScore + (share * (KnotScores[i] - fromScore));
            }

            fromRaw = Knots[i];
            fromScore = KnotScores[i];
        }

        return fromScore;
    }
}
