using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Prepares units of a block for any probe: with A the lanes that are valid and differ from a 0 at a bit, and B those
/// that differ from a 1, the sums of every choice of A or B over three bits. Done once for all probes and rotations.
/// </summary>
internal static unsafe class BlockExpansion<TLanes, TVector>
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    /// <param name="block">The gallery's eyes.</param>
    /// <param name="lanes">Byte offset of the lanes inside a plane.</param>
    /// <param name="unit">The columns of one step.</param>
    /// <param name="layout">Of the block's shape.</param>
    /// <param name="singles">By three of this unit, whether single planes of it are read.</param>
    /// <param name="to">Where the unit's planes go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unit(
        IrisBlock block, int lanes, int unit, BlockLayout layout, ReadOnlySpan<bool> singles, byte* to)
    {
        byte* planes = block.Planes + lanes;
        int firstBit = unit * layout.UnitBits;
        for (int group = 0; group < layout.Groups; group++)
        {
            ReadOnlySpan<int> bits = layout.Offsets.Slice(group * BlockLayout.GroupBits, layout.BitsOf(group));
            bool whole = group < layout.WholeGroups;
            if (whole)
            {
                (TVector a0, TVector b0) = Load(block, planes, firstBit + bits[0]);
                (TVector a1, TVector b1) = Load(block, planes, firstBit + bits[1]);
                (TVector a2, TVector b2) = Load(block, planes, firstBit + bits[2]);
                byte* pair = to + (BlockLayout.Pair(group, 0) * sizeof(TVector));
                Pair(pair, 0, a0, a1, a2);
                Pair(pair, 1, b0, a1, a2);
                Pair(pair, 2, a0, b1, a2);
                Pair(pair, 3, b0, b1, a2);
                Pair(pair, 4, a0, a1, b2);
                Pair(pair, 5, b0, a1, b2);
                Pair(pair, 6, a0, b1, b2);
                Pair(pair, 7, b0, b1, b2);
            }

            if (!whole || singles[group])
            {
                for (int k = 0; k < bits.Length; k++)
                {
                    (TVector a, TVector b) = Load(block, planes, firstBit + bits[k]);
                    byte* single = to + (layout.Single((group * BlockLayout.GroupBits) + k, 0) * sizeof(TVector));
                    TLanes.Store(single, a);
                    TLanes.Store(single + sizeof(TVector), b);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector A, TVector B) Load(IrisBlock block, byte* planes, int bit)
    {
        TVector code = TLanes.Load(planes + (bit * IrisBlock.PlaneBytes));
        TVector mask = TLanes.Load(planes + block.MaskOffset(bit));
        return (TLanes.And(code, mask), TLanes.AndNot(mask, code));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(byte* pairs, int pattern, TVector x, TVector y, TVector z)
    {
        TVector sum = TLanes.Sum(x, y, z);
        TLanes.Store(pairs + (pattern * 2 * sizeof(TVector)), sum);
        TLanes.Store(pairs + (((pattern * 2) + 1) * sizeof(TVector)), TLanes.Carry(y, z, sum));
    }
}
