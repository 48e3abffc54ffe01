using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>Eight templates of four slots: AVX-512 F and BW.</summary>
internal readonly struct SlotLanes512 : ISlotLanes<Vector512<ushort>>
{
    private const byte Xor3 = 0x96;
    private const byte Majority = 0xE8;

    /// <summary>
    /// Also where the runtime itself prefers 256 bits (Intel before Ice Lake): the clock loses a few per cent there,
    /// this loop gains nine tenths.
    /// </summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    public static int Lanes => Vector512<ushort>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Broadcast(ushort value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Twos(uint lanes) => Vector512.Create(lanes).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Fours(ulong lanes) => Vector512.Create(lanes).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Load(ref readonly ushort from, nuint at) => Vector512.LoadUnsafe(in from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<ushort> value, ref ushort to) => value.StoreUnsafe(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Differing(Vector512<ushort> a, Vector512<ushort> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Sum(Vector512<ushort> a, Vector512<ushort> b, Vector512<ushort> c) =>
        Avx512F.TernaryLogic(a, b, c, Xor3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Carry(Vector512<ushort> a, Vector512<ushort> b, Vector512<ushort> c) =>
        Avx512F.TernaryLogic(a, b, c, Majority);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Count(
        Vector512<ushort> ones, Vector512<ushort> twos, Vector512<ushort> fours, Vector512<ushort> eights)
    {
        // One literal a table, each of a nibble's bits times the weight; put together from smaller vectors they would
        // be put together in every round of the loop.
        Vector512<byte> bytes =
            (Nibbles(ones, Vector512.Create(
                0x0302020102010100UL, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201,
                0x0302020102010100, 0x0403030203020201, 0x0302020102010100, 0x0403030203020201).AsByte())
            + Nibbles(twos, Vector512.Create(
                0x0604040204020200UL, 0x0806060406040402, 0x0604040204020200, 0x0806060406040402,
                0x0604040204020200, 0x0806060406040402, 0x0604040204020200, 0x0806060406040402).AsByte()))
            + (Nibbles(fours, Vector512.Create(
                0x0C08080408040400UL, 0x100C0C080C080804, 0x0C08080408040400, 0x100C0C080C080804,
                0x0C08080408040400, 0x100C0C080C080804, 0x0C08080408040400, 0x100C0C080C080804).AsByte())
            + Nibbles(eights, Vector512.Create(
                0x1810100810080800UL, 0x2018181018101008, 0x1810100810080800, 0x2018181018101008,
                0x1810100810080800, 0x2018181018101008, 0x1810100810080800, 0x2018181018101008).AsByte()));
        return Avx512BW.MultiplyAddAdjacent(
            bytes, Vector512.Create((sbyte)Stage1Parameters.SlotUnit)).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Product(Vector512<ushort> a, Vector512<ushort> b) =>
        Avx512BW.MultiplyHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> LeastNear(
        Vector512<ushort> least,
        Vector512<ushort> value,
        Vector512<ushort> aPlusWindow,
        Vector512<ushort> b,
        Vector512<ushort> twiceWindow) => Vector512.ConditionalSelect(
            Vector512.LessThanOrEqual(aPlusWindow - b, twiceWindow), Vector512.Min(least, value), least);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Scale64(Vector512<ushort> a) => a << 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Add(Vector512<ushort> a, Vector512<ushort> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Min(Vector512<ushort> a, Vector512<ushort> b) => Vector512.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Max(Vector512<ushort> a, Vector512<ushort> b) => Vector512.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> LeastOfFours(
        Vector512<ushort> a, Vector512<ushort> b, Vector512<ushort> c, Vector512<ushort> d)
    {
        // Lane by lane, then pair by pair: of two vectors the halves that stay, and the halves that cross over.
        Vector512<uint> low = Vector512.Create(0x0000FFFFu);
        Vector512<ulong> lower = Vector512.Create(0x00000000FFFFFFFFUL);
        Vector512<ulong> ab = Vector512.Min(
            Vector512.ConditionalSelect(low, a.AsUInt32(), b.AsUInt32()).AsUInt16(),
            ((a.AsUInt32() >> 16) | (b.AsUInt32() << 16)).AsUInt16()).AsUInt64();
        Vector512<ulong> cd = Vector512.Min(
            Vector512.ConditionalSelect(low, c.AsUInt32(), d.AsUInt32()).AsUInt16(),
            ((c.AsUInt32() >> 16) | (d.AsUInt32() << 16)).AsUInt16()).AsUInt64();
        return Vector512.Min(
            Vector512.ConditionalSelect(lower, ab, cd).AsUInt16(), ((ab >> 32) | (cd << 32)).AsUInt16());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> SwapLanes(Vector512<ushort> a) =>
        ((a.AsUInt32() >> 16) | (a.AsUInt32() << 16)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> SwapPairs(Vector512<ushort> a) =>
        ((a.AsUInt64() >> 32) | (a.AsUInt64() << 32)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Nibbles(Vector512<ushort> words, Vector512<byte> table)
    {
        Vector512<ushort> low = Vector512.Create((ushort)0x0F0F);
        return Avx512BW.Shuffle(table, (words & low).AsByte())
            + Avx512BW.Shuffle(table, ((words >> 4) & low).AsByte());
    }
}
