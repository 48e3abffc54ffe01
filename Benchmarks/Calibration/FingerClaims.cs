using MatchCluster.Matching.Scores;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>A non-mated comparison with its score.</summary>
/// <param name="Set">Number of the set of both.</param>
/// <param name="First">Number of the one finger.</param>
/// <param name="Second">Number of the other finger.</param>
/// <param name="Score">-10 log10 FMR.</param>
internal readonly record struct ScoredPair(int Set, int First, int Second, double Score);

/// <summary>What was observed where a score was claimed.</summary>
/// <param name="Score">-10 log10 of the claim.</param>
/// <param name="Reached">Comparisons at or above it.</param>
/// <param name="Observed">Their share, every set weighing the same.</param>
/// <param name="Low">Lower end of the 95 % interval, by fingers drawn with replacement inside each set.</param>
/// <param name="High">
/// Upper end of the interval; where none was observed, as if every two fingers had been compared once.
/// </param>
internal readonly record struct FingerClaim(int Score, int Reached, double Observed, double Low, double High)
{
    public double Claimed => Math.Pow(10, -Score / 10.0);

    /// <summary>How many times the claim was observed.</summary>
    public double Times => Observed / Claimed;
}

/// <summary>Observed shares by score, with intervals that know which comparisons share a finger.</summary>
internal static class FingerClaims
{
    private const int Draws = 500;
    private const int Seed = 5;
    private const double Outside = 0.025;

    /// <param name="pairs">Comparisons of one set or of several.</param>
    /// <param name="levels">Scores.</param>
    public static FingerClaim[] Of(IReadOnlyList<ScoredPair> pairs, IReadOnlyList<int> levels)
    {
        int[] sets = [.. pairs.Select(pair => pair.Set).Distinct()];
        (int Set, int Finger)[] fingers =
        [
            .. pairs.Select(pair => (pair.Set, pair.First)).Concat(pairs.Select(pair => (pair.Set, pair.Second)))
                .Distinct().Order(),
        ];
        Dictionary<(int, int), int> index = fingers.Select((f, i) => (f, i)).ToDictionary(x => x.f, x => x.i);
        (int Set, int First, int Second, int Level)[] counted =
        [
            .. pairs.Select(pair => (
                Array.IndexOf(sets, pair.Set), index[(pair.Set, pair.First)], index[(pair.Set, pair.Second)],
                levels.Count(level => pair.Score >= level))),
        ];
        int[][] ofSet =
        [
            .. sets.Select(set => Enumerable.Range(0, fingers.Length).Where(i => fingers[i].Set == set).ToArray()),
        ];
        double[] once = Shares(counted, sets.Length, levels.Count, [.. fingers.Select(_ => 1)]);
        var random = new Random(Seed);
        double[][] drawn = new double[Draws][];
        for (int draw = 0; draw < Draws; draw++)
        {
            int[] times = new int[fingers.Length];
            foreach (int[] of in ofSet)
            {
                foreach (int _ in of)
                {
                    times[of[random.Next(of.Length)]]++;
                }
            }

            drawn[draw] = Shares(counted, sets.Length, levels.Count, times);
        }

        int fingerPairs = counted.DistinctBy(pair => (pair.First, pair.Second)).Count();
        return
        [
            .. levels.Select((level, i) =>
            {
                double[] sorted = [.. drawn.Select(shares => shares[i]).Order()];
                int reached = pairs.Count(pair => pair.Score >= level);
                return reached == 0
                    ? new FingerClaim(level, 0, 0, 0, new Proportion(0, fingerPairs).High)
                    : new FingerClaim(
                        level, reached, once[i], sorted[(int)(Draws * Outside)], sorted[(int)(Draws * (1 - Outside))]);
            }),
        ];
    }

    /// <summary>Mean over the sets of the share that reaches each level.</summary>
    private static double[] Shares(
        (int Set, int First, int Second, int Level)[] pairs, int sets, int levels, int[] times)
    {
        double[] all = new double[sets];
        double[,] reached = new double[sets, levels];
        foreach ((int set, int first, int second, int level) in pairs)
        {
            double weight = times[first] * times[second];
            all[set] += weight;
            for (int i = 0; i < level; i++)
            {
                reached[set, i] += weight;
            }
        }

        int held = all.Count(sum => sum > 0);
        return
        [
            .. Enumerable.Range(0, levels).Select(level => held == 0 ? 0 : Enumerable.Range(0, sets)
                .Where(set => all[set] > 0).Sum(set => reached[set, level] / all[set]) / held),
        ];
    }
}
