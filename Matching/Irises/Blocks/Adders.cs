using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>Carry-save adders of planes, lane by lane; every counter is made of these.</summary>
internal static unsafe class Adders<TLanes, TVector>
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Twelve positions, eight planes: three planes of weight four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourPairs(
        byte* at, int* entries, ref TVector ones, ref TVector twos,
        out TVector four1, out TVector four2, out TVector four3)
    {
        byte* p0 = at + entries[0];
        byte* p1 = at + entries[1];
        byte* p2 = at + entries[2];
        byte* p3 = at + entries[3];
        TVector two1 = Full(ref ones, TLanes.Load(p0), TLanes.Load(p1));
        TVector two2 = Full(ref ones, TLanes.Load(p2), TLanes.Load(p3));
        four1 = Full(ref twos, TLanes.Load(p0 + sizeof(TVector)), TLanes.Load(p1 + sizeof(TVector)));
        four2 = Full(ref twos, TLanes.Load(p2 + sizeof(TVector)), TLanes.Load(p3 + sizeof(TVector)));
        four3 = Full(ref twos, two1, two2);
    }

    /// <summary>Four positions, four planes: one plane of weight four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FourSingles(byte* at, int* entries, ref TVector ones, ref TVector twos)
    {
        TVector two1 = Full(ref ones, TLanes.Load(at + entries[0]), TLanes.Load(at + entries[1]));
        TVector two2 = Full(ref ones, TLanes.Load(at + entries[2]), TLanes.Load(at + entries[3]));
        return Full(ref twos, two1, two2);
    }

    /// <summary>Takes two planes into a sum and gives what carries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Full(ref TVector sum, TVector a, TVector b)
    {
        sum = TLanes.Sum(sum, a, b);
        return TLanes.Carry(a, b, sum);
    }

    /// <summary>Takes one plane into a sum and gives what carries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Half(ref TVector sum, TVector a)
    {
        TVector carry = TLanes.And(sum, a);
        sum = TLanes.Xor(sum, a);
        return carry;
    }
}
