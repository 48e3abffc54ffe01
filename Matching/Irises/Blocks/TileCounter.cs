using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Adds the planes of one tile to a probe's totals, one a rotation, lane by lane, by the carry-save adders of <see
/// cref="Adders{TLanes, TVector}"/>. Nine digits are counted in registers; a tile overflows them at most once, and only
/// then the digits above are touched. Sixteen threes, 48 positions, are 71 operations at 512 lanes.
/// </summary>
/// <remarks>
/// Nothing here is inlined into its caller: all adders are inlined here, and a caller that took them too would pass
/// the compiler's budget and call them one by one, which was seen to be four times as slow.
/// </remarks>
internal static unsafe class TileCounter<TLanes, TVector>
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Digits that are counted in registers.</summary>
    public const int Digits = 9;

    /// <summary>Positions of a tile: with a count of nine digits before, they carry into the tenth once.</summary>
    public const int MostPositions = 1 << Digits;

    private const int Step = TileLists.Step;

    /// <param name="at">The tile's first plane.</param>
    /// <param name="lists">Lists of the probe; at most <see cref="MostPositions"/> positions a tile.</param>
    /// <param name="column">
    /// The column of the probe on the tile's first at the first rotation, counted on around the code; at each further
    /// rotation it is the one before.
    /// </param>
    /// <param name="turns">Rotations.</param>
    /// <param name="totals">Planes of the totals, rotation by rotation, the lowest first.</param>
    /// <param name="planes">How many: enough for every position of a code, more than <see cref="Digits"/>.</param>
    /// <param name="first">The totals are not there yet.</param>
    [SkipLocalsInit]
    [MethodImpl(HotLoop.Root)]
    public static void Add(byte* at, TileLists lists, int column, int turns, byte* totals, int planes, bool first)
    {
        int* entries = lists.First;
        int* starts = lists.Starts;
        int columns = lists.Layout.Shape.Columns;
        for (; turns > 0; turns--, totals += planes * sizeof(TVector))
        {
            int* pairs = entries + starts[2 * column];
            int* singles = entries + starts[(2 * column) + 1];
            Add(at, pairs, singles, entries + starts[(2 * column) + 2], totals, planes, first);
            column = (column == 0 ? columns : column) - 1;
        }
    }

    /// <summary>Counts single planes.</summary>
    /// <param name="at">What the entries count from.</param>
    /// <param name="singles">Byte offsets, a multiple of <see cref="TileLists.Step"/>.</param>
    /// <param name="totals">Planes of the count, the lowest first.</param>
    /// <param name="planes">How many: enough for the count, more than <see cref="Digits"/>.</param>
    [SkipLocalsInit]
    [MethodImpl(HotLoop.Root)]
    public static void Count(byte* at, ReadOnlySpan<int> singles, byte* totals, int planes)
    {
        fixed (int* begin = singles)
        {
            int from = 0;
            do
            {
                int until = Math.Min(from + MostPositions, singles.Length);
                Add(at, begin + from, begin + from, begin + until, totals, planes, first: from == 0);
                from = until;
            }
            while (from < singles.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        byte* at, int* pair, int* single, int* end, byte* totals, int planes, bool first)
    {
        int* pairsEnd = single;
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default;
        TVector s5 = default, s6 = default, s7 = default, s8 = default, over = default;
        if (!first)
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
        }

        TVector a1, a2, a3, b1, b2, b3, c1, c2, c3, d1, d2, d3, carry;
        for (; pairsEnd - pair >= 4 * Step; pair += 4 * Step)
        {
            Adders<TLanes, TVector>.FourPairs(at, pair, ref s0, ref s1, out a1, out a2, out a3);
            Adders<TLanes, TVector>.FourPairs(at, pair + Step, ref s0, ref s1, out b1, out b2, out b3);
            a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
            a2 = Adders<TLanes, TVector>.Full(ref s2, a3, b1);
            a3 = Adders<TLanes, TVector>.Full(ref s2, b2, b3);
            Adders<TLanes, TVector>.FourPairs(at, pair + (2 * Step), ref s0, ref s1, out c1, out c2, out c3);
            Adders<TLanes, TVector>.FourPairs(at, pair + (3 * Step), ref s0, ref s1, out d1, out d2, out d3);
            c1 = Adders<TLanes, TVector>.Full(ref s2, c1, c2);
            c2 = Adders<TLanes, TVector>.Full(ref s2, c3, d1);
            c3 = Adders<TLanes, TVector>.Full(ref s2, d2, d3);
            a1 = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
            a2 = Adders<TLanes, TVector>.Full(ref s3, a3, c1);
            a3 = Adders<TLanes, TVector>.Full(ref s3, c2, c3);
            a1 = Adders<TLanes, TVector>.Full(ref s4, a1, a2);
            a2 = Adders<TLanes, TVector>.Half(ref s4, a3);
            carry = Adders<TLanes, TVector>.Full(ref s5, a1, a2);
            Highest(ref s6, ref s7, ref s8, ref over, carry);
        }

        if (pairsEnd - pair >= 2 * Step)
        {
            Adders<TLanes, TVector>.FourPairs(at, pair, ref s0, ref s1, out a1, out a2, out a3);
            Adders<TLanes, TVector>.FourPairs(at, pair + Step, ref s0, ref s1, out b1, out b2, out b3);
            a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
            a2 = Adders<TLanes, TVector>.Full(ref s2, a3, b1);
            a3 = Adders<TLanes, TVector>.Full(ref s2, b2, b3);
            a1 = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
            a2 = Adders<TLanes, TVector>.Half(ref s3, a3);
            carry = Adders<TLanes, TVector>.Full(ref s4, a1, a2);
            carry = Adders<TLanes, TVector>.Half(ref s5, carry);
            Highest(ref s6, ref s7, ref s8, ref over, carry);
            pair += 2 * Step;
        }

        if (pair < pairsEnd)
        {
            Adders<TLanes, TVector>.FourPairs(at, pair, ref s0, ref s1, out a1, out a2, out a3);
            a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
            a2 = Adders<TLanes, TVector>.Half(ref s2, a3);
            carry = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
            carry = Adders<TLanes, TVector>.Half(ref s4, carry);
            carry = Adders<TLanes, TVector>.Half(ref s5, carry);
            Highest(ref s6, ref s7, ref s8, ref over, carry);
        }

        for (; end - single >= 4 * Step; single += 4 * Step)
        {
            a1 = Adders<TLanes, TVector>.FourSingles(at, single, ref s0, ref s1);
            a2 = Adders<TLanes, TVector>.FourSingles(at, single + Step, ref s0, ref s1);
            a3 = Adders<TLanes, TVector>.FourSingles(at, single + (2 * Step), ref s0, ref s1);
            b1 = Adders<TLanes, TVector>.FourSingles(at, single + (3 * Step), ref s0, ref s1);
            a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
            a2 = Adders<TLanes, TVector>.Full(ref s2, a3, b1);
            carry = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
            carry = Adders<TLanes, TVector>.Half(ref s4, carry);
            carry = Adders<TLanes, TVector>.Half(ref s5, carry);
            Highest(ref s6, ref s7, ref s8, ref over, carry);
        }

        for (; single < end; single += Step)
        {
            carry = Adders<TLanes, TVector>.FourSingles(at, single, ref s0, ref s1);
            carry = Adders<TLanes, TVector>.Half(ref s2, carry);
            carry = Adders<TLanes, TVector>.Half(ref s3, carry);
            carry = Adders<TLanes, TVector>.Half(ref s4, carry);
            carry = Adders<TLanes, TVector>.Half(ref s5, carry);
            Highest(ref s6, ref s7, ref s8, ref over, carry);
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
        for (int plane = Digits; plane < planes; plane++)
        {
            byte* high = totals + (plane * sizeof(TVector));
            TVector digit = first ? default : TLanes.Load(high);
            carry = Adders<TLanes, TVector>.Half(ref digit, over);
            TLanes.Store(high, digit);
            over = carry;
        }
    }

    /// <summary>Takes a plane of weight 64 into the highest digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Highest(ref TVector s6, ref TVector s7, ref TVector s8, ref TVector over, TVector plane)
    {
        plane = Adders<TLanes, TVector>.Half(ref s6, plane);
        plane = Adders<TLanes, TVector>.Half(ref s7, plane);
        plane = Adders<TLanes, TVector>.Half(ref s8, plane);
        over = TLanes.Xor(over, plane);
    }
}
