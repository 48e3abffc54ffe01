using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>AVX2: 256 lanes. A full adder is five operations, three a cycle.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<ulong>>
{
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public static Vector256<ulong> Ones
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<ulong>.AllBitsSet;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Load(byte* from) => Vector256.Load((ulong*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* to, Vector256<ulong> value) => value.Store((ulong*)to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> And(Vector256<ulong> a, Vector256<ulong> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AndNot(Vector256<ulong> a, Vector256<ulong> b) => Vector256.AndNot(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Or(Vector256<ulong> a, Vector256<ulong> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Sum(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Carry(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> sum) =>
        (a & b) | ((a ^ b) & ~sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Borrow(Vector256<ulong> limit, Vector256<ulong> value, Vector256<ulong> borrow) =>
        (value & borrow) | ((value | borrow) & ~limit);
}
