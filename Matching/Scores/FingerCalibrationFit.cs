namespace MatchCluster.Matching.Scores;

/// <summary>
/// Fits the calibration of fingers to non-mated comparisons, apart for templates of different size: a few cylinders
/// agree by chance more easily than many. The comparisons are sorted once, so that fits with other weights (fingers
/// drawn with replacement, a set left out) are cheap.
/// </summary>
/// <remarks>
/// Sets weigh the same, however many comparisons each has: what is wanted is the FMR of a sensor, and the set with the
/// most people is not the likeliest one. The tail is a generalised Pareto by maximum likelihood
/// (<see cref="FingerTailFit"/>): one shape for all sizes, a scale for each. Both are central estimates; how far off
/// they may be is said apart (<see cref="CalibrationError"/>).
/// </remarks>
public sealed class FingerCalibrationFit
{
    /// <summary>
    /// Comparisons that a size needs for a curve of its own: a hundredth of them must be at least 20.
    /// </summary>
    public const int MinComparisons = 2000;

    /// <summary>Least cylinders of the smaller template, per curve.</summary>
    private static readonly int[] Sizes = [4, 10, 14, 18, 26];

    private readonly NonMatedComparison[][] bySize;
    private readonly int[] sets;
    private readonly double allowance;

    /// <param name="nonMated">Comparisons of different fingers.</param>
    /// <param name="sets">For each view that they name the number of its set, 0 or more.</param>
    /// <param name="allowance">Decibels that are taken off (<see cref="SensorAllowance"/>).</param>
    public FingerCalibrationFit(
        IReadOnlyList<NonMatedComparison> nonMated, IReadOnlyList<int> sets, double allowance = 0)
    {
        this.allowance = allowance;
        ArgumentNullException.ThrowIfNull(nonMated);
        this.sets = [.. sets];
        bySize =
        [
            .. Sizes.Select((least, i) => nonMated
                .Where(c => c.Cylinders >= least && (i + 1 == Sizes.Length || c.Cylinders < Sizes[i + 1]))
                .OrderByDescending(c => c.Strength).ToArray()),
        ];
    }

    /// <summary>
    /// The curves, smallest templates first. A size without enough comparisons is left out: its comparisons then fall
    /// to the next smaller size, whose scores are lower, or to no score at all.
    /// </summary>
    public IReadOnlyList<FingerCalibrationCurve> Curves() => Curves(_ => 1, _ => 1);

    /// <summary>The curves where each view and set counts as often as stated; 0 leaves one out.</summary>
    /// <param name="timesOfSet">How often the set with this number counts.</param>
    /// <param name="timesOfView">How often the view with this index counts.</param>
    public IReadOnlyList<FingerCalibrationCurve> Curves(Func<int, double> timesOfSet, Func<int, double> timesOfView)
    {
        ArgumentNullException.ThrowIfNull(timesOfSet);
        ArgumentNullException.ThrowIfNull(timesOfView);
        List<(int Size, int Comparisons, int[] Knots, TailSample Tail)> fitted = [];
        for (int size = 0; size < Sizes.Length; size++)
        {
            double[] weights = Weights(bySize[size], timesOfSet, timesOfView, out int counted);
            if (counted >= MinComparisons)
            {
                int[] knots = KnotsOf(bySize[size], weights);
                fitted.Add((Sizes[size], counted, knots, TailOf(bySize[size], weights, knots[^1])));
            }
        }

        double shape = Math.Round(FingerTailFit.ShapeOf([.. fitted.Select(f => f.Tail)]), 3);
        return
        [
            .. fitted.Select(f => SensorAllowance.Of(
                new FingerCalibrationCurve(
                    f.Size, f.Comparisons, f.Knots, Math.Round(FingerTailFit.ScaleOf(f.Tail, shape).Scale, 1), shape),
                allowance)),
        ];
    }

    /// <summary>Weights of a size's comparisons: of each set the same sum, times how often it counts.</summary>
    private double[] Weights(
        NonMatedComparison[] compared, Func<int, double> timesOfSet, Func<int, double> timesOfView, out int counted)
    {
        double[] weights = new double[compared.Length];
        double[] sums = new double[sets.DefaultIfEmpty(0).Max() + 1];
        for (int i = 0; i < compared.Length; i++)
        {
            weights[i] = timesOfView(compared[i].First) * timesOfView(compared[i].Second);
            sums[sets[compared[i].First]] += weights[i];
        }

        // Fingers drawn with replacement are as many as there were, though fewer different ones.
        counted = (int)Math.Round(sums.Where((_, set) => timesOfSet(set) > 0).Sum());
        double[] shares = [.. sums.Select((sum, set) => sum > 0 ? timesOfSet(set) / sum : 0)];
        for (int i = 0; i < compared.Length; i++)
        {
            weights[i] *= shares[sets[compared[i].First]];
        }

        return weights;
    }

    private static int[] KnotsOf(NonMatedComparison[] compared, double[] weights)
    {
        double all = weights.Sum();
        int[] knots = new int[FingerCalibrationCurve.KnotScores.Count];
        double reached = 0;
        int at = 0;
        for (int i = knots.Length - 1; i >= 0; i--)
        {
            // The least value that no more than the wanted share of the comparisons reaches.
            double share = all * Math.Pow(10, -FingerCalibrationCurve.KnotScores[i] / 10);
            while (at < compared.Length - 1 && reached + weights[at] <= share)
            {
                reached += weights[at++];
            }

            knots[i] = compared[at].Strength + 1;
        }

        // Where few values occur, knots would fall together.
        for (int i = 0; i < knots.Length; i++)
        {
            knots[i] = Math.Max(knots[i], i == 0 ? 1 : knots[i - 1] + 1);
        }

        return knots;
    }

    private static TailSample TailOf(NonMatedComparison[] compared, double[] weights, int from)
    {
        int reach = compared.TakeWhile(c => c.Strength >= from).Count();
        double[] excesses = [.. compared.Take(reach).Select(c => (double)c.Strength - from)];
        double[] weighted = weights[..reach];
        double sum = weighted.Sum();
        int counted = weighted.Count(weight => weight > 0);
        return new TailSample(excesses, [.. weighted.Select(weight => sum > 0 ? weight * counted / sum : 0)]);
    }
}
