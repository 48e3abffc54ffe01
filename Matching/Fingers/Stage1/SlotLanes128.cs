using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// Two templates of four slots in 128 bits: SSSE3, Arm (which counts the bits of bytes itself), and whatever else has
/// such vectors.
/// </summary>
internal readonly struct SlotLanes128 : ISlotLanes<Vector128<ushort>>
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Lanes => Vector128<ushort>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Broadcast(ushort value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Twos(uint lanes) => Vector128.Create(lanes).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Fours(ulong lanes) => Vector128.Create(lanes).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Load(ref readonly ushort from, nuint at) => Vector128.LoadUnsafe(in from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<ushort> value, ref ushort to) => value.StoreUnsafe(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Differing(Vector128<ushort> a, Vector128<ushort> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Sum(Vector128<ushort> a, Vector128<ushort> b, Vector128<ushort> c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Carry(Vector128<ushort> a, Vector128<ushort> b, Vector128<ushort> c) =>
        (a & b) | ((a ^ b) & c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Count(
        Vector128<ushort> ones, Vector128<ushort> twos, Vector128<ushort> fours, Vector128<ushort> eights)
    {
        Vector128<byte> bytes = BitsOfBytes(eights);
        bytes = bytes + bytes + BitsOfBytes(fours);
        bytes = bytes + bytes + BitsOfBytes(twos);
        bytes = bytes + bytes + BitsOfBytes(ones);
        Vector128<ushort> pairs = bytes.AsUInt16();
        return ((pairs & Vector128.Create((ushort)0xFF)) + (pairs >> 8)) << 6;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Product(Vector128<ushort> a, Vector128<ushort> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyHigh(a, b);
        }

        (Vector128<uint> aLow, Vector128<uint> aHigh) = Vector128.Widen(a);
        (Vector128<uint> bLow, Vector128<uint> bHigh) = Vector128.Widen(b);
        return Vector128.Narrow((aLow * bLow) >> 16, (aHigh * bHigh) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> LeastNear(
        Vector128<ushort> least,
        Vector128<ushort> value,
        Vector128<ushort> aPlusWindow,
        Vector128<ushort> b,
        Vector128<ushort> twiceWindow) =>
        Vector128.Min(least, value | Vector128.GreaterThan(aPlusWindow - b, twiceWindow));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Scale64(Vector128<ushort> a) => a << 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Add(Vector128<ushort> a, Vector128<ushort> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Min(Vector128<ushort> a, Vector128<ushort> b) => Vector128.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Max(Vector128<ushort> a, Vector128<ushort> b) => Vector128.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> LeastOfFours(
        Vector128<ushort> a, Vector128<ushort> b, Vector128<ushort> c, Vector128<ushort> d)
    {
        // Lane by lane, then pair by pair: of two vectors the halves that stay, and the halves that cross over.
        Vector128<uint> low = Vector128.Create(0x0000FFFFu);
        Vector128<ulong> lower = Vector128.Create(0x00000000FFFFFFFFUL);
        Vector128<ulong> ab = Vector128.Min(
            Vector128.ConditionalSelect(low, a.AsUInt32(), b.AsUInt32()).AsUInt16(),
            ((a.AsUInt32() >> 16) | (b.AsUInt32() << 16)).AsUInt16()).AsUInt64();
        Vector128<ulong> cd = Vector128.Min(
            Vector128.ConditionalSelect(low, c.AsUInt32(), d.AsUInt32()).AsUInt16(),
            ((c.AsUInt32() >> 16) | (d.AsUInt32() << 16)).AsUInt16()).AsUInt64();
        return Vector128.Min(
            Vector128.ConditionalSelect(lower, ab, cd).AsUInt16(), ((ab >> 32) | (cd << 32)).AsUInt16());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> SwapLanes(Vector128<ushort> a) =>
        ((a.AsUInt32() >> 16) | (a.AsUInt32() << 16)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> SwapPairs(Vector128<ushort> a) =>
        ((a.AsUInt64() >> 32) | (a.AsUInt64() << 32)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> BitsOfBytes(Vector128<ushort> words)
    {
        if (AdvSimd.IsSupported)
        {
            return AdvSimd.PopCount(words.AsByte());
        }

        Vector128<byte> table = Vector128.Create(0x0302020102010100UL, 0x0403030203020201).AsByte();
        Vector128<ushort> low = Vector128.Create((ushort)0x0F0F);
        Vector128<byte> first = (words & low).AsByte();
        Vector128<byte> second = ((words >> 4) & low).AsByte();
        return Ssse3.IsSupported
            ? Ssse3.Shuffle(table, first) + Ssse3.Shuffle(table, second)
            : Vector128.Shuffle(table, first) + Vector128.Shuffle(table, second);
    }
}
