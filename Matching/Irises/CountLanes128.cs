using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// SSSE3 or Arm64. Arm64 counts the bits of a byte in one instruction and adds neighbours up in three.
/// </summary>
internal readonly struct CountLanes128 : ICountLanes<Vector128<ulong>>
{
    /// <summary>Bits of the numbers 0..7, one a byte, the first lowest.</summary>
    private const ulong Nibbles0To7 = 0x0302020102010100;

    /// <summary>Bits of the numbers 8..15.</summary>
    private const ulong Nibbles8To15 = 0x0403030203020201;

    public static bool IsSupported => Ssse3.IsSupported || AdvSimd.Arm64.IsSupported;

    public static int Words => 2;

    /// <summary>
    /// A constant to the compiler; put together of smaller vectors it would be built at every use.
    /// </summary>
    private static Vector128<byte> BitsPerNibble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(Nibbles0To7, Nibbles8To15).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Load(ref ulong from, nuint at) => Vector128.LoadUnsafe(ref from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> And(Vector128<ulong> a, Vector128<ulong> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Sum(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Carry(
        Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        (a & b) | ((a ^ b) & c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AddBytes(Vector128<ulong> a, Vector128<ulong> b) =>
        (a.AsByte() + b.AsByte()).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> BitsPerByte(Vector128<ulong> value)
    {
        if (AdvSimd.IsSupported)
        {
            return AdvSimd.PopCount(value.AsByte()).AsUInt64();
        }

        Vector128<byte> nibble = Vector128.Create((byte)0x0F);
        Vector128<byte> low = value.AsByte() & nibble;
        Vector128<byte> high = (value >> 4).AsByte() & nibble;
        return (Ssse3.Shuffle(BitsPerNibble, low) + Ssse3.Shuffle(BitsPerNibble, high)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Across(Vector128<ulong> bytes) =>
        AdvSimd.IsSupported
            ? AdvSimd.AddPairwiseWidening(AdvSimd.AddPairwiseWidening(AdvSimd.AddPairwiseWidening(bytes.AsByte())))
            : Sse2.SumAbsoluteDifferences(bytes.AsByte(), Vector128<byte>.Zero).AsUInt64();

    /// <remarks>64-bit lanes at once: 32 groups of 8 bits would not fit a byte.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AddGroup(Vector128<ulong> sum, Vector128<ulong> bytes) =>
        sum + Across(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> GroupsAcross(Vector128<ulong> sum) => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AddShifted(Vector128<ulong> low, Vector128<ulong> high, int shift) =>
        low + (high << shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Total(Vector128<ulong> lanes) => Vector128.Sum(lanes);
}
