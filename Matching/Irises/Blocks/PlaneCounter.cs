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

    /// <summary>Adds the planes of a section to a total.</summary>
    /// <param name="at">What the entries' offsets count from.</param>
    /// <param name="entries">At most <see cref="MostPositions"/> positions.</param>
    /// <param name="zero">Offset of two planes of zeros: fills the last step up.</param>
    /// <param name="totals">Planes of the total, the lowest first.</param>
    /// <param name="planes">How many: enough for every position of a code, at least <see cref="Planes"/>.</param>
    /// <param name="first">The total is not there yet.</param>
    /// <param name="fits">
    /// The probe has no more than <see cref="MostPositions"/> valid bits: the total is counted on, not added to.
    /// </param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        byte* at, PlaneLists.Section entries, int zero, byte* totals, int planes, bool first, bool fits)
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        TVector s6 = default, s7 = default, s8 = default, s9 = default, s10 = default;
        if (fits && !first)
        {
            s0 = TLanes.Load(totals);
            s1 = TLanes.Load(totals + sizeof(TVector));
            s2 = TLanes.Load(totals + (2 * sizeof(TVector)));
            s3 = TLanes.Load(totals + (3 * sizeof(TVector)));
            s4 = TLanes.Load(totals + (4 * sizeof(TVector)));
            s5 = TLanes.Load(totals + (5 * sizeof(TVector)));
            s6 = TLanes.Load(totals + (6 * sizeof(TVector)));
            s7 = TLanes.Load(totals + (7 * sizeof(TVector)));
            s8 = TLanes.Load(totals + (8 * sizeof(TVector)));
            s9 = TLanes.Load(totals + (9 * sizeof(TVector)));
            s10 = TLanes.Load(totals + (10 * sizeof(TVector)));
        }

        TVector a1, a2, a3, b1, b2, b3, c1, c2, c3, d1, d2, d3, carry;
        int* rest = stackalloc int[PairsPerRun];
        fixed (int* pairs = entries.Pairs, singles = entries.Singles)
        {
            int* next = pairs;
            int left = entries.Pairs.Length;
            for (; left >= PairsPerRun; left -= PairsPerRun, next += PairsPerRun)
            {
                FourPairs(at, next, ref s0, ref s1, out a1, out a2, out a3);
                FourPairs(at, next + 4, ref s0, ref s1, out b1, out b2, out b3);
                a1 = Full(ref s2, a1, a2);
                a2 = Full(ref s2, a3, b1);
                a3 = Full(ref s2, b2, b3);
                FourPairs(at, next + 8, ref s0, ref s1, out c1, out c2, out c3);
                FourPairs(at, next + 12, ref s0, ref s1, out d1, out d2, out d3);
                c1 = Full(ref s2, c1, c2);
                c2 = Full(ref s2, c3, d1);
                c3 = Full(ref s2, d2, d3);
                a1 = Full(ref s3, a1, a2);
                a2 = Full(ref s3, a3, c1);
                a3 = Full(ref s3, c2, c3);
                a1 = Full(ref s4, a1, a2);
                a2 = Half(ref s4, a3);
                carry = Full(ref s5, a1, a2);
                carry = Half(ref s6, carry);
                carry = Half(ref s7, carry);
                carry = Half(ref s8, carry);
                carry = Half(ref s9, carry);
                s10 = TLanes.Xor(s10, carry);
            }

            left = FillUp(rest, next, left, zero, PairsPerStep);
            for (int i = 0; i < left; i += PairsPerStep)
            {
                FourPairs(at, rest + i, ref s0, ref s1, out a1, out a2, out a3);
                a1 = Full(ref s2, a1, a2);
                a2 = Half(ref s2, a3);
                carry = Full(ref s3, a1, a2);
                carry = Half(ref s4, carry);
                carry = Half(ref s5, carry);
                carry = Half(ref s6, carry);
                carry = Half(ref s7, carry);
                carry = Half(ref s8, carry);
                carry = Half(ref s9, carry);
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

                a1 = FourSingles(at, these, ref s0, ref s1);
                a2 = FourSingles(at, these + 4, ref s0, ref s1);
                a3 = FourSingles(at, these + 8, ref s0, ref s1);
                b1 = FourSingles(at, these + 12, ref s0, ref s1);
                a1 = Full(ref s2, a1, a2);
                a2 = Full(ref s2, a3, b1);
                carry = Full(ref s3, a1, a2);
                carry = Half(ref s4, carry);
                carry = Half(ref s5, carry);
                carry = Half(ref s6, carry);
                carry = Half(ref s7, carry);
                carry = Half(ref s8, carry);
                carry = Half(ref s9, carry);
                s10 = TLanes.Xor(s10, carry);
                next += SinglesPerRun;
                left -= SinglesPerRun;
            }
        }

        if (fits)
        {
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
            for (int plane = Planes; first && plane < planes; plane++)
            {
                TLanes.Store(totals + (plane * sizeof(TVector)), default);
            }

            return;
        }

        if (first)
        {
            new Span<byte>(totals, planes * sizeof(TVector)).Clear();
        }

        carry = default;
        totals = Total(totals, s0, ref carry);
        totals = Total(totals, s1, ref carry);
        totals = Total(totals, s2, ref carry);
        totals = Total(totals, s3, ref carry);
        totals = Total(totals, s4, ref carry);
        totals = Total(totals, s5, ref carry);
        totals = Total(totals, s6, ref carry);
        totals = Total(totals, s7, ref carry);
        totals = Total(totals, s8, ref carry);
        totals = Total(totals, s9, ref carry);
        totals = Total(totals, s10, ref carry);
        for (int plane = Planes; plane < planes; plane++)
        {
            totals = Total(totals, default, ref carry);
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

    /// <summary>Twelve positions, eight planes: three planes of weight four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourPairs(
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector FourSingles(byte* at, int* entries, ref TVector ones, ref TVector twos)
    {
        TVector two1 = Full(ref ones, TLanes.Load(at + entries[0]), TLanes.Load(at + entries[1]));
        TVector two2 = Full(ref ones, TLanes.Load(at + entries[2]), TLanes.Load(at + entries[3]));
        return Full(ref twos, two1, two2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Full(ref TVector sum, TVector a, TVector b)
    {
        sum = TLanes.Sum(sum, a, b);
        return TLanes.Carry(a, b, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Half(ref TVector sum, TVector a)
    {
        TVector carry = TLanes.And(sum, a);
        sum = TLanes.Xor(sum, a);
        return carry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Total(byte* plane, TVector more, ref TVector carry)
    {
        TVector before = TLanes.Load(plane);
        TVector sum = TLanes.Sum(carry, before, more);
        carry = TLanes.Carry(before, more, sum);
        TLanes.Store(plane, sum);
        return plane + sizeof(TVector);
    }
}
