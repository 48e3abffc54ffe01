namespace MatchCluster.Matching.Scores;

/// <summary>A counted share with its 95 % interval.</summary>
/// <remarks>
/// Wilson's score interval (E. B. Wilson, JASA 22, 1927): (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 +
/// z²/n). It stays inside 0..1 and says something for 0 of n. Comparisons that share a finger are not
/// independent, so the true interval is wider; it is stated as the field states it.
/// </remarks>
/// <param name="Count">How many of them.</param>
/// <param name="Of">The number that it is a share of.</param>
public readonly record struct Proportion(int Count, int Of)
{
    private const double Z = 1.959963984540054;

    /// <summary>The share itself; 0 of nothing.</summary>
    public double Value => Of == 0 ? 0 : (double)Count / Of;

    /// <summary>
    /// Exactly 0 where nothing was counted: the difference of two equal numbers would leave a crumb.
    /// </summary>
    public double Low => Count == 0 ? 0 : Math.Max(0, Centre - Half);

    /// <summary>Exactly 1 where everything was counted.</summary>
    public double High => Count == Of ? 1 : Math.Min(1, Centre + Half);

    private double Centre => Of == 0 ? 0.5 : (Value + (Z * Z / (2.0 * Of))) / (1 + (Z * Z / Of));

    private double Half => Of == 0 ? 0.5
        : Z * Math.Sqrt((Value * (1 - Value) / Of) + (Z * Z / (4.0 * Of * Of))) / (1 + (Z * Z / Of));

    /// <summary>The share in percent, as <c>12.3 % [11.0, 13.7]</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{100 * Value:0.00} % [{100 * Low:0.0}, {100 * High:0.0}]");
}
