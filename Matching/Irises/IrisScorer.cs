using System.Runtime.CompilerServices;
using MatchCluster.Matching.Model;
using CountBits128 = MatchCluster.Matching.Irises.CountBits<
    MatchCluster.Matching.Irises.CountLanes128, System.Runtime.Intrinsics.Vector128<ulong>>;
using CountBits256 = MatchCluster.Matching.Irises.CountBits<
    MatchCluster.Matching.Irises.CountLanes256, System.Runtime.Intrinsics.Vector256<ulong>>;
using CountBits512 = MatchCluster.Matching.Irises.CountBits<
    MatchCluster.Matching.Irises.CountLanes512, System.Runtime.Intrinsics.Vector512<ulong>>;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// Masked fractional Hamming distance of two iris codes over all rotations of the probe: HD = |(codeA xor
/// codeB) and maskA and maskB| / |maskA and maskB|, the lowest over the rotations (J. Daugman, How iris
/// recognition works, IEEE Trans. CSVT 14(1), 2004, equation 1).
/// </summary>
/// <remarks>
/// <see cref="TryCompareReference"/> is the definition, <see cref="TryCompare(IrisProbe, ReadOnlySpan{byte},
/// out IrisComparison)"/> equals it exactly on every CPU: only integers are counted and compared. Every
/// rotation is counted in full: codes of different eyes differ in 44..46 % of their bits at the best rotation
/// and in 50 % at the others, so that two thirds of a code or more would be read before it is out of reach.
/// </remarks>
public static class IrisScorer
{
    /// <summary>
    /// Bits that must be valid in both codes at a rotation for it to count: an eighth of the code. Fewer are
    /// some 30 degrees of freedom, too little to tell eyes apart, and would win by luck among the rotations.
    /// </summary>
    public static int MinValidBits(IrisShape shape) => shape.Bits / 8;

    /// <summary>
    /// Compares a probe with a gallery row. False where the shapes differ or no rotation had
    /// <see cref="MinValidBits"/> bits valid in both.
    /// </summary>
    /// <exception cref="ArgumentException">The row is shorter than its shape asks for.</exception>
    public static bool TryCompare(IrisProbe probe, ReadOnlySpan<byte> row, out IrisComparison comparison) =>
        TryCompare(probe, row, BitCountings.Widest, out comparison);

    /// <summary>Compares a probe with a gallery row by a chosen technique.</summary>
    /// <exception cref="PlatformNotSupportedException">This CPU does not have it.</exception>
    [SkipLocalsInit]
    internal static bool TryCompare(
        IrisProbe probe, ReadOnlySpan<byte> row, BitCounting counting, out IrisComparison best)
    {
        if (IrisRow.ShapeOf(row) != probe.Shape)
        {
            best = default;
            return false;
        }

        ReadOnlySpan<ulong> words = IrisRow.Unpack(
            row, probe.Shape, stackalloc ulong[IrisRow.ScratchWords(probe.Shape)]);
        return counting switch
        {
            BitCounting.Vector512 when CountLanes512.IsSupported => Best<CountBits512>(probe, words, out best),
            BitCounting.Vector256 when CountLanes256.IsSupported => Best<CountBits256>(probe, words, out best),
            BitCounting.Vector128 when CountLanes128.IsSupported => Best<CountBits128>(probe, words, out best),
            BitCounting.Scalar => Best<CountBitsScalar>(probe, words, out best),
            _ => throw new PlatformNotSupportedException($"this CPU cannot count bits by {counting}"),
        };
    }

    /// <summary>Counts a single rotation: bits that differ among those valid in both, and how many these are.</summary>
    /// <param name="probe">The prepared eye.</param>
    /// <param name="row">A row of its shape, unpacked.</param>
    /// <param name="rotation">Columns, no more to either side than the probe is prepared for.</param>
    internal static (int Differing, int Valid) CountAt(IrisProbe probe, ReadOnlySpan<ulong> row, int rotation)
    {
        ReadOnlySpan<ulong> turned = probe.TurnedBy(rotation);
        return BitCountings.Widest switch
        {
            BitCounting.Vector512 => CountBits512.Count(turned, row),
            BitCounting.Vector256 => CountBits256.Count(turned, row),
            BitCounting.Vector128 => CountBits128.Count(turned, row),
            _ => CountBitsScalar.Count(turned, row),
        };
    }

    /// <summary>The plain form, bit by bit, which the other must equal.</summary>
    /// <param name="rotations">Columns of rotation to either side, 0 or more.</param>
    public static bool TryCompareReference(
        IrisCode probe, int rotations, ReadOnlySpan<byte> row, out IrisComparison comparison)
    {
        comparison = default;
        IrisShape shape = probe.Shape;
        if (IrisRow.ShapeOf(row) != shape)
        {
            return false;
        }

        IrisCode gallery = IrisRow.Read(row, probe.Position);
        for (int i = 0; i <= 2 * rotations; i++)
        {
            int rotation = IrisProbe.RotationAt(i);
            int differing = 0;
            int valid = 0;
            for (int bit = 0; bit < shape.Bits; bit++)
            {
                int from = (bit - (rotation * shape.BitsPerColumn) + shape.Bits) % shape.Bits;
                if (IsSet(probe.Mask.Span, from) && IsSet(gallery.Mask.Span, bit))
                {
                    valid++;
                    differing += IsSet(probe.Code.Span, from) == IsSet(gallery.Code.Span, bit) ? 0 : 1;
                }
            }

            IrisComparison here = new(differing, valid, rotation);
            if (valid >= MinValidBits(shape) && (comparison.Valid == 0 || here.IsBelow(comparison)))
            {
                comparison = here;
            }
        }

        return comparison.Valid > 0;
    }

    private static bool IsSet(ReadOnlySpan<ulong> words, int bit) =>
        ((words[bit / 64] >> (bit % 64)) & 1) != 0;

    /// <summary>The walk over the rotations, compiled once per technique.</summary>
    [MethodImpl(HotLoop.Root)]
    private static bool Best<TCounter>(IrisProbe probe, ReadOnlySpan<ulong> row, out IrisComparison best)
        where TCounter : IBitCounter
    {
        int enough = MinValidBits(probe.Shape);
        int tried = (2 * probe.Rotations) + 1;
        ReadOnlySpan<ulong> rotated = probe.Rotated;
        IrisComparison lowest = default;
        for (int i = 0; i < tried; i++)
        {
            (int differing, int valid) = TCounter.Count(rotated.Slice(i * row.Length, row.Length), row);
            IrisComparison here = new(differing, valid, IrisProbe.RotationAt(i));
            if (valid >= enough && (lowest.Valid == 0 || here.IsBelow(lowest)))
            {
                lowest = here;
            }
        }

        best = lowest;
        return lowest.Valid > 0;
    }
}
