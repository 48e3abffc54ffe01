using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>Turns each lane's bound into planes, so that 512 counts are compared with 512 bounds at once.</summary>
internal static unsafe class BoundPlanes
{
    private const int BytesPerVector = 16;

    /// <param name="block">The block of the lanes.</param>
    /// <param name="bound">What a lane may differ by.</param>
    /// <param name="planes">Planes of 64 bytes to write, the lowest digit first.</param>
    /// <param name="count">How many, at most 15.</param>
    /// <param name="reachable">8 words: the lanes that any count could reach.</param>
    /// <returns>Whether there is any such lane.</returns>
    [SkipLocalsInit]
    [MethodImpl(HotLoop.Root)]
    public static bool Write(IrisBlock block, IrisBound bound, byte* planes, int count, ulong* reachable)
    {
        byte* low = stackalloc byte[IrisBlock.Lanes];
        byte* high = stackalloc byte[IrisBlock.Lanes];
        byte* reach = stackalloc byte[IrisBlock.Lanes];
        ReadOnlySpan<short> most = bound.MostDiffering;
        ReadOnlySpan<ushort> valid = block.ValidBits;
        for (int lane = 0; lane < IrisBlock.Lanes; lane++)
        {
            int differing = most[valid[lane]];
            low[lane] = (byte)Math.Max(differing, 0);
            high[lane] = (byte)(Math.Max(differing, 0) >> 8);
            reach[lane] = differing >= 0 ? (byte)0x80 : (byte)0;
        }

        Digit(reach, 7, (byte*)reachable);
        for (int digit = 0; digit < count; digit++)
        {
            Digit(digit < 8 ? low : high, digit % 8, planes + (digit * IrisBlock.PlaneBytes));
        }

        return new ReadOnlySpan<ulong>(reachable, IrisBlock.Lanes / 64).ContainsAnyExcept(0UL);
    }

    /// <summary>Bit <paramref name="digit"/> of each of 512 bytes as one plane.</summary>
    [MethodImpl(HotLoop.Root)]
    private static void Digit(byte* bytes, int digit, byte* plane)
    {
        for (int i = 0; i < IrisBlock.Lanes / BytesPerVector; i++)
        {
            Vector128<ushort> sixteen = Vector128.Load(bytes + (i * BytesPerVector)).AsUInt16();
            Vector128<byte> top = (sixteen << (7 - digit)).AsByte();
            ((ushort*)plane)[i] = (ushort)top.ExtractMostSignificantBits();
        }
    }
}
