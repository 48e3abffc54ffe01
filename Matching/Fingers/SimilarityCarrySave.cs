using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Fingers;

/// <summary>One probe cylinder, ready to be compared with eight row cylinders at a time.</summary>
/// <typeparam name="TSelf">The implementation: the walk is compiled for each of them.</typeparam>
internal interface IOctetDifferences<TSelf>
    where TSelf : struct, IOctetDifferences<TSelf>, allows ref struct
{
    /// <param name="cylinder">The first word of the probe cylinder in its row.</param>
    static abstract TSelf Of(ref ulong cylinder);

    /// <summary>Bits in which it differs from each cylinder of an octet.</summary>
    Vector256<float> From(ref ulong octet);
}

/// <summary>
/// Local similarities of every probe cylinder with every row cylinder, eight row cylinders at a time. How the differing
/// bits are counted is the caller's (<see cref="SimilarityCarrySave256"/>, <see cref="SimilarityCarrySave512"/>).
/// </summary>
internal static class SimilarityCarrySave
{
    /// <summary>Fills the matrix of keys and the greatest key of each line.</summary>
    [MethodImpl(HotLoop.Root)]
    public static void Fill<TDifferences>(in FingerRow probe, in FingerRow row, Span<uint> keys, Span<uint> best)
        where TDifferences : struct, IOctetDifferences<TDifferences>, allows ref struct
    {
        ref ulong probeBits = ref MemoryMarshal.GetReference(probe.Bits);
        ref ulong rowBits = ref MemoryMarshal.GetReference(row.Bits);
        ref short angles = ref MemoryMarshal.GetReference(row.Angles);
        ref float roots = ref MemoryMarshal.GetReference(row.Roots);
        Vector128<short> quarter = Vector128.Create((short)MccParameters.DirectionWindow);
        Vector128<ushort> half = Vector128.Create((ushort)(2 * MccParameters.DirectionWindow));
        Vector256<uint> lanes = Vector256<uint>.Indices;

        for (int i = 0; i < probe.Cylinders; i++)
        {
            TDifferences differences = TDifferences.Of(ref Unsafe.Add(ref probeBits, FingerRow.WordOf(i)));
            Vector128<short> angle = Vector128.Create(probe.Angles[i]) + quarter;
            Vector256<float> root = Vector256.Create(probe.Roots[i]);
            Vector256<uint> place = Vector256.Create(SimilarityKeys.Base(i)) - lanes;
            Vector256<uint> greatest = Vector256<uint>.Zero;
            ref uint line = ref keys[i * SimilarityKeys.Line];

            for (int octet = 0; octet < row.Octets; octet++)
            {
                int lane = octet * FingerRow.Lanes;
                Vector128<ushort> apart = (angle - Vector128.LoadUnsafe(ref angles, (nuint)lane)).AsUInt16();
                Vector128<ushort> near = Vector128.LessThanOrEqual(apart, half);
                Vector256<uint> key = place;
                if (near != Vector128<ushort>.Zero)
                {
                    Vector256<float> differing =
                        differences.From(ref Unsafe.Add(ref rowBits, octet * FingerRow.OctetWords));
                    Vector256<float> distance =
                        Vector256.Sqrt(differing) / (root + Vector256.LoadUnsafe(ref roots, (nuint)lane));
                    Vector256<int> similarity = Avx.ConvertToVector256Int32WithTruncation(
                        (Vector256<float>.One - distance) * Vector256.Create((float)RelaxationTables.Unit));
                    similarity &= Avx2.ConvertToVector256Int32(near.AsInt16());
                    key += similarity.AsUInt32() << SimilarityKeys.SimilarityShift;
                    greatest = Vector256.Max(greatest, key);
                }

                key.StoreUnsafe(ref line, (nuint)lane);
                place -= Vector256.Create((uint)FingerRow.Lanes);
            }

            best[i] = PairChoice.Greatest(greatest);
        }
    }
}
