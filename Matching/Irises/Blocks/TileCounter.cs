using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Adds the planes of one tile to a total, lane by lane, by the carry-save adders of <see cref="PlaneCounter{TLanes,
/// TVector}"/>. Nine digits are counted in registers; a tile overflows them at most once, and only then the digits
/// above are touched. Eight threes are 37 operations at 512 lanes, 24 positions.
/// </summary>
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
    /// <param name="pair">Of <see cref="TileLists"/>: the planes of whole threes.</param>
    /// <param name="pairs">A multiple of <see cref="TileLists.Step"/>.</param>
    /// <param name="single">The planes of single bits; at most <see cref="MostPositions"/> with the threes.</param>
    /// <param name="singles">A multiple of <see cref="TileLists.Step"/>.</param>
    /// <param name="totals">Planes of the total, the lowest first.</param>
    /// <param name="planes">How many: enough for every position of a code, more than <see cref="Digits"/>.</param>
    /// <param name="first">The total is not there yet.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        byte* at, int* pair, int pairs, int* single, int singles, byte* totals, int planes, bool first)
    {
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

        TVector a1, a2, a3, b1, b2, b3, carry;
        for (; pairs > 0 && singles > 0; pairs -= Step, singles -= Step, pair += Step, single += Step)
        {
            Adders<TLanes, TVector>.FourPairs(at, pair, ref s0, ref s1, out a1, out a2, out a3);
            b1 = Adders<TLanes, TVector>.FourSingles(at, single, ref s0, ref s1);
            a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
            a2 = Adders<TLanes, TVector>.Full(ref s2, a3, b1);
            carry = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
            carry = Adders<TLanes, TVector>.Half(ref s4, carry);
            carry = Adders<TLanes, TVector>.Half(ref s5, carry);
            carry = Adders<TLanes, TVector>.Half(ref s6, carry);
            carry = Adders<TLanes, TVector>.Half(ref s7, carry);
            carry = Adders<TLanes, TVector>.Half(ref s8, carry);
            over = TLanes.Xor(over, carry);
        }

        for (; pairs >= 2 * Step; pairs -= 2 * Step, pair += 2 * Step)
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
            carry = Adders<TLanes, TVector>.Half(ref s6, carry);
            carry = Adders<TLanes, TVector>.Half(ref s7, carry);
            carry = Adders<TLanes, TVector>.Half(ref s8, carry);
            over = TLanes.Xor(over, carry);
        }

        if (pairs > 0)
        {
            Adders<TLanes, TVector>.FourPairs(at, pair, ref s0, ref s1, out a1, out a2, out a3);
            a1 = Adders<TLanes, TVector>.Full(ref s2, a1, a2);
            a2 = Adders<TLanes, TVector>.Half(ref s2, a3);
            carry = Adders<TLanes, TVector>.Full(ref s3, a1, a2);
            carry = Adders<TLanes, TVector>.Half(ref s4, carry);
            carry = Adders<TLanes, TVector>.Half(ref s5, carry);
            carry = Adders<TLanes, TVector>.Half(ref s6, carry);
            carry = Adders<TLanes, TVector>.Half(ref s7, carry);
            carry = Adders<TLanes, TVector>.Half(ref s8, carry);
            over = TLanes.Xor(over, carry);
        }

        for (; singles > 0; singles -= Step, single += Step)
        {
            carry = Adders<TLanes, TVector>.FourSingles(at, single, ref s0, ref s1);
            carry = Adders<TLanes, TVector>.Half(ref s2, carry);
            carry = Adders<TLanes, TVector>.Half(ref s3, carry);
            carry = Adders<TLanes, TVector>.Half(ref s4, carry);
            carry = Adders<TLanes, TVector>.Half(ref s5, carry);
            carry = Adders<TLanes, TVector>.Half(ref s6, carry);
            carry = Adders<TLanes, TVector>.Half(ref s7, carry);
            carry = Adders<TLanes, TVector>.Half(ref s8, carry);
            over = TLanes.Xor(over, carry);
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
}
