using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// SSSE3 or Arm64: the technique of <see cref="CountBits512"/> on vectors of a quarter of its width. Arm64
/// counts the bits of a byte in one instruction and adds neighbours up in three.
/// </summary>
internal readonly struct CountBits128 : IBitCounter
{
    private const int Words = 2;

    public static bool IsSupported => Ssse3.IsSupported || AdvSimd.Arm64.IsSupported;

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
            Vector128<ulong> m0 = Both(ref p, ref g, half + i);
            Vector128<ulong> m1 = Both(ref p, ref g, half + i + Words);
            Vector128<ulong> m2 = Both(ref p, ref g, half + i + (2 * Words));
            Vector128<ulong> m3 = Both(ref p, ref g, half + i + (3 * Words));
            valid.Add(m0, m1, m2, m3);
            differing.Add(
                Unlike(ref p, ref g, i) & m0,
                Unlike(ref p, ref g, i + Words) & m1,
                Unlike(ref p, ref g, i + (2 * Words)) & m2,
                Unlike(ref p, ref g, i + (3 * Words)) & m3);
        }

        for (; i < half; i += Words)
        {
            Vector128<ulong> mask = Both(ref p, ref g, half + i);
            valid.Add(mask);
            differing.Add(Unlike(ref p, ref g, i) & mask);
        }

        // Both sums lie in 32 bits, so one addition across the lanes serves the two.
        ulong sums = Vector128.Sum(differing.Lanes() | (valid.Lanes() << 32));
        return ((int)(uint)sums, (int)(sums >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Both(ref ulong a, ref ulong b, nuint at) =>
        Vector128.LoadUnsafe(ref a, at) & Vector128.LoadUnsafe(ref b, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Unlike(ref ulong a, ref ulong b, nuint at) =>
        Vector128.LoadUnsafe(ref a, at) ^ Vector128.LoadUnsafe(ref b, at);

    /// <summary>
    /// A running count in carry-save form: single bits in <c>ones</c> and <c>twos</c>, counted at the end,
    /// and bytes in <c>singles</c> (at most 3 * 8 of weight 1); <c>fours</c> (weight 4) go to 64-bit lanes at
    /// once, because 32 groups * 8 would not fit a byte.
    /// </summary>
    private struct Tally
    {
        /// <summary>Bits of the numbers 0..7, one a byte, the first lowest.</summary>
        private const ulong Nibbles0To7 = 0x0302020102010100;

        /// <summary>Bits of the numbers 8..15.</summary>
        private const ulong Nibbles8To15 = 0x0403030203020201;

        private Vector128<ulong> ones;
        private Vector128<ulong> twos;
        private Vector128<byte> singles;
        private Vector128<ulong> fours;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c, Vector128<ulong> d)
        {
            Vector128<ulong> sum = ones ^ a ^ b;
            Vector128<ulong> first = Carry(ones, a, b);
            ones = sum ^ c ^ d;
            Vector128<ulong> second = Carry(sum, c, d);
            Vector128<ulong> four = Carry(twos, first, second);
            twos = twos ^ first ^ second;
            fours += Across(BitsPerByte(four));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector128<ulong> a) => singles += BitsPerByte(a);

        /// <summary>64-bit lanes whose sum is the count.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector128<ulong> Lanes()
        {
            Vector128<byte> two = BitsPerByte(twos);
            return Across(singles + BitsPerByte(ones) + two + two) + (fours << 2);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<ulong> Carry(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
            (a & b) | ((a ^ b) & c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<byte> BitsPerByte(Vector128<ulong> x)
        {
            if (AdvSimd.IsSupported)
            {
                return AdvSimd.PopCount(x.AsByte());
            }

            Vector128<byte> nibble = Vector128.Create((byte)0x0F);
            Vector128<byte> low = x.AsByte() & nibble;
            Vector128<byte> high = (x >> 4).AsByte() & nibble;
            return Ssse3.Shuffle(BitsPerNibble, low) + Ssse3.Shuffle(BitsPerNibble, high);
        }

        /// <summary>The 8 bytes of each 64-bit lane added up.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<ulong> Across(Vector128<byte> x) =>
            AdvSimd.IsSupported
                ? AdvSimd.AddPairwiseWidening(AdvSimd.AddPairwiseWidening(AdvSimd.AddPairwiseWidening(x)))
                : Sse2.SumAbsoluteDifferences(x, Vector128<byte>.Zero).AsUInt64();

        /// <summary>
        /// A constant to the compiler; put together of smaller vectors it would be built at every use.
        /// </summary>
        private static Vector128<byte> BitsPerNibble
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => Vector128.Create(Nibbles0To7, Nibbles8To15).AsByte();
        }
    }
}
