using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Prepares a tile of a block for any probe. Let A be the lanes that are valid and differ from a 0 at a bit,
/// and B the lanes that differ from a 1. For three bits, the sums of every choice of A or B are computed,
/// once for all probes and rotations.
/// </summary>
/// <remarks>
/// A gallery is larger than the caches, and the rotations of one probe take too little time to hide the latency of
/// memory. So while a tile is made, which is mostly writing, the planes of the next tile are fetched into the
/// second-level cache, where the CPU has an instruction for that.
/// </remarks>
internal static unsafe class BlockExpansion<TLanes, TVector>
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    /// <param name="block">The gallery's eyes.</param>
    /// <param name="lanes">Byte offset of the lanes inside a plane.</param>
    /// <param name="tile">Number of the tile in the code.</param>
    /// <param name="plan">The plan of the probes.</param>
    /// <param name="coming">The block whose planes are wanted next; null where that is not known.</param>
    /// <param name="comingTile">Number of the tile that is wanted next.</param>
    /// <param name="to">Where the tile's planes go; the zeros are written too.</param>
    [MethodImpl(HotLoop.Root)]
    public static void Tile(
        IrisBlock block, int lanes, int tile, ExpansionPlan plan, IrisBlock? coming, int comingTile, byte* to)
    {
        BlockLayout layout = plan.Layout;
        byte* planes = block.Planes + lanes;
        int groups = layout.WholeGroups;
        int* pairs = plan.PairsOf(tile);
        bool fetches = Sse.IsSupported && coming is not null && lanes == 0;
        byte* ahead = fetches ? coming!.Planes : planes;
        int* own = plan.PlanesOf(tile);
        int* next = plan.PlanesOf(comingTile);
        for (int group = 0; group < groups; group++, pairs += BlockLayout.Patterns)
        {
            (TVector a0, TVector b0) = Load(block, planes, own[0]);
            (TVector a1, TVector b1) = Load(block, planes, own[1]);
            (TVector a2, TVector b2) = Load(block, planes, own[2]);
            own += BlockLayout.GroupBits;
            for (int* end = next + BlockLayout.GroupBits; fetches && next < end; next++)
            {
                Sse.Prefetch1(ahead + (*next * IrisBlock.PlaneBytes));
                Sse.Prefetch1(ahead + coming!.MaskOffset(*next));
            }

            Pair(to + pairs[0], a0, a1, a2);
            Pair(to + pairs[1], b0, a1, a2);
            Pair(to + pairs[2], a0, b1, a2);
            Pair(to + pairs[3], b0, b1, a2);
            Pair(to + pairs[4], a0, a1, b2);
            Pair(to + pairs[5], b0, a1, b2);
            Pair(to + pairs[6], a0, b1, b2);
            Pair(to + pairs[7], b0, b1, b2);
        }

        foreach ((int plane, int at) in plan.Zeros(tile))
        {
            TLanes.Store(to + at, Load(block, planes, plane).A);
        }

        foreach ((int plane, int at) in plan.Ones(tile))
        {
            TLanes.Store(to + at, Load(block, planes, plane).B);
        }

        TLanes.Store(to + (layout.Zero * sizeof(TVector)), default);
        TLanes.Store(to + ((layout.Zero + 1) * sizeof(TVector)), default);
    }

    /// <summary>A block's code is 0 wherever it is not valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector A, TVector B) Load(IrisBlock block, byte* planes, int plane)
    {
        TVector code = TLanes.Load(planes + (plane * IrisBlock.PlaneBytes));
        TVector mask = TLanes.Load(planes + block.MaskOffset(plane));
        return (code, TLanes.AndNot(mask, code));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(byte* to, TVector x, TVector y, TVector z)
    {
        TVector sum = TLanes.Sum(x, y, z);
        TLanes.Store(to, sum);
        TLanes.Store(to + sizeof(TVector), TLanes.Carry(y, z, sum));
    }
}
