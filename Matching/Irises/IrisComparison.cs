namespace MatchCluster.Matching.Irises;

/// <summary>The best rotation of one probe eye against one gallery eye.</summary>
/// <param name="Differing">Bits that are valid in both codes and differ.</param>
/// <param name="Valid">Bits that are valid in both codes; 0 means that nothing could be compared.</param>
/// <param name="Rotation">Columns the probe was turned by; column c of it came to lie on c +
/// Rotation.</param>
/// <remarks>
/// Best is the lowest raw fraction Differing / Valid, decided in integers by cross-multiplication, so that
/// order never depends on a rounding; of equal fractions the smaller turn wins, then the negative one.
/// Normalisation by valid bits comes after the rotation is chosen.
/// </remarks>
public readonly record struct IrisComparison(int Differing, int Valid, int Rotation)
{
    /// <summary>Fractional Hamming distance 0..1, NaN where nothing could be compared.</summary>
    public double Distance => (double)Differing / Valid;

    /// <summary>Whether the raw fraction is strictly lower; both have valid bits.</summary>
    internal bool IsBelow(in IrisComparison other) =>
        (long)Differing * other.Valid < (long)other.Differing * Valid;
}
