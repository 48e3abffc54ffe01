using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// The method of <see cref="SimilarityCarrySave512"/> with four lanes a vector: eight row cylinders in two halves
/// (AVX2). As compiled: about 125 instructions and 6 cache lines read per eight pairs.
/// </summary>
internal static class SimilarityCarrySave256
{
    /// <summary>Fills the matrix of keys and the greatest key of each line.</summary>
    public static void Fill(in FingerRow probe, in FingerRow row, Span<uint> keys, Span<uint> best)
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
            ref ulong a = ref Unsafe.Add(ref probeBits, FingerRow.WordOf(i));
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
                    ref ulong b = ref Unsafe.Add(ref rowBits, octet * FingerRow.OctetWords);
                    Vector256<uint> counts = Vector256.Narrow(
                        Count(ref a, ref b), Count(ref a, ref Unsafe.Add(ref b, 4)));
                    Vector256<float> differing = Vector256.ConvertToSingle(counts.AsInt32());
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

    /// <summary>Bits in which one probe cylinder differs from four row cylinders.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Count(ref ulong a, ref ulong b)
    {
        Vector256<ulong> x0 = Differing(ref a, ref b, 0 * FingerRow.Lanes);
        Vector256<ulong> x1 = Differing(ref a, ref b, 1 * FingerRow.Lanes);
        Vector256<ulong> x2 = Differing(ref a, ref b, 2 * FingerRow.Lanes);
        Vector256<ulong> x3 = Differing(ref a, ref b, 3 * FingerRow.Lanes);
        Vector256<ulong> x4 = Differing(ref a, ref b, 4 * FingerRow.Lanes);
        Vector256<ulong> pair = x0 ^ x1;
        Vector256<ulong> twos = (x0 & x1) | (pair & x2);
        Vector256<ulong> ones = pair ^ x2;
        pair = ones ^ x3;
        Vector256<ulong> otherTwos = (ones & x3) | (pair & x4);
        ones = pair ^ x4;
        Vector256<byte> twice = Nibbles(twos) + Nibbles(otherTwos);
        return Avx2.SumAbsoluteDifferences(Nibbles(ones) + twice + twice, Vector256<byte>.Zero).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Differing(ref ulong a, ref ulong b, int section) =>
        Vector256.Create(Unsafe.Add(ref a, section)) ^ Vector256.LoadUnsafe(ref b, (nuint)section);

    /// <summary>Bits set in each byte, from a table of the 16 nibbles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Nibbles(Vector256<ulong> words)
    {
        Vector256<byte> table = Vector256.Create(
            0x0302020102010100UL, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201).AsByte();
        Vector256<ulong> low = Vector256.Create(0x0F0F0F0F0F0F0F0FUL);
        return Avx2.Shuffle(table, (words & low).AsByte()) + Avx2.Shuffle(table, ((words >> 4) & low).AsByte());
    }
}
