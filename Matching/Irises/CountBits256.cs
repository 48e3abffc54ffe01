using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// AVX2: the technique of <see cref="CountBits512"/> on vectors of half its width. For 2,048 bits (two
/// groups) a rotation is 32 loads and about 190 operations.
/// </summary>
internal readonly struct CountBits256 : IBitCounter
{
    private const int Words = 4;

    public static bool IsSupported => Avx2.IsSupported;

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
            Vector256<ulong> m0 = Both(ref p, ref g, half + i);
            Vector256<ulong> m1 = Both(ref p, ref g, half + i + Words);
            Vector256<ulong> m2 = Both(ref p, ref g, half + i + (2 * Words));
            Vector256<ulong> m3 = Both(ref p, ref g, half + i + (3 * Words));
            valid.Add(m0, m1, m2, m3);
            differing.Add(
                Unlike(ref p, ref g, i) & m0,
                Unlike(ref p, ref g, i + Words) & m1,
                Unlike(ref p, ref g, i + (2 * Words)) & m2,
                Unlike(ref p, ref g, i + (3 * Words)) & m3);
        }

        for (; i < half; i += Words)
        {
            Vector256<ulong> mask = Both(ref p, ref g, half + i);
            valid.Add(mask);
            differing.Add(Unlike(ref p, ref g, i) & mask);
        }

        // Both sums lie in 32 bits, so one addition across the lanes serves the two.
        ulong sums = Vector256.Sum(differing.Lanes() | (valid.Lanes() << 32));
        return ((int)(uint)sums, (int)(sums >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Both(ref ulong a, ref ulong b, nuint at) =>
        Vector256.LoadUnsafe(ref a, at) & Vector256.LoadUnsafe(ref b, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Unlike(ref ulong a, ref ulong b, nuint at) =>
        Vector256.LoadUnsafe(ref a, at) ^ Vector256.LoadUnsafe(ref b, at);

    /// <summary>
    /// A running count in carry-save form: single bits in <c>ones</c> and <c>twos</c>, counted at the end,
    /// and bytes in <c>singles</c> (at most 3 * 8 of weight 1) and <c>fours</c> (weight 4, 16 groups * 8 at
    /// most).
    /// </summary>
    private struct Tally
    {
        /// <summary>Bits of the numbers 0..7, one a byte, the first lowest.</summary>
        private const ulong Nibbles0To7 = 0x0302020102010100;

        /// <summary>Bits of the numbers 8..15.</summary>
        private const ulong Nibbles8To15 = 0x0403030203020201;

        private Vector256<ulong> ones;
        private Vector256<ulong> twos;
        private Vector256<byte> singles;
        private Vector256<byte> fours;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d)
        {
            Vector256<ulong> sum = ones ^ a ^ b;
            Vector256<ulong> first = Carry(ones, a, b);
            ones = sum ^ c ^ d;
            Vector256<ulong> second = Carry(sum, c, d);
            Vector256<ulong> four = Carry(twos, first, second);
            twos = twos ^ first ^ second;
            fours += BitsPerByte(four);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector256<ulong> a) => singles += BitsPerByte(a);

        /// <summary>64-bit lanes whose sum is the count.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<ulong> Lanes()
        {
            Vector256<byte> two = BitsPerByte(twos);
            return Across(singles + BitsPerByte(ones) + two + two) + (Across(fours) << 2);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<ulong> Carry(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
            (a & b) | ((a ^ b) & c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<byte> BitsPerByte(Vector256<ulong> x)
        {
            Vector256<byte> nibble = Vector256.Create((byte)0x0F);
            Vector256<byte> low = x.AsByte() & nibble;
            Vector256<byte> high = (x >> 4).AsByte() & nibble;
            return Avx2.Shuffle(BitsPerNibble, low) + Avx2.Shuffle(BitsPerNibble, high);
        }

        /// <summary>The 8 bytes of each 64-bit lane added up.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<ulong> Across(Vector256<byte> x) =>
            Avx2.SumAbsoluteDifferences(x, Vector256<byte>.Zero).AsUInt64();

        /// <summary>
        /// A constant to the compiler; put together of smaller vectors it would be built at every use.
        /// </summary>
        private static Vector256<byte> BitsPerNibble
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => Vector256.Create(Nibbles0To7, Nibbles8To15, Nibbles0To7, Nibbles8To15).AsByte();
        }
    }
}
