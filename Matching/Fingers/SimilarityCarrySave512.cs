using System.Runtime.CompilerServices;
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
internal readonly struct SimilarityCarrySave512 : IOctetDifferences<SimilarityCarrySave512>
{
    private const byte Xor3 = 0x96;
    private const byte Majority = 0xE8;

    private readonly Vector512<ulong> a0;
    private readonly Vector512<ulong> a1;
    private readonly Vector512<ulong> a2;
    private readonly Vector512<ulong> a3;
    private readonly Vector512<ulong> a4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SimilarityCarrySave512(ref ulong word)
    {
        a0 = Vector512.Create(word);
        a1 = Vector512.Create(Unsafe.Add(ref word, 1 * FingerRow.Lanes));
        a2 = Vector512.Create(Unsafe.Add(ref word, 2 * FingerRow.Lanes));
        a3 = Vector512.Create(Unsafe.Add(ref word, 3 * FingerRow.Lanes));
        a4 = Vector512.Create(Unsafe.Add(ref word, 4 * FingerRow.Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimilarityCarrySave512 Of(ref ulong cylinder) => new(ref cylinder);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> From(ref ulong octet)
    {
        Vector512<ulong> x0 = a0 ^ Vector512.LoadUnsafe(ref octet, 0 * FingerRow.Lanes);
        Vector512<ulong> x1 = a1 ^ Vector512.LoadUnsafe(ref octet, 1 * FingerRow.Lanes);
        Vector512<ulong> x2 = a2 ^ Vector512.LoadUnsafe(ref octet, 2 * FingerRow.Lanes);
        Vector512<ulong> x3 = a3 ^ Vector512.LoadUnsafe(ref octet, 3 * FingerRow.Lanes);
        Vector512<ulong> x4 = a4 ^ Vector512.LoadUnsafe(ref octet, 4 * FingerRow.Lanes);
        return Vector256.ConvertToSingle(Avx512F.ConvertToVector256Int32(Count(x0, x1, x2, x3, x4)));
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
