using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>Four templates of four slots: AVX2.</summary>
internal readonly struct SlotLanes256 : ISlotLanes<Vector256<ushort>>
{
    public static bool IsSupported => Avx2.IsSupported;

    public static int Lanes => Vector256<ushort>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Broadcast(ushort value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Twos(uint lanes) => Vector256.Create(lanes).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Fours(ulong lanes) => Vector256.Create(lanes).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Load(ref readonly ushort from, nuint at) => Vector256.LoadUnsafe(in from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<ushort> value, ref ushort to) => value.StoreUnsafe(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Differing(Vector256<ushort> a, Vector256<ushort> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Sum(Vector256<ushort> a, Vector256<ushort> b, Vector256<ushort> c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Carry(Vector256<ushort> a, Vector256<ushort> b, Vector256<ushort> c) =>
        (a & b) | ((a ^ b) & c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Count(
        Vector256<ushort> ones, Vector256<ushort> twos, Vector256<ushort> fours, Vector256<ushort> eights)
    {
        // Doubling on the way needs one table where there are few registers.
        Vector256<byte> bytes = Nibbles(eights);
        bytes = bytes + bytes + Nibbles(fours);
        bytes = bytes + bytes + Nibbles(twos);
        bytes = bytes + bytes + Nibbles(ones);
        return Avx2.MultiplyAddAdjacent(bytes, Vector256.Create((sbyte)Stage1Parameters.SlotUnit)).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Product(Vector256<ushort> a, Vector256<ushort> b) => Avx2.MultiplyHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LeastNear(
        Vector256<ushort> least,
        Vector256<ushort> value,
        Vector256<ushort> aPlusWindow,
        Vector256<ushort> b,
        Vector256<ushort> twiceWindow)
    {
        // AVX2 has no unsigned comparison: what is left above the window is not zero where it lies outside.
        Vector256<ushort> outside = Avx2.SubtractSaturate(aPlusWindow - b, twiceWindow);
        Vector256<ushort> near = Vector256.Equals(outside, Vector256<ushort>.Zero);
        return Vector256.Min(least, value | ~near);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Scale64(Vector256<ushort> a) => a << 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Add(Vector256<ushort> a, Vector256<ushort> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Min(Vector256<ushort> a, Vector256<ushort> b) => Vector256.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Max(Vector256<ushort> a, Vector256<ushort> b) => Vector256.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LeastOfFours(
        Vector256<ushort> a, Vector256<ushort> b, Vector256<ushort> c, Vector256<ushort> d)
    {
        // Lane by lane, then pair by pair: of two vectors the halves that stay, and the halves that cross over.
        Vector256<uint> low = Vector256.Create(0x0000FFFFu);
        Vector256<ulong> lower = Vector256.Create(0x00000000FFFFFFFFUL);
        Vector256<ulong> ab = Vector256.Min(
            Vector256.ConditionalSelect(low, a.AsUInt32(), b.AsUInt32()).AsUInt16(),
            ((a.AsUInt32() >> 16) | (b.AsUInt32() << 16)).AsUInt16()).AsUInt64();
        Vector256<ulong> cd = Vector256.Min(
            Vector256.ConditionalSelect(low, c.AsUInt32(), d.AsUInt32()).AsUInt16(),
            ((c.AsUInt32() >> 16) | (d.AsUInt32() << 16)).AsUInt16()).AsUInt64();
        return Vector256.Min(
            Vector256.ConditionalSelect(lower, ab, cd).AsUInt16(), ((ab >> 32) | (cd << 32)).AsUInt16());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> SwapLanes(Vector256<ushort> a) =>
        ((a.AsUInt32() >> 16) | (a.AsUInt32() << 16)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> SwapPairs(Vector256<ushort> a) =>
        ((a.AsUInt64() >> 32) | (a.AsUInt64() << 32)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Nibbles(Vector256<ushort> words)
    {
        Vector256<byte> table = Vector256.Create(
            0x0302020102010100UL, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201).AsByte();
        Vector256<ushort> low = Vector256.Create((ushort)0x0F0F);
        return Avx2.Shuffle(table, (words & low).AsByte()) + Avx2.Shuffle(table, ((words >> 4) & low).AsByte());
    }
}
