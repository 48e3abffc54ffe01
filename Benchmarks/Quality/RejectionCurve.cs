namespace MatchCluster.Benchmarks.Quality;

/// <summary>What is missed among prints of a set where those with the lowest values are turned away.</summary>
internal sealed class RejectionCurve
{
    private readonly ComparedPrint[] byValue;
    private readonly PrintComparison[] mated;
    private readonly double threshold;

    /// <param name="set">The prints and their comparisons.</param>
    /// <param name="kind">The value; a print without one counts as the poorest.</param>
    /// <param name="threshold">Mated comparisons with a lower score are missed.</param>
    public RejectionCurve(ComparedPrints set, QualityKind kind, double threshold)
    {
        this.byValue =
        [
            .. set.Prints.OrderBy(print => kind.Of(print) ?? double.NegativeInfinity)
                .ThenBy(print => print.Set, StringComparer.Ordinal).ThenBy(print => print.Finger)
                .ThenBy(print => print.Impression),
        ];
        this.mated = [.. set.Comparisons.Where(it => it.IsMated)];
        this.threshold = threshold;
    }

    /// <summary>Mated comparisons that are missed.</summary>
    public int Missed => this.mated.Count(IsMissed);

    /// <summary>Share of what is missed in which a print of the lowest share has a part.</summary>
    public double ShareOfMissed(double lowest)
    {
        HashSet<ComparedPrint> poor = Lowest(lowest);
        return Missed == 0 ? 0
            : (double)this.mated.Count(it => IsMissed(it) && (poor.Contains(it.First) || poor.Contains(it.Second)))
                / Missed;
    }

    /// <summary>False non-match rate of the comparisons of two prints that are not of the lowest share.</summary>
    public double FnmrWithout(double lowest)
    {
        HashSet<ComparedPrint> poor = Lowest(lowest);
        PrintComparison[] kept = [.. this.mated.Where(it => !poor.Contains(it.First) && !poor.Contains(it.Second))];
        return kept.Length == 0 ? 0 : (double)kept.Count(IsMissed) / kept.Length;
    }

    private HashSet<ComparedPrint> Lowest(double share) =>
        new(this.byValue.Take((int)(share * this.byValue.Length)), ReferenceEqualityComparer.Instance);

    private bool IsMissed(PrintComparison comparison) => comparison.Score < this.threshold;
}
