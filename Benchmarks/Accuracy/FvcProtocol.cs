using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>An impression that was read; without view and template where its record could not be.</summary>
internal sealed record PreparedImpression(FvcImpression Impression, FingerView? View)
{
    public FingerTemplate? Template { get; } = View is null ? null : FingerTemplate.Prepare(View);
}

/// <summary>What the protocol found in one set, or in several pooled.</summary>
/// <param name="Comparisons">All of them, by one scale for all.</param>
/// <param name="Rank1">Probes whose finger is the only best of its set's gallery.</param>
/// <param name="Failures">Records without a template; their comparisons count as rejected.</param>
internal sealed record SetResult(
    string Name, IReadOnlyList<FvcComparison> Comparisons, Proportion Rank1, int Failures)
{
    public ComparisonScores Scores { get; } = new(
        Comparisons.Where(c => c.IsMated).Select(c => c.Score),
        Comparisons.Where(c => !c.IsMated).Select(c => c.Score));
}

/// <summary>One comparison of the protocol.</summary>
/// <param name="Set">The set of both impressions.</param>
/// <param name="Finger">Finger of the one impression.</param>
/// <param name="OtherFinger">Finger of the other impression.</param>
/// <param name="Score">-10 log10 FMR; minus infinity where one of the two could not be read.</param>
internal readonly record struct FvcComparison(string Set, int Finger, int OtherFinger, double Score)
{
    public bool IsMated => Finger == OtherFinger;
}

/// <summary>
/// The protocol of the FVC competitions with every comparison made: mated are all pairs of impressions of a
/// finger, non-mated all pairs of impressions of different fingers (280 and 2,880 for 10 fingers x 8
/// impressions). Rank-1 takes the first impression of each finger as the gallery and every other one as a
/// probe; a tie is a miss. The earlier impression is the gallery's. Scores are the engine's own, -10 log10
/// FMR.
/// </summary>
internal static class FvcProtocol
{
    /// <exception cref="ArgumentException">The set has no mated or no non-mated pair.</exception>
    public static SetResult Run(string name, IReadOnlyList<PreparedImpression> set)
    {
        List<FvcComparison> comparisons = [];
        var scratch = new FingerScratch();
        for (int i = 0; i < set.Count; i++)
        {
            for (int j = i + 1; j < set.Count; j++)
            {
                comparisons.Add(new FvcComparison(
                    name,
                    set[i].Impression.Finger,
                    set[j].Impression.Finger,
                    Score(set[j], set[i], scratch)));
            }
        }

        return new SetResult(name, comparisons, Rank1(set, scratch), set.Count(i => i.Template is null));
    }

    /// <summary>All sets by one threshold.</summary>
    public static SetResult Pool(IReadOnlyList<SetResult> sets) => new(
        "pooled",
        [.. sets.SelectMany(s => s.Comparisons)],
        new Proportion(sets.Sum(s => s.Rank1.Count), sets.Sum(s => s.Rank1.Of)),
        sets.Sum(s => s.Failures));

    /// <summary>The engine's score; minus infinity where one of the two could not be read.</summary>
    public static double Score(PreparedImpression probe, PreparedImpression gallery, FingerScratch scratch)
    {
        if (probe.Template is not { } first || gallery.Template is not { } second)
        {
            return double.NegativeInfinity;
        }

        FingerMatch match = FingerMatcher.Compare(first, second.Row, scratch);
        return ScoreCalibration.Default.FingerScore(match.Strength, first, second.Row);
    }

    private static Proportion Rank1(IReadOnlyList<PreparedImpression> set, FingerScratch scratch)
    {
        PreparedImpression[] gallery =
            [.. set.GroupBy(i => i.Impression.Finger).Select(finger => finger.First())];
        int right = 0;
        int probes = 0;
        foreach (PreparedImpression probe in set.Except(gallery))
        {
            double own = double.NegativeInfinity;
            double best = double.NegativeInfinity;
            foreach (PreparedImpression row in gallery)
            {
                double score = Score(probe, row, scratch);
                bool same = row.Impression.Finger == probe.Impression.Finger;
                (own, best) = same ? (score, best) : (own, Math.Max(best, score));
            }

            probes++;
            right += own > best ? 1 : 0;
        }

        return new Proportion(right, probes);
    }
}
