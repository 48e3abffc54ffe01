namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>Share with its interval, 0..1.</summary>
internal readonly record struct Interval(double Low, double High);

/// <summary>What the error rates would be with other fingers of that kind.</summary>
internal sealed record BootstrapIntervals(Interval Eer, IReadOnlyList<Interval> Fnmr);

/// <summary>
/// 95 % percentile intervals by drawing fingers with replacement inside each set: comparisons that share a finger stay
/// together, so their dependence is in the interval, which Wilson's leaves out. A comparison counts as often as both of
/// its fingers were drawn; a finger drawn twice is not compared with itself as non-mated.
/// (B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993; R. M. Bolle et al., "Error analysis of pattern
/// recognition systems - the subsets bootstrap", CVIU 93(1), 2004.)
/// </summary>
internal static class FingerBootstrap
{
    public const int Draws = 1000;

    /// <summary>A fixed seed, so that every run makes equal draws.</summary>
    private const int Seed = 1;

    /// <param name="comparisons">Comparisons of one set or of several.</param>
    /// <param name="fmrs">Operating points, 0..1.</param>
    /// <exception cref="InvalidOperationException">
    /// With every finger drawn once the walk does not find the rates of <see cref="ComparisonScores"/>: a bug.
    /// </exception>
    public static BootstrapIntervals Of(IReadOnlyList<FvcComparison> comparisons, IReadOnlyList<double> fmrs)
    {
        FvcComparison[] sorted = [.. comparisons.OrderByDescending(c => c.Score)];
        (string Set, int Finger)[] fingers =
        [
            .. sorted.Select(c => (c.Set, c.Finger)).Concat(sorted.Select(c => (c.Set, c.OtherFinger)))
                .Distinct().Order(),
        ];
        Dictionary<(string, int), int> index = fingers.Select((f, i) => (f, i)).ToDictionary(x => x.f, x => x.i);
        (int One, int Other)[] pairs =
            [.. sorted.Select(c => (index[(c.Set, c.Finger)], index[(c.Set, c.OtherFinger)]))];
        int[][] sets = [.. fingers.Select((f, i) => (f.Set, i)).GroupBy(x => x.Set, x => x.i).Select(g => g.ToArray())];

        MustAgree(sorted, fmrs);
        var random = new Random(Seed);
        List<double> eers = [];
        List<double>[] fnmrs = [.. fmrs.Select(_ => new List<double>())];
        int[] drawn = new int[fingers.Length];
        int[] weights = new int[sorted.Length];
        for (int draw = 0; draw < Draws; draw++)
        {
            Array.Clear(drawn);
            foreach (int[] set in sets)
            {
                for (int i = 0; i < set.Length; i++)
                {
                    drawn[set[random.Next(set.Length)]]++;
                }
            }

            for (int i = 0; i < weights.Length; i++)
            {
                (int one, int other) = pairs[i];
                weights[i] = one == other ? drawn[one] : drawn[one] * drawn[other];
            }

            if (Rates(sorted, weights, fmrs) is not { } rates)
            {
                continue; // one finger only, drawn again and again: nothing non-mated
            }

            eers.Add(rates.Eer);
            for (int i = 0; i < fnmrs.Length; i++)
            {
                fnmrs[i].Add(rates.Fnmr[i]);
            }
        }

        return new BootstrapIntervals(Percentiles(eers), [.. fnmrs.Select(Percentiles)]);
    }

    /// <summary>
    /// EER and FNMR of weighted comparisons, highest score first, in one walk. Null where one kind has no weight.
    /// </summary>
    internal static (double Eer, double[] Fnmr)? Rates(
        FvcComparison[] sorted, int[] weights, IReadOnlyList<double> fmrs)
    {
        long mated = 0;
        long nonMated = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            (mated, nonMated) = sorted[i].IsMated
                ? (mated + weights[i], nonMated) : (mated, nonMated + weights[i]);
        }

        if (mated == 0 || nonMated == 0)
        {
            return null;
        }

        double[] fnmr = [.. fmrs.Select(_ => 1.0)];
        double eer = 1;
        long accepted = 0;
        long falsely = 0;
        for (int i = 0; i < sorted.Length;)
        {
            for (double score = sorted[i].Score; i < sorted.Length && sorted[i].Score == score; i++)
            {
                (accepted, falsely) = sorted[i].IsMated
                    ? (accepted + weights[i], falsely) : (accepted, falsely + weights[i]);
            }

            double missed = (double)(mated - accepted) / mated;
            double fmr = (double)falsely / nonMated;
            eer = Math.Min(eer, Math.Max(missed, fmr));
            for (int p = 0; p < fnmr.Length; p++)
            {
                fnmr[p] = fmr <= fmrs[p] + 1e-12 ? missed : fnmr[p];
            }
        }

        return (eer, fnmr);
    }

    private static void MustAgree(FvcComparison[] sorted, IReadOnlyList<double> fmrs)
    {
        var scores = new ComparisonScores(
            sorted.Where(c => c.IsMated).Select(c => c.Score), sorted.Where(c => !c.IsMated).Select(c => c.Score));
        int[] once = [.. sorted.Select(_ => 1)];
        double[] walked = Rates(sorted, once, fmrs)!.Value.Fnmr;
        double[] counted = [.. fmrs.Select(fmr => DetCurve.At(scores, fmr).Fnmr)];
        if (!walked.SequenceEqual(counted))
        {
            throw new InvalidOperationException(
                $"found FNMR {string.Join(", ", walked)} by the bootstrap's walk, "
                + $"{string.Join(", ", counted)} counted");
        }
    }

    private static Interval Percentiles(List<double> values)
    {
        if (values.Count == 0)
        {
            return new Interval(0, 1);
        }

        values.Sort();
        return new Interval(values[(int)(0.025 * values.Count)], values[(int)(0.975 * (values.Count - 1))]);
    }
}
