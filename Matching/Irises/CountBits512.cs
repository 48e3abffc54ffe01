using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// AVX-512: carry-save adders over groups of four vectors, nibbles looked up by a byte shuffle, bytes added
/// up by SumAbsoluteDifferences. For 2,048 bits (one group) a rotation is 16 loads and about 80 operations.
/// </summary>
/// <remarks>
/// .NET 10 reaches neither VPOPCNTQ nor a population count of a vector; carry-save adders leave three lookups
/// of the four a group would need, and one of four in longer codes. Sums and carries are one VPTERNLOG each;
/// it is asked for by name because the compiler folds only half of them.
/// </remarks>
internal readonly struct CountBits512 : IBitCounter
{
    private const int Words = 8;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    public static (int Differing, int Valid) Count(ReadOnlySpan<ulong> probe, ReadOnlySpan<ulong> row)
    {
        nuint half = (nuint)row.Length / 2;
        ref ulong p = ref MemoryMarshal.GetReference(probe);
        ref ulong g = ref MemoryMarshal.GetReference(row);
        Tally differing = default;
        Tally valid = default;
        nuint i = 0;
        for (; i + (4 * Words) <= half; i += 4 * Words)
        {
            Vector512<ulong> m0 = Both(ref p, ref g, half + i);
            Vector512<ulong> m1 = Both(ref p, ref g, half + i + Words);
            Vector512<ulong> m2 = Both(ref p, ref g, half + i + (2 * Words));
            Vector512<ulong> m3 = Both(ref p, ref g, half + i + (3 * Words));
            valid.Add(m0, m1, m2, m3);
            differing.Add(
                Unlike(ref p, ref g, i) & m0,
                Unlike(ref p, ref g, i + Words) & m1,
                Unlike(ref p, ref g, i + (2 * Words)) & m2,
                Unlike(ref p, ref g, i + (3 * Words)) & m3);
        }

        for (; i < half; i += Words)
        {
            Vector512<ulong> mask = Both(ref p, ref g, half + i);
            valid.Add(mask);
            differing.Add(Unlike(ref p, ref g, i) & mask);
        }

        // Both sums lie in 32 bits, so one addition across the lanes serves the two.
        ulong sums = Vector512.Sum(differing.Lanes() | (valid.Lanes() << 32));
        return ((int)(uint)sums, (int)(sums >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Both(ref ulong a, ref ulong b, nuint at) =>
        Vector512.LoadUnsafe(ref a, at) & Vector512.LoadUnsafe(ref b, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Unlike(ref ulong a, ref ulong b, nuint at) =>
        Vector512.LoadUnsafe(ref a, at) ^ Vector512.LoadUnsafe(ref b, at);

    /// <summary>
    /// A running count in carry-save form: single bits in <c>ones</c> and <c>twos</c>, counted at the end,
    /// and bytes in <c>singles</c> (at most 3 * 8 of weight 1) and <c>fours</c> (weight 4, 8 groups * 8 at
    /// most).
    /// </summary>
    private struct Tally
    {
        /// <summary>Bits of the numbers 0..7, one a byte, the first lowest.</summary>
        private const ulong Nibbles0To7 = 0x0302020102010100;

        /// <summary>Bits of the numbers 8..15.</summary>
        private const ulong Nibbles8To15 = 0x0403030203020201;

        private Vector512<ulong> ones;
        private Vector512<ulong> twos;
        private Vector512<byte> singles;
        private Vector512<byte> fours;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d)
        {
            Vector512<ulong> sum = Sum(ones, a, b);
            Vector512<ulong> first = Carry(ones, a, b);
            ones = Sum(sum, c, d);
            Vector512<ulong> second = Carry(sum, c, d);
            Vector512<ulong> four = Carry(twos, first, second);
            twos = Sum(twos, first, second);
            fours += BitsPerByte(four);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<ulong> a) => singles += BitsPerByte(a);

        /// <summary>64-bit lanes whose sum is the count.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector512<ulong> Lanes()
        {
            Vector512<byte> two = BitsPerByte(twos);
            return Across(singles + BitsPerByte(ones) + two + two) + (Across(fours) << 2);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<ulong> Sum(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
            Avx512F.TernaryLogic(a, b, c, 0x96);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<ulong> Carry(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
            Avx512F.TernaryLogic(a, b, c, 0xE8);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<byte> BitsPerByte(Vector512<ulong> x)
        {
            Vector512<byte> nibble = Vector512.Create((byte)0x0F);
            Vector512<byte> low = x.AsByte() & nibble;
            Vector512<byte> high = (x >> 4).AsByte() & nibble;
            return Avx512BW.Shuffle(BitsPerNibble, low) + Avx512BW.Shuffle(BitsPerNibble, high);
        }

        /// <summary>The 8 bytes of each 64-bit lane added up.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<ulong> Across(Vector512<byte> x) =>
            Avx512BW.SumAbsoluteDifferences(x, Vector512<byte>.Zero).AsUInt64();

        /// <summary>
        /// A constant to the compiler; put together of smaller vectors it would be built at every use.
        /// </summary>
        private static Vector512<byte> BitsPerNibble
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => Vector512.Create(
                Nibbles0To7, Nibbles8To15, Nibbles0To7, Nibbles8To15,
                Nibbles0To7, Nibbles8To15, Nibbles0To7, Nibbles8To15).AsByte();
        }
    }
}
