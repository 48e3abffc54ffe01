namespace MatchCluster.Matching.Scores;

/// <summary>
/// Scores of one identity joined on the common scale, score = -10 log10 FMR.
/// </summary>
/// <remarks>
/// Fisher's combined probability test: under the non-mated hypothesis each comparison's FMR is uniform on (0, 1], so
/// x = -sum ln FMR_i of m independent comparisons follows Gamma(m, 1), and the FMR of the whole is its upper tail
/// Q(m, x) = e^-x sum_{j&lt;m} x^j / j!. One comparison fuses to itself. Fingers of one hand are not fully
/// independent, so the fused score of many fingers is optimistic; see docs/accuracy.md.
/// (R. A. Fisher, Statistical Methods for Research Workers, 1932, section 21.1.)
/// </remarks>
public static class Fusion
{
    private const double DecibelsPerNeper = 4.3429448190325182;

    /// <summary>Terms beyond it are scaled down, so that no number of comparisons overflows.</summary>
    private const double LargestSum = 1e200;

    /// <summary>The fused score of the comparisons, rounded to a hundredth; 0 for none.</summary>
    /// <param name="scores">-10 log10 FMR of each comparison; negative values count as 0.</param>
    public static double Fuse(ReadOnlySpan<double> scores)
    {
        if (scores.IsEmpty)
        {
            return 0;
        }

        double x = 0;
        foreach (double score in scores)
        {
            x += Math.Max(score, 0) / DecibelsPerNeper;
        }

        // sum x^j / j! grows slowly beside e^-x, so its logarithm is taken apart from it: no underflow for large x.
        double term = 1;
        double sum = 1;
        double scale = 0;
        for (int j = 1; j < scores.Length; j++)
        {
            term *= x / j;
            sum += term;
            if (sum > LargestSum)
            {
                term /= LargestSum;
                sum /= LargestSum;
                scale += Math.Log(LargestSum);
            }
        }

        return Math.Round(DecibelsPerNeper * Math.Max(x - Math.Log(sum) - scale, 0), 2);
    }

    /// <summary>
    /// The score of the best of several comparisons of one place of the probe: the chance that any of n non-mated
    /// comparisons reaches it is 1-(1-FMR)^n (Sidak) where they are independent, and less where they are not.
    /// </summary>
    public static double BestOf(double score, int comparisons)
    {
        if (comparisons <= 1)
        {
            return score;
        }

        double clamped = Math.Max(score, 0);
        double fmr = Math.Pow(10, -clamped / 10);
        return comparisons * fmr < Fpir.Linear
            ? Math.Max(clamped - (10 * Math.Log10(comparisons)), 0)
            : -10 * Math.Log10(Fpir.AnyOf(fmr, comparisons));
    }
}
