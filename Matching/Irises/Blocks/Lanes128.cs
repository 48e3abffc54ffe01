using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>SSE2 or Arm64: 128 lanes by the operations of <see cref="Lanes256"/>.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<ulong>>
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static Vector128<ulong> Ones
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<ulong>.AllBitsSet;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Load(byte* from) => Vector128.Load((ulong*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* to, Vector128<ulong> value) => value.Store((ulong*)to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> And(Vector128<ulong> a, Vector128<ulong> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AndNot(Vector128<ulong> a, Vector128<ulong> b) => Vector128.AndNot(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Or(Vector128<ulong> a, Vector128<ulong> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Sum(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Carry(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> sum) =>
        (a & b) | ((a ^ b) & ~sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Borrow(Vector128<ulong> limit, Vector128<ulong> value, Vector128<ulong> borrow) =>
        (value & borrow) | ((value | borrow) & ~limit);
}
