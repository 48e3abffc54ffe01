using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Adds planes up, lane by lane, by carry-save adders: each full adder takes two planes of one weight into a running
/// bit of that weight and gives one plane of twice the weight. Sixteen threes of positions, 32 planes, are 31 full and
/// 6 half adders: 1.5 operations a position at 512 lanes, two thirds of a load.
/// </summary>
internal static unsafe class PlaneCounter<TLanes, TVector>
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Planes of the count inside one call.</summary>
    public const int Planes = 11;

    /// <summary>Positions one call may add: what eleven binary digits hold.</summary>
    public const int MostPositions = (1 << Planes) - 1;

    private const int PairsPerRun = 16;
    private const int SinglesPerRun = 16;
    private const int PairsPerStep = 4;

    /// <summary>Adds the planes of a section up to a total.</summary>
    /// <param name="at">What the entries' offsets count from.</param>
    /// <param name="entries">At most <see cref="MostPositions"/> positions.</param>
    /// <param name="zero">Offset of two planes of zeros: fills the last step up.</param>
    /// <param name="totals">Planes of the total, the lowest first.</param>
    /// <param name="planes">How many: enough for every position of a code, at least <see cref="Planes"/>.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        byte* at, PlaneLists.Section entries, int zero, byte* totals, int planes)
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        TVector s6 = default, s7 = default, s8 = default, s9 = default, s10 = default;

        TVector a1, a2, a3, b1, b2, b3, c1, c2, c3, d1, d2, d3, carry;
        int* rest = stackalloc int[PairsPerRun];
        fixed (int* pairs = entries.Pairs, singles = entries.Singles)
        {
            int* next = pairs;
            int left = entries.Pairs.Length;
            for (; left >= PairsPerRun; left -= PairsPerRun, next += PairsPerRun)
            {
                Adders<TLanes, TVector>.FourPairs(at, next, ref s0, ref s1, out a1, out a2, out a3);
                Adders<TLanes, TVector>.FourPairs(at, next + 4, ref s0, ref s1, out b1, out b2, out b3);
                a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
                a2 = Adders<TLanes, TVector>.Full(ref s2, a3, b1);
                a3 = Adders<TLanes, TVector>.Full(ref s2, b2, b3);
                Adders<TLanes, TVector>.FourPairs(at, next + 8, ref s0, ref s1, out c1, out c2, out c3);
                Adders<TLanes, TVector>.FourPairs(at, next + 12, ref s0, ref s1, out d1, out d2, out d3);
                c1 = Adders<TLanes, TVector>.Full(ref s2, c1, c2);
                c2 = Adders<TLanes, TVector>.Full(ref s2, c3, d1);
                c3 = Adders<TLanes, TVector>.Full(ref s2, d2, d3);
                a1 = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
                a2 = Adders<TLanes, TVector>.Full(ref s3, a3, c1);
                a3 = Adders<TLanes, TVector>.Full(ref s3, c2, c3);
                a1 = Adders<TLanes, TVector>.Full(ref s4, a1, a2);
                a2 = Adders<TLanes, TVector>.Half(ref s4, a3);
                carry = Adders<TLanes, TVector>.Full(ref s5, a1, a2);
                carry = Adders<TLanes, TVector>.Half(ref s6, carry);
                carry = Adders<TLanes, TVector>.Half(ref s7, carry);
                carry = Adders<TLanes, TVector>.Half(ref s8, carry);
                carry = Adders<TLanes, TVector>.Half(ref s9, carry);
                s10 = TLanes.Xor(s10, carry);
            }

            left = FillUp(rest, next, left, zero, PairsPerStep);
            for (int i = 0; i < left; i += PairsPerStep)
            {
                Adders<TLanes, TVector>.FourPairs(at, rest + i, ref s0, ref s1, out a1, out a2, out a3);
                a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
                a2 = Adders<TLanes, TVector>.Half(ref s2, a3);
                carry = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
                carry = Adders<TLanes, TVector>.Half(ref s4, carry);
                carry = Adders<TLanes, TVector>.Half(ref s5, carry);
                carry = Adders<TLanes, TVector>.Half(ref s6, carry);
                carry = Adders<TLanes, TVector>.Half(ref s7, carry);
                carry = Adders<TLanes, TVector>.Half(ref s8, carry);
                carry = Adders<TLanes, TVector>.Half(ref s9, carry);
                s10 = TLanes.Xor(s10, carry);
            }

            next = singles;
            left = entries.Singles.Length;
            while (left > 0)
            {
                int* these = next;
                if (left < SinglesPerRun)
                {
                    FillUp(rest, next, left, zero, SinglesPerRun);
                    these = rest;
                }

                a1 = Adders<TLanes, TVector>.FourSingles(at, these, ref s0, ref s1);
                a2 = Adders<TLanes, TVector>.FourSingles(at, these + 4, ref s0, ref s1);
                a3 = Adders<TLanes, TVector>.FourSingles(at, these + 8, ref s0, ref s1);
                b1 = Adders<TLanes, TVector>.FourSingles(at, these + 12, ref s0, ref s1);
                a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
                a2 = Adders<TLanes, TVector>.Full(ref s2, a3, b1);
                carry = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
                carry = Adders<TLanes, TVector>.Half(ref s4, carry);
                carry = Adders<TLanes, TVector>.Half(ref s5, carry);
                carry = Adders<TLanes, TVector>.Half(ref s6, carry);
                carry = Adders<TLanes, TVector>.Half(ref s7, carry);
                carry = Adders<TLanes, TVector>.Half(ref s8, carry);
                carry = Adders<TLanes, TVector>.Half(ref s9, carry);
                s10 = TLanes.Xor(s10, carry);
                next += SinglesPerRun;
                left -= SinglesPerRun;
            }
        }

        TLanes.Store(totals, s0);
        TLanes.Store(totals + sizeof(TVector), s1);
        TLanes.Store(totals + (2 * sizeof(TVector)), s2);
        TLanes.Store(totals + (3 * sizeof(TVector)), s3);
        TLanes.Store(totals + (4 * sizeof(TVector)), s4);
        TLanes.Store(totals + (5 * sizeof(TVector)), s5);
        TLanes.Store(totals + (6 * sizeof(TVector)), s6);
        TLanes.Store(totals + (7 * sizeof(TVector)), s7);
        TLanes.Store(totals + (8 * sizeof(TVector)), s8);
        TLanes.Store(totals + (9 * sizeof(TVector)), s9);
        TLanes.Store(totals + (10 * sizeof(TVector)), s10);
        for (int plane = Planes; plane < planes; plane++)
        {
            TLanes.Store(totals + (plane * sizeof(TVector)), default);
        }
    }

    /// <summary>Copies what is left behind whole runs and fills up with planes of zeros.</summary>
    private static int FillUp(int* rest, int* next, int left, int zero, int multiple)
    {
        int filled = (left + multiple - 1) / multiple * multiple;
        for (int i = 0; i < filled; i++)
        {
            rest[i] = i < left ? next[i] : zero;
        }

        return filled;
    }
}
