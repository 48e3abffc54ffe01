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
/// is 32 lanes: about 70 instructions, so 2.2 a cylinder pair.
/// </remarks>
internal static class Stage1Kernel<TLanes, TVector>
    where TLanes : struct, ISlotLanes<TVector>
    where TVector : struct
{
    /// <summary>Distances of one probe from the eight templates of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="probe">The probe.</param>
    /// <param name="distances">Receives one distance a template.</param>
    public static void Distances(ReadOnlySpan<ushort> block, Stage1Probe probe, Span<ushort> distances)
    {
        Span<QuadRange> ranges = stackalloc QuadRange[Stage1Parameters.ProbeCylinders];
        ranges = ranges[..QuadRange.Fill(block, probe, ranges)];
        for (int lane = 0; lane < Stage1Block.Line; lane += TLanes.Lanes)
        {
            Group(
                in block[Stage1Block.HeaderLength + lane],
                probe.Cylinders,
                ranges,
                distances[(lane / Stage1Parameters.QuadSlots)..]);
        }
    }

    private static void Group(
        ref readonly ushort lanes,
        ReadOnlySpan<Stage1Cylinder> cylinders,
        ReadOnlySpan<QuadRange> ranges,
        Span<ushort> distances)
    {
        Nearest best = default;
        Span<TVector> order = best;
        order.Fill(TLanes.Broadcast(Stage1Parameters.CylinderLimit));
        TVector slotLimit = TLanes.Broadcast(Stage1Parameters.SlotLimit);
        TVector cylinderLimit = TLanes.Broadcast(Stage1Parameters.CylinderLimit);
        for (int i = 0; i < ranges.Length; i++)
        {
            ref readonly Stage1Cylinder cylinder = ref cylinders[i];
            TVector slot = TLanes.LeastOfFour(NearestSlots(in lanes, in cylinder, ranges[i], slotLimit));
            TVector distance = TLanes.Min(
                TLanes.Product(TLanes.Scale64(slot), TLanes.Broadcast(cylinder.Weight)), cylinderLimit);
            for (int k = 0; k < Stage1Parameters.Best; k++)
            {
                TVector held = best[k];
                best[k] = TLanes.Min(held, distance);
                distance = TLanes.Max(held, distance);
            }
        }

        TVector sum = best[0];
        for (int k = 1; k < Stage1Parameters.Best; k++)
        {
            sum = TLanes.Add(sum, best[k]);
        }

        Span<ushort> stored = stackalloc ushort[Stage1Block.Line];
        TLanes.Store(sum, ref MemoryMarshal.GetReference(stored));
        for (int template = 0; template < TLanes.Lanes / Stage1Parameters.QuadSlots; template++)
        {
            distances[template] = stored[template * Stage1Parameters.QuadSlots];
        }
    }

    /// <summary>The least weighted difference in each lane over a range of quads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector NearestSlots(
        ref readonly ushort lanes, ref readonly Stage1Cylinder cylinder, QuadRange range, TVector limit)
    {
        TVector a0 = TLanes.Broadcast(cylinder[0]);
        TVector a1 = TLanes.Broadcast(cylinder[1]);
        TVector a2 = TLanes.Broadcast(cylinder[2]);
        TVector a3 = TLanes.Broadcast(cylinder[3]);
        TVector a4 = TLanes.Broadcast(cylinder[4]);
        TVector a5 = TLanes.Broadcast(cylinder[5]);
        TVector a6 = TLanes.Broadcast(cylinder[6]);
        TVector a7 = TLanes.Broadcast(cylinder[7]);
        TVector a8 = TLanes.Broadcast(cylinder[8]);
        TVector a9 = TLanes.Broadcast(cylinder[9]);
        TVector a10 = TLanes.Broadcast(cylinder[10]);
        TVector a11 = TLanes.Broadcast(cylinder[11]);
        TVector a12 = TLanes.Broadcast(cylinder[12]);
        TVector a13 = TLanes.Broadcast(cylinder[13]);
        TVector a14 = TLanes.Broadcast(cylinder[14]);
        TVector angle = TLanes.Broadcast((ushort)(cylinder.Angle + Stage1Parameters.DirectionWindow));
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

    [InlineArray(Stage1Parameters.Best)]
    private struct Nearest
    {
        private TVector first;
    }
}
