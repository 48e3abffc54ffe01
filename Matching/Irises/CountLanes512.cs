using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// AVX-512. Sums and carries are one VPTERNLOG each; it is asked for by name because the compiler folds only half
/// of them.
/// </summary>
internal readonly struct CountLanes512 : ICountLanes<Vector512<ulong>>
{
    /// <summary>Bits of the numbers 0..7, one a byte, the first lowest.</summary>
    private const ulong Nibbles0To7 = 0x0302020102010100;

    /// <summary>Bits of the numbers 8..15.</summary>
    private const ulong Nibbles8To15 = 0x0403030203020201;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    public static int Words => 8;

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Load(ref ulong from, nuint at) => Vector512.LoadUnsafe(ref from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> And(Vector512<ulong> a, Vector512<ulong> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Sum(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.TernaryLogic(a, b, c, 0x96);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Carry(
        Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.TernaryLogic(a, b, c, 0xE8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddBytes(Vector512<ulong> a, Vector512<ulong> b) =>
        (a.AsByte() + b.AsByte()).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> BitsPerByte(Vector512<ulong> value)
    {
        Vector512<byte> nibble = Vector512.Create((byte)0x0F);
        Vector512<byte> low = value.AsByte() & nibble;
        Vector512<byte> high = (value >> 4).AsByte() & nibble;
        return (Avx512BW.Shuffle(BitsPerNibble, low) + Avx512BW.Shuffle(BitsPerNibble, high)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Across(Vector512<ulong> bytes) =>
        Avx512BW.SumAbsoluteDifferences(bytes.AsByte(), Vector512<byte>.Zero).AsUInt64();

    /// <remarks>Bytes: 8 groups of at most 8 bits.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddGroup(Vector512<ulong> sum, Vector512<ulong> bytes) =>
        AddBytes(sum, bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> GroupsAcross(Vector512<ulong> sum) => Across(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddShifted(Vector512<ulong> low, Vector512<ulong> high, int shift) =>
        low + (high << shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Total(Vector512<ulong> lanes) => Vector512.Sum(lanes);
}
