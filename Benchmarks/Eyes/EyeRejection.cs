using MatchCluster.Benchmarks.Accuracy;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// What is missed among pictures of eyes where some are turned away. The threshold of an eye comes from the
/// comparisons of the other half of the eyes, so that nothing is measured with what set it.
/// </summary>
internal sealed class EyeRejection
{
    private readonly EyeComparison[] mated;
    private readonly bool[] missed;

    /// <param name="comparisons">Every pair of pictures.</param>
    /// <param name="eyes">The eye of each picture.</param>
    /// <param name="fmr">The rate that sets both thresholds.</param>
    public EyeRejection(IReadOnlyList<EyeComparison> comparisons, int[] eyes, double fmr)
    {
        double[] thresholds = [ThresholdWithout(0), ThresholdWithout(1)];
        this.mated = [.. comparisons.Where(c => eyes[c.One] == eyes[c.Other])];
        this.missed = [.. this.mated.Select(c => -c.Normalised < thresholds[eyes[c.One] % 2])];

        // A lower distance is a better comparison.
        double ThresholdWithout(int half)
        {
            EyeComparison[] others =
                [.. comparisons.Where(c => eyes[c.One] % 2 != half && eyes[c.Other] % 2 != half)];
            return new ComparisonScores(
                others.Where(c => eyes[c.One] == eyes[c.Other]).Select(c => -c.Normalised),
                others.Where(c => eyes[c.One] != eyes[c.Other]).Select(c => -c.Normalised)).ThresholdAt(fmr);
        }
    }

    public int Mated => this.mated.Length;

    public int Missed => this.missed.Count(each => each);

    /// <summary>False non-match rate of the comparisons of two pictures that are not of the lowest share.</summary>
    public double FnmrWithout(double[] values, double share)
    {
        HashSet<int> poor = Lowest(values, share);
        (int kept, int lost) = (0, 0);
        for (int i = 0; i < this.mated.Length; i++)
        {
            if (!poor.Contains(this.mated[i].One) && !poor.Contains(this.mated[i].Other))
            {
                kept++;
                lost += this.missed[i] ? 1 : 0;
            }
        }

        return kept == 0 ? 0 : (double)lost / kept;
    }

    /// <summary>Share of what is missed in which a picture of the lowest share has a part.</summary>
    public double ShareOfMissed(double[] values, double share)
    {
        HashSet<int> poor = Lowest(values, share);
        return Missed == 0 ? 0 : (double)this.mated
            .Where((c, i) => this.missed[i] && (poor.Contains(c.One) || poor.Contains(c.Other))).Count() / Missed;
    }

    private static HashSet<int> Lowest(double[] values, double share) =>
    [
        .. Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ThenBy(i => i)
            .Take((int)(share * values.Length)),
    ];
}
