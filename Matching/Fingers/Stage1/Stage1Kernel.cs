using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// The walk over a block, written once for every width: for each probe cylinder the quads its directions may lie in,
/// the nearest slot of each template, and the eight best of those.
/// </summary>
/// <remarks>
/// Fifteen differences go through eleven carry-save adders (Harley and Seal, in H. S. Warren, "Hacker's Delight",
/// 5-2) into four words, whose bits a table of nibbles counts (W. Mula, 2008). With AVX-512 a quad of eight templates
/// is 32 lanes: about 70 instructions, so 2.2 a cylinder pair. What the nearest slots of four probe cylinders say lies
/// side by side in the lanes of a template and is ordered there at once, which takes a third of the instructions of
/// one after the other.
/// </remarks>
internal static class Stage1Kernel<TLanes, TVector>
    where TLanes : struct, ISlotLanes<TVector>
    where TVector : struct
{
    private const int Quad = Stage1Parameters.QuadSlots;

    /// <summary>Distances of one probe from the eight templates of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="probe">The probe.</param>
    /// <param name="distances">Receives one distance a template.</param>
    [MethodImpl(HotLoop.Root)]
    public static void Distances(ReadOnlySpan<ushort> block, Stage1Probe probe, Span<ushort> distances)
    {
        Span<QuadRange> ranges = stackalloc QuadRange[Stage1Parameters.ProbeCylinders];
        ranges = ranges[..QuadRange.Fill(block, probe, ranges)];
        for (int lane = 0; lane < Stage1Block.Line; lane += TLanes.Lanes)
        {
            Group(in block[Stage1Block.HeaderLength + lane], probe, ranges, distances[(lane / Quad)..]);
        }
    }

    [MethodImpl(HotLoop.Root)]
    private static void Group(
        ref readonly ushort lanes, Stage1Probe probe, ReadOnlySpan<QuadRange> ranges, Span<ushort> distances)
    {
        TVector slotLimit = TLanes.Broadcast(Stage1Parameters.SlotLimit);
        TVector cylinderLimit = TLanes.Broadcast(Stage1Parameters.CylinderLimit);
        TVector b0 = cylinderLimit;
        TVector b1 = cylinderLimit;
        TVector b2 = cylinderLimit;
        TVector b3 = cylinderLimit;
        TVector b4 = cylinderLimit;
        TVector b5 = cylinderLimit;
        TVector b6 = cylinderLimit;
        TVector b7 = cylinderLimit;
        ref uint lines = ref MemoryMarshal.GetReference(probe.Lines);
        ReadOnlySpan<ulong> weights = probe.Weights;
        Four slots = default;
        for (int i = 0; i < weights.Length; i++)
        {
            for (int k = 0; k < Quad; k++)
            {
                int cylinder = (i * Quad) + k;
                ref uint line = ref Unsafe.Add(ref lines, cylinder * Stage1Probe.LineLength);
                slots[k] = cylinder < ranges.Length
                    ? NearestSlots(in lanes, in line, ranges[cylinder], slotLimit)
                    : slotLimit;
            }

            // Each lane of four holds the nearest of another of the four cylinders from here on.
            TVector x = TLanes.Min(
                TLanes.Product(
                    TLanes.Scale64(TLanes.LeastOfFours(slots[0], slots[1], slots[2], slots[3])),
                    TLanes.Fours(weights[i])),
                cylinderLimit);
            Order(ref b0, ref x);
            Order(ref b1, ref x);
            Order(ref b2, ref x);
            Order(ref b3, ref x);
            Order(ref b4, ref x);
            Order(ref b5, ref x);
            Order(ref b6, ref x);
            b7 = TLanes.Min(b7, x);
        }

        // The eight least of two ordered eights are the lesser of one's k-th and the other's k-th from the
        // end, in an order that rises once and falls once: three rounds of comparisons order it (K. E.
        // Batcher, 1968).
        TVector c0 = TLanes.Min(b0, TLanes.SwapLanes(b7));
        TVector c1 = TLanes.Min(b1, TLanes.SwapLanes(b6));
        TVector c2 = TLanes.Min(b2, TLanes.SwapLanes(b5));
        TVector c3 = TLanes.Min(b3, TLanes.SwapLanes(b4));
        TVector c4 = TLanes.Min(b4, TLanes.SwapLanes(b3));
        TVector c5 = TLanes.Min(b5, TLanes.SwapLanes(b2));
        TVector c6 = TLanes.Min(b6, TLanes.SwapLanes(b1));
        TVector c7 = TLanes.Min(b7, TLanes.SwapLanes(b0));
        Order(ref c0, ref c4);
        Order(ref c1, ref c5);
        Order(ref c2, ref c6);
        Order(ref c3, ref c7);
        Order(ref c0, ref c2);
        Order(ref c1, ref c3);
        Order(ref c4, ref c6);
        Order(ref c5, ref c7);
        Order(ref c0, ref c1);
        Order(ref c2, ref c3);
        Order(ref c4, ref c5);
        Order(ref c6, ref c7);
        TVector sum = TLanes.Add(
            TLanes.Add(
                TLanes.Add(Least(c0, c7), Least(c1, c6)), TLanes.Add(Least(c2, c5), Least(c3, c4))),
            TLanes.Add(
                TLanes.Add(Least(c4, c3), Least(c5, c2)), TLanes.Add(Least(c6, c1), Least(c7, c0))));

        Span<ushort> stored = stackalloc ushort[Stage1Block.Line];
        TLanes.Store(sum, ref MemoryMarshal.GetReference(stored));
        for (int template = 0; template < TLanes.Lanes / Quad; template++)
        {
            distances[template] = stored[template * Quad];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Order(ref TVector less, ref TVector more)
    {
        TVector held = less;
        less = TLanes.Min(held, more);
        more = TLanes.Max(held, more);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Least(TVector a, TVector fromEnd) => TLanes.Min(a, TLanes.SwapPairs(fromEnd));

    /// <summary>The least weighted difference in each lane over a range of quads.</summary>
    [MethodImpl(HotLoop.Root)]
    private static TVector NearestSlots(
        ref readonly ushort lanes, ref readonly uint line, QuadRange range, TVector limit)
    {
        TVector a0 = Word(in line, 0);
        TVector a1 = Word(in line, 1);
        TVector a2 = Word(in line, 2);
        TVector a3 = Word(in line, 3);
        TVector a4 = Word(in line, 4);
        TVector a5 = Word(in line, 5);
        TVector a6 = Word(in line, 6);
        TVector a7 = Word(in line, 7);
        TVector a8 = Word(in line, 8);
        TVector a9 = Word(in line, 9);
        TVector a10 = Word(in line, 10);
        TVector a11 = Word(in line, 11);
        TVector a12 = Word(in line, 12);
        TVector a13 = Word(in line, 13);
        TVector a14 = Word(in line, 14);
        TVector angle = Word(in line, Stage1Probe.AngleAt);
        TVector window = TLanes.Broadcast(2 * Stage1Parameters.DirectionWindow);
        TVector least = limit;
        int quad = range.First;
        for (int left = range.Count; left > 0; left--)
        {
            ref readonly ushort b = ref Unsafe.Add(ref Unsafe.AsRef(in lanes), quad * Stage1Block.QuadLength);

            // Three differences at a time, so that few vectors are alive at once.
            TVector x = Differing(a0, in b, 0);
            TVector y = Differing(a1, in b, 1);
            TVector z = Differing(a2, in b, 2);
            TVector twos0 = TLanes.Carry(x, y, z);
            TVector ones = TLanes.Sum(x, y, z);
            x = Differing(a3, in b, 3);
            y = Differing(a4, in b, 4);
            TVector twos1 = TLanes.Carry(ones, x, y);
            ones = TLanes.Sum(ones, x, y);
            x = Differing(a5, in b, 5);
            y = Differing(a6, in b, 6);
            TVector twos2 = TLanes.Carry(ones, x, y);
            ones = TLanes.Sum(ones, x, y);
            TVector fours0 = TLanes.Carry(twos0, twos1, twos2);
            TVector twos = TLanes.Sum(twos0, twos1, twos2);
            x = Differing(a7, in b, 7);
            y = Differing(a8, in b, 8);
            twos0 = TLanes.Carry(ones, x, y);
            ones = TLanes.Sum(ones, x, y);
            x = Differing(a9, in b, 9);
            y = Differing(a10, in b, 10);
            twos1 = TLanes.Carry(ones, x, y);
            ones = TLanes.Sum(ones, x, y);
            TVector fours1 = TLanes.Carry(twos, twos0, twos1);
            twos = TLanes.Sum(twos, twos0, twos1);
            x = Differing(a11, in b, 11);
            y = Differing(a12, in b, 12);
            twos0 = TLanes.Carry(ones, x, y);
            ones = TLanes.Sum(ones, x, y);
            x = Differing(a13, in b, 13);
            y = Differing(a14, in b, 14);
            twos1 = TLanes.Carry(ones, x, y);
            ones = TLanes.Sum(ones, x, y);
            TVector fours2 = TLanes.Carry(twos, twos0, twos1);
            twos = TLanes.Sum(twos, twos0, twos1);
            TVector eights = TLanes.Carry(fours0, fours1, fours2);
            TVector fours = TLanes.Sum(fours0, fours1, fours2);

            TVector weighted = TLanes.Product(
                TLanes.Count(ones, twos, fours, eights),
                TLanes.Load(in b, Stage1Block.WeightLine * Stage1Block.Line));
            least = TLanes.LeastNear(
                least, weighted, angle, TLanes.Load(in b, Stage1Block.AngleLine * Stage1Block.Line), window);
            quad = quad + 1 == Stage1Block.Quads ? 0 : quad + 1;
        }

        return least;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Differing(TVector a, ref readonly ushort b, nuint line) =>
        TLanes.Differing(a, TLanes.Load(in b, line * Stage1Block.Line));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Word(ref readonly uint line, int word) =>
        TLanes.Twos(Unsafe.Add(ref Unsafe.AsRef(in line), word));

    [InlineArray(Quad)]
    private struct Four
    {
        private TVector first;
    }
}
