using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises;

/// <summary>AVX2.</summary>
internal readonly struct CountLanes256 : ICountLanes<Vector256<ulong>>
{
    /// <summary>Bits of the numbers 0..7, one a byte, the first lowest.</summary>
    private const ulong Nibbles0To7 = 0x0302020102010100;

    /// <summary>Bits of the numbers 8..15.</summary>
    private const ulong Nibbles8To15 = 0x0403030203020201;

    public static bool IsSupported => Avx2.IsSupported;

    public static int Words => 4;

    /// <summary>
    /// A constant to the compiler; put together of smaller vectors it would be built at every use.
    /// </summary>
    private static Vector256<byte> BitsPerNibble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(Nibbles0To7, Nibbles8To15, Nibbles0To7, Nibbles8To15).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Load(ref ulong from, nuint at) => Vector256.LoadUnsafe(ref from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> And(Vector256<ulong> a, Vector256<ulong> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Sum(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
        a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Carry(
        Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
        (a & b) | ((a ^ b) & c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddBytes(Vector256<ulong> a, Vector256<ulong> b) =>
        (a.AsByte() + b.AsByte()).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> BitsPerByte(Vector256<ulong> value)
    {
        Vector256<byte> nibble = Vector256.Create((byte)0x0F);
        Vector256<byte> low = value.AsByte() & nibble;
        Vector256<byte> high = (value >> 4).AsByte() & nibble;
        return (Avx2.Shuffle(BitsPerNibble, low) + Avx2.Shuffle(BitsPerNibble, high)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Across(Vector256<ulong> bytes) =>
        Avx2.SumAbsoluteDifferences(bytes.AsByte(), Vector256<byte>.Zero).AsUInt64();

    /// <remarks>Bytes: 16 groups of at most 8 bits.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddGroup(Vector256<ulong> sum, Vector256<ulong> bytes) =>
        AddBytes(sum, bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> GroupsAcross(Vector256<ulong> sum) => Across(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddShifted(Vector256<ulong> low, Vector256<ulong> high, int shift) =>
        low + (high << shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Total(Vector256<ulong> lanes) => Vector256.Sum(lanes);
}
