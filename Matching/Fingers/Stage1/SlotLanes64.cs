using System.Numerics;
using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// One template of four slots in a 64-bit register: the form of CPUs without vectors. Sums stay inside their 16 bits;
/// what crosses them is done lane by lane.
/// </summary>
internal readonly struct SlotLanes64 : ISlotLanes<ulong>
{
    private const ulong EveryLane = 0x0001000100010001;

    public static int Lanes => Stage1Parameters.QuadSlots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Broadcast(ushort value) => value * EveryLane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Twos(uint lanes) => lanes | ((ulong)lanes << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fours(ulong lanes) => lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ref readonly ushort from, nuint at) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref Unsafe.AsRef(in from), at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong value, ref ushort to) =>
        Unsafe.WriteUnaligned(ref Unsafe.As<ushort, byte>(ref to), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Differing(ulong a, ulong b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Sum(ulong a, ulong b, ulong c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Carry(ulong a, ulong b, ulong c) => (a & b) | ((a ^ b) & c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Count(ulong ones, ulong twos, ulong fours, ulong eights)
    {
        // Bits of nibbles, at most 4 each, so that 1 x + 2 x stay below 16; then bytes, at most 120; then lanes.
        const ulong Nibbles = 0x0F0F0F0F0F0F0F0F;
        const ulong Bytes = 0x00FF00FF00FF00FF;
        ulong small = BitsOfNibbles(ones) + (BitsOfNibbles(twos) << 1);
        ulong large = BitsOfNibbles(fours) + (BitsOfNibbles(eights) << 1);
        ulong bytes = (small & Nibbles) + ((small >> 4) & Nibbles)
            + (((large & Nibbles) + ((large >> 4) & Nibbles)) << 2);
        return ((bytes & Bytes) + ((bytes >> 8) & Bytes)) << 6;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Product(ulong a, ulong b) => Join(
        (uint)(ushort)a * (ushort)b >> 16,
        (uint)(ushort)(a >> 16) * (ushort)(b >> 16) >> 16,
        (uint)(ushort)(a >> 32) * (ushort)(b >> 32) >> 16,
        (uint)(a >> 48) * (uint)(b >> 48) >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LeastNear(ulong least, ulong value, ulong aPlusWindow, ulong b, ulong twiceWindow) => Join(
        Nearer(0, least, value, aPlusWindow, b, twiceWindow),
        Nearer(16, least, value, aPlusWindow, b, twiceWindow),
        Nearer(32, least, value, aPlusWindow, b, twiceWindow),
        Nearer(48, least, value, aPlusWindow, b, twiceWindow));

    /// <summary>Lanes hold at most 1,023 here: no bit leaves its lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Scale64(ulong a) => a << 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Min(ulong a, ulong b) => Join(
        Math.Min((ushort)a, (ushort)b),
        Math.Min((ushort)(a >> 16), (ushort)(b >> 16)),
        Math.Min((ushort)(a >> 32), (ushort)(b >> 32)),
        Math.Min((ushort)(a >> 48), (ushort)(b >> 48)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Max(ulong a, ulong b) => Join(
        Math.Max((ushort)a, (ushort)b),
        Math.Max((ushort)(a >> 16), (ushort)(b >> 16)),
        Math.Max((ushort)(a >> 32), (ushort)(b >> 32)),
        Math.Max((ushort)(a >> 48), (ushort)(b >> 48)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LeastOfFours(ulong a, ulong b, ulong c, ulong d) =>
        Join(LeastOfFour(a), LeastOfFour(b), LeastOfFour(c), LeastOfFour(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SwapLanes(ulong a) =>
        ((a >> 16) & 0x0000FFFF0000FFFF) | ((a & 0x0000FFFF0000FFFF) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SwapPairs(ulong a) => BitOperations.RotateLeft(a, 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LeastOfFour(ulong a) => Math.Min(
        Math.Min((ushort)a, (ushort)(a >> 16)), Math.Min((ushort)(a >> 32), (ushort)(a >> 48)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Nearer(
        int shift, ulong least, ulong value, ulong aPlusWindow, ulong b, ulong twiceWindow)
    {
        ushort apart = (ushort)((aPlusWindow >> shift) - (b >> shift));
        ushort held = (ushort)(least >> shift);
        return apart <= (ushort)(twiceWindow >> shift) ? Math.Min(held, (ushort)(value >> shift)) : held;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BitsOfNibbles(ulong words)
    {
        words -= (words >> 1) & 0x5555555555555555;
        return (words & 0x3333333333333333) + ((words >> 2) & 0x3333333333333333);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(uint first, uint second, uint third, uint fourth) =>
        first | ((ulong)second << 16) | ((ulong)third << 32) | ((ulong)fourth << 48);
}
