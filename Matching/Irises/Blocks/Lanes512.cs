using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// AVX-512: 512 lanes. Sum, carry and borrow are one VPTERNLOG each; two a cycle where the CPU has both ports.
/// </summary>
/// <remarks>
/// Every operation is asked for by its instruction: on CPUs that slow down for wide vectors the runtime says that
/// Vector512 is not accelerated, though it has them; here they are worth it (1.7 times AVX2 on such a CPU).
/// </remarks>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<ulong>>
{
    public static bool IsSupported => Avx512F.IsSupported;

    public static Vector512<ulong> Ones
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<ulong>.AllBitsSet;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Load(byte* from) => Avx512F.LoadVector512((ulong*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* to, Vector512<ulong> value) => Avx512F.Store((ulong*)to, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> And(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.And(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AndNot(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.AndNot(b, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Or(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.Or(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.Xor(a, b);

    // The constant lists the results for (a, b, c) = 000 up to 111, the lowest bit first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Sum(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.TernaryLogic(a, b, c, 0x96);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Carry(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> sum) =>
        Avx512F.TernaryLogic(a, b, sum, 0xD4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Borrow(
        Vector512<ulong> limit, Vector512<ulong> value, Vector512<ulong> borrow) =>
        Avx512F.TernaryLogic(limit, value, borrow, 0x8E);
}
