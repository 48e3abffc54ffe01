namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>
/// Scores of one set of comparisons and the error rates they give; a comparison is accepted at threshold t
/// where its score is at least t (ISO/IEC 19795-1:2021). A template that could not be made scores minus
/// infinity: it is a rejected comparison, never one left out.
/// </summary>
internal sealed class ComparisonScores
{
    private readonly double[] mated;
    private readonly double[] nonMated;

    public ComparisonScores(IEnumerable<double> mated, IEnumerable<double> nonMated)
    {
        this.mated = [.. mated.Order()];
        this.nonMated = [.. nonMated.Order()];
        if (this.mated.Length == 0 || this.nonMated.Length == 0)
        {
            throw new ArgumentException(
                $"found {this.mated.Length} mated and {this.nonMated.Length} non-mated scores, wanted both");
        }
    }

    public int Mated => mated.Length;

    public int NonMated => nonMated.Length;

    /// <summary>The scores, sorted with the lowest first.</summary>
    public IReadOnlyList<double> MatedScores => mated;

    /// <summary>The scores, sorted with the lowest first.</summary>
    public IReadOnlyList<double> NonMatedScores => nonMated;

    /// <summary>Mated comparisons below the threshold.</summary>
    public int MissesAt(double threshold) => CountBelow(mated, threshold);

    /// <summary>Non-mated comparisons at or above the threshold.</summary>
    public int FalseMatchesAt(double threshold) => nonMated.Length - CountBelow(nonMated, threshold);

    /// <summary>
    /// The lowest threshold whose FMR does not exceed <paramref name="fmr"/>: just above the non-mated score
    /// that would be one too many.
    /// </summary>
    public double ThresholdAt(double fmr)
    {
        int allowed = (int)Math.Floor((fmr * nonMated.Length) + 1e-9);
        return allowed >= nonMated.Length ? double.NegativeInfinity
            : Math.BitIncrement(nonMated[nonMated.Length - 1 - allowed]);
    }

    /// <summary>
    /// Equal error rate as FVC defines it: the mean of FMR and FNMR at the neighbouring threshold where their
    /// sum is lower (D. Maio et al., FVC2000: Fingerprint Verification Competition, IEEE TPAMI 24(3), 2002,
    /// section 4).
    /// </summary>
    public double EqualErrorRate()
    {
        // FMR falls and FNMR rises with the threshold, both only at scores that occur.
        double[] thresholds = [double.NegativeInfinity, .. mated.Concat(nonMated).Distinct().Order()];
        int low = 0;
        int high = thresholds.Length;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) =
                Fnmr(thresholds[middle]) <= Fmr(thresholds[middle]) ? (middle, high) : (low, middle);
        }

        double before = Fmr(thresholds[low]) + Fnmr(thresholds[low]);
        double above = high < thresholds.Length ? thresholds[high] : double.PositiveInfinity;
        return Math.Min(before, Fmr(above) + Fnmr(above)) / 2;
    }

    private double Fmr(double threshold) => (double)FalseMatchesAt(threshold) / nonMated.Length;

    private double Fnmr(double threshold) => (double)MissesAt(threshold) / mated.Length;

    private static int CountBelow(double[] sorted, double threshold)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < threshold ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
