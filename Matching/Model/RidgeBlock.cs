namespace MatchCluster.Matching.Model;

/// <summary>
/// The block of ridge detail that a view carries (docs/records.md). It is of the view's minutiae: one whose minutiae
/// were cut, moved or put into another order has no such block any more.
/// </summary>
public sealed class RidgeBlock
{
    private readonly IReadOnlyList<Minutia> minutiae;

    /// <param name="detail">What it says.</param>
    /// <param name="minutiae">The minutiae of the view.</param>
    public RidgeBlock(RidgeDetail detail, IReadOnlyList<Minutia> minutiae) =>
        (Detail, this.minutiae) = (detail, minutiae);

    /// <param name="unknown">A block of a version that is not known here, checksum and all.</param>
    /// <param name="minutiae">The minutiae of the view.</param>
    public RidgeBlock(ReadOnlyMemory<byte> unknown, IReadOnlyList<Minutia> minutiae) =>
        (Unknown, this.minutiae) = (unknown, minutiae);

    /// <summary>What it says; null where it is of a version that is not known here.</summary>
    public RidgeDetail? Detail { get; }

    /// <summary>The bytes of a block of an unknown version, which is kept as it is; else empty.</summary>
    public ReadOnlyMemory<byte> Unknown { get; }

    /// <summary>Whether it is of some minutiae: the same places in the same order.</summary>
    public bool IsOf(IReadOnlyList<Minutia> others) => ReferenceEquals(others, this.minutiae)
        || (others.Count == this.minutiae.Count
            && others.Zip(this.minutiae).All(pair => (pair.First.X, pair.First.Y) == (pair.Second.X, pair.Second.Y)));
}
