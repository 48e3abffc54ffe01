using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// Counts by carry-save adders over groups of four vectors, nibbles looked up by a byte shuffle, and bytes added
/// up. For 2,048 bits a rotation is 16 loads and about 80 operations of 512 bits (one group), or 32 loads and
/// about 190 operations of 256 bits (two groups).
/// </summary>
/// <remarks>
/// .NET 10 reaches neither VPOPCNTQ nor a population count of a vector; carry-save adders leave three lookups of
/// the four a group would need, and one of four in longer codes.
/// </remarks>
internal readonly struct CountBits<TLanes, TVector> : IBitCounter
    where TLanes : struct, ICountLanes<TVector>
    where TVector : struct
{
    [MethodImpl(HotLoop.Root)]
    public static (int Differing, int Valid) Count(ReadOnlySpan<ulong> probe, ReadOnlySpan<ulong> row)
    {
        nuint words = (nuint)TLanes.Words;
        nuint half = (nuint)row.Length / 2;
        ref ulong p = ref MemoryMarshal.GetReference(probe);
        ref ulong g = ref MemoryMarshal.GetReference(row);
        Tally differing = default;
        Tally valid = default;
        nuint i = 0;
        for (; i + (4 * words) <= half; i += 4 * words)
        {
            TVector m0 = Both(ref p, ref g, half + i);
            TVector m1 = Both(ref p, ref g, half + i + words);
            TVector m2 = Both(ref p, ref g, half + i + (2 * words));
            TVector m3 = Both(ref p, ref g, half + i + (3 * words));
            valid.Add(m0, m1, m2, m3);
            differing.Add(
                Unlike(ref p, ref g, i, m0),
                Unlike(ref p, ref g, i + words, m1),
                Unlike(ref p, ref g, i + (2 * words), m2),
                Unlike(ref p, ref g, i + (3 * words), m3));
        }

        for (; i < half; i += words)
        {
            TVector mask = Both(ref p, ref g, half + i);
            valid.Add(mask);
            differing.Add(Unlike(ref p, ref g, i, mask));
        }

        // Both sums lie in 32 bits, so one addition across the lanes serves the two.
        ulong sums = TLanes.Total(TLanes.AddShifted(differing.Lanes(), valid.Lanes(), 32));
        return ((int)(uint)sums, (int)(sums >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Both(ref ulong a, ref ulong b, nuint at) =>
        TLanes.And(TLanes.Load(ref a, at), TLanes.Load(ref b, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Unlike(ref ulong a, ref ulong b, nuint at, TVector mask) =>
        TLanes.And(TLanes.Xor(TLanes.Load(ref a, at), TLanes.Load(ref b, at)), mask);

    /// <summary>
    /// A running count in carry-save form: single bits in <c>ones</c> and <c>twos</c>, counted at the end, bytes
    /// in <c>singles</c> (at most 3 * 8 of weight 1), and <c>fours</c> (weight 4), a sum over the groups.
    /// </summary>
    private struct Tally
    {
        private TVector ones;
        private TVector twos;
        private TVector singles;
        private TVector fours;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(TVector a, TVector b, TVector c, TVector d)
        {
            TVector sum = TLanes.Sum(ones, a, b);
            TVector first = TLanes.Carry(ones, a, b);
            ones = TLanes.Sum(sum, c, d);
            TVector second = TLanes.Carry(sum, c, d);
            TVector four = TLanes.Carry(twos, first, second);
            twos = TLanes.Sum(twos, first, second);
            fours = TLanes.AddGroup(fours, TLanes.BitsPerByte(four));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(TVector a) => singles = TLanes.AddBytes(singles, TLanes.BitsPerByte(a));

        /// <summary>64-bit lanes whose sum is the count.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Lanes()
        {
            TVector two = TLanes.BitsPerByte(twos);
            TVector bytes = TLanes.AddBytes(
                TLanes.AddBytes(singles, TLanes.BitsPerByte(ones)), TLanes.AddBytes(two, two));
            return TLanes.AddShifted(TLanes.Across(bytes), TLanes.GroupsAcross(fours), 2);
        }
    }
}
