namespace MatchCluster.Matching.Scores;

/// <summary>
/// Fits the calibration of fingers to non-mated comparisons, apart for templates of different size: a few cylinders
/// agree by chance more easily than many.
/// </summary>
public static class FingerCalibrationFit
{
    /// <summary>
    /// Comparisons that a size needs for a curve of its own: a hundredth of them must be at least 20.
    /// </summary>
    public const int MinComparisons = 2000;

    private const double HeaviestShape = 0.5;

    /// <summary>Least cylinders of the smaller template, per curve.</summary>
    private static readonly int[] Sizes = [4, 10, 14, 18, 26];

    /// <summary>
    /// The curves, smallest templates first. A size without enough comparisons is left out: its comparisons then fall
    /// to the next smaller size, whose scores are lower, or to no score at all.
    /// </summary>
    /// <param name="nonMated">Strength and smaller number of cylinders, comparisons of different fingers.</param>
    public static IReadOnlyList<FingerCalibrationCurve> Fit(IReadOnlyList<(int Strength, int MinCylinders)> nonMated)
    {
        ArgumentNullException.ThrowIfNull(nonMated);
        List<FingerCalibrationCurve> curves = [];
        for (int i = 0; i < Sizes.Length; i++)
        {
            int least = Sizes[i];
            int beyond = i + 1 < Sizes.Length ? Sizes[i + 1] : int.MaxValue;
            int[] strengths =
                [.. nonMated.Where(c => c.MinCylinders >= least && c.MinCylinders < beyond).Select(c => c.Strength)];
            if (strengths.Length >= MinComparisons)
            {
                curves.Add(FitOne(least, strengths));
            }
        }

        return curves;
    }

    private static FingerCalibrationCurve FitOne(int minCylinders, int[] strengths)
    {
        Array.Sort(strengths, (a, b) => b.CompareTo(a));
        int[] knots = new int[FingerCalibrationCurve.KnotScores.Count];
        for (int i = 0; i < knots.Length; i++)
        {
            // The least value that no more than the wanted share of the comparisons reaches.
            double share = Math.Pow(10, -FingerCalibrationCurve.KnotScores[i] / 10);
            int reached = strengths[(int)(share * strengths.Length)] + 1;
            knots[i] = Math.Max(reached, i == 0 ? 1 : knots[i - 1] + 1);
        }

        (double scale, double shape) = FitTail(
            [.. strengths.TakeWhile(s => s >= knots[^1]).Select(s => (double)s - knots[^1])]);
        return new(minCylinders, strengths.Length, knots, Math.Round(scale, 1), Math.Round(shape, 3));
    }

    /// <summary>
    /// Generalised Pareto by probability-weighted moments (J. R. M. Hosking, J. R. Wallis, 1987). The data decide
    /// little about the shape, and everything far out hangs on it: a tail lighter than exponential is not believed,
    /// and two standard errors (about 1/sqrt(n) each) are added, so that more is claimed only from more evidence. The
    /// scale keeps the mean excess.
    /// </summary>
    private static (double Scale, double Shape) FitTail(double[] excesses)
    {
        int n = excesses.Length;
        if (n == 0)
        {
            return (1, HeaviestShape);
        }

        Array.Sort(excesses);
        double mean = 0;
        double weighted = 0;
        for (int i = 0; i < n; i++)
        {
            mean += excesses[i] / n;
            weighted += excesses[i] * (1 - ((i + 0.65) / n)) / n;
        }

        double gap = mean - (2 * weighted);
        double shape = gap > 0 ? Math.Max(2 - (mean / gap), 0) : 0;
        shape = Math.Min(shape + (2 / Math.Sqrt(n)), HeaviestShape);
        return (Math.Max(mean * (1 - shape), 1), shape);
    }
}
