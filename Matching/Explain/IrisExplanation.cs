using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Explain;

/// <summary>
/// One comparison of two iris codes taken apart for an examiner: the best rotation and, bit by bit, what was compared
/// and what differed there. The numbers are those of a search; the score is the one it would give.
/// </summary>
public sealed record IrisExplanation
{
    public required BiometricPosition ProbePosition { get; init; }

    public required BiometricPosition ReferencePosition { get; init; }

    /// <summary>The shape of both codes.</summary>
    public required IrisShape Shape { get; init; }

    /// <summary>The encoder whose calibration scored it; unknown where both codes do not share one.</summary>
    public IrisEncoderId Encoder { get; init; }

    /// <summary>-10 log10 FMR of this comparison, less the price of its look (<c>EyeLooks</c>).</summary>
    public required double Score { get; init; }

    /// <summary>Degrees by which the probe was turned before it agreed, 180; null as sent.</summary>
    public int? ProbeTurn { get; init; }

    /// <summary>
    /// Counts and rotation, after <see cref="ProbeTurn"/>; the raw fractional Hamming distance is its Distance.
    /// </summary>
    public required IrisComparison Comparison { get; init; }

    /// <summary>The distance as if the shape's usual number of bits had been valid.</summary>
    public required double Normalised { get; init; }

    /// <summary>
    /// Bits that are valid in both codes, in the reference's columns and the bit order of <see cref="IrisCode"/>;
    /// Shape.Words words.
    /// </summary>
    public required ReadOnlyMemory<ulong> Compared { get; init; }

    /// <summary>The bits of <see cref="Compared"/> that differ, in the same order.</summary>
    public required ReadOnlyMemory<ulong> Differing { get; init; }
}
