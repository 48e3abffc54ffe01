using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Local similarities of one probe cylinder with eight row cylinders at a time, one per 64-bit lane (AVX-512 F, BW,
/// VL).
/// </summary>
/// <remarks>
/// Two carry-save adders join five XORs into one vector of ones and two of twos (Harley and Seal, in H. S. Warren,
/// "Hacker's Delight", 5-2), each adder two ternary-logic instructions; three byte-shuffle population counts of
/// nibbles (W. Mula, 2008) instead of five; one sum of absolute differences adds the bytes of a lane. .NET 10 offers
/// no vector population count. As compiled: about 70 instructions and 6 cache lines read per eight pairs; an octet
/// whose directions all lie outside the window costs 14.
/// </remarks>
internal static class SimilarityCarrySave512
{
    private const byte Xor3 = 0x96;
    private const byte Majority = 0xE8;

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
            ref ulong word = ref Unsafe.Add(ref probeBits, FingerRow.WordOf(i));
            Vector512<ulong> a0 = Vector512.Create(word);
            Vector512<ulong> a1 = Vector512.Create(Unsafe.Add(ref word, 1 * FingerRow.Lanes));
            Vector512<ulong> a2 = Vector512.Create(Unsafe.Add(ref word, 2 * FingerRow.Lanes));
            Vector512<ulong> a3 = Vector512.Create(Unsafe.Add(ref word, 3 * FingerRow.Lanes));
            Vector512<ulong> a4 = Vector512.Create(Unsafe.Add(ref word, 4 * FingerRow.Lanes));
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
                    Vector512<ulong> x0 = a0 ^ Vector512.LoadUnsafe(ref b, 0 * FingerRow.Lanes);
                    Vector512<ulong> x1 = a1 ^ Vector512.LoadUnsafe(ref b, 1 * FingerRow.Lanes);
                    Vector512<ulong> x2 = a2 ^ Vector512.LoadUnsafe(ref b, 2 * FingerRow.Lanes);
                    Vector512<ulong> x3 = a3 ^ Vector512.LoadUnsafe(ref b, 3 * FingerRow.Lanes);
                    Vector512<ulong> x4 = a4 ^ Vector512.LoadUnsafe(ref b, 4 * FingerRow.Lanes);
                    Vector256<float> differing =
                        Vector256.ConvertToSingle(Avx512F.ConvertToVector256Int32(Count(x0, x1, x2, x3, x4)));
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

    /// <summary>Bits set in five words, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Count(
        Vector512<ulong> x0, Vector512<ulong> x1, Vector512<ulong> x2, Vector512<ulong> x3, Vector512<ulong> x4)
    {
        Vector512<ulong> ones = Avx512F.TernaryLogic(x0, x1, x2, Xor3);
        Vector512<ulong> twos = Avx512F.TernaryLogic(x0, x1, x2, Majority);
        Vector512<ulong> otherTwos = Avx512F.TernaryLogic(ones, x3, x4, Majority);
        ones = Avx512F.TernaryLogic(ones, x3, x4, Xor3);
        Vector512<byte> twice = Nibbles(twos) + Nibbles(otherTwos);
        return Avx512BW.SumAbsoluteDifferences(Nibbles(ones) + twice + twice, Vector512<byte>.Zero).AsUInt64();
    }

    /// <summary>Bits set in each byte, from a table of the 16 nibbles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Nibbles(Vector512<ulong> words)
    {
        // One literal: put together from smaller vectors it would be put together in every round of the loop.
        Vector512<byte> table = Vector512.Create(
            0x0302020102010100UL, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201,
            0x0302020102010100, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201).AsByte();
        Vector512<ulong> low = Vector512.Create(0x0F0F0F0F0F0F0F0FUL);
        return Avx512BW.Shuffle(table, (words & low).AsByte())
            + Avx512BW.Shuffle(table, ((words >> 4) & low).AsByte());
    }
}
