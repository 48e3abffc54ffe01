namespace MatchCluster.LoadTest.Ladders;

/// <summary>
/// Which rate is tried next: up by a factor until a step breaks, or where the first broke, down by the square of the
/// factor until one holds; then the geometric middle between the fastest that held and the slowest that broke, a few
/// times.
/// </summary>
internal sealed class LadderPlan(LadderOptions options)
{
    private int refinements = options.Refinements;
    private double? slowestBroken;

    /// <summary>The rate to try; null where the plan has ended.</summary>
    public double? Next { get; private set; } = options.FirstRate;

    /// <summary>The knee: the fastest rate that held; null where none did.</summary>
    public double? Knee { get; private set; }

    /// <summary>Takes the result of the step at <see cref="Next"/>.</summary>
    public void Take(bool held)
    {
        double rate = Next ?? throw new InvalidOperationException("the plan has ended");
        if (held)
        {
            Knee = Math.Max(Knee ?? 0, rate);
        }
        else
        {
            slowestBroken = Math.Min(slowestBroken ?? double.PositiveInfinity, rate);
        }

        Next = (Knee, slowestBroken) switch
        {
            (_, null) => rate < options.MostRate ? Math.Min(rate * options.Factor, options.MostRate) : null,
            (null, { } broken) => broken > options.LeastRate
                ? Math.Max(broken / (options.Factor * options.Factor), options.LeastRate) : null,
            ({ } knee, { } broken) => refinements-- > 0 ? Math.Sqrt(knee * broken) : null,
        };
    }
}
