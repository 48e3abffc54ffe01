using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// The first stage of a fast search: shows the sampled bits of a block of 512 eyes to some probes and finds, for each
/// rotation by itself, the lanes that may lie within the bound. Equal to <see cref="SampleReference"/> lane by lane,
/// whatever the width.
/// </summary>
/// <remarks>
/// The counts of differing bits are made as in <see cref="BlockPass"/>, of a quarter of the bits of D2048 (and fewer of
/// larger codes). The limit is no constant of a lane as there, since how many bits are valid in both codes changes
/// by rotation; it is counted on mask planes, once for three rotations, and compared by a borrow chain.
/// </remarks>
internal static unsafe class SamplePass
{
    private const int Words = BlockPass.Words;

    /// <summary>Runs one pass over a block.</summary>
    /// <param name="block">The eyes.</param>
    /// <param name="next">The block that will be run next, if known: its first planes are fetched meanwhile.</param>
    /// <param name="batch">Probes of the block's shape at the sample's step, prepared for the width.</param>
    /// <param name="masks">One a probe; null where nothing is asked for it.</param>
    /// <param name="bounds">One a probe; read where there are masks.</param>
    /// <param name="spread">The bits in the order of <see cref="SampleBits"/>.</param>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="width">The width of vectors, at most what the CPU has.</param>
    /// <param name="reached">
    /// <see cref="BlockPass.Words"/> a rotation, from the farthest to one side to the other, probe by probe.
    /// </param>
    /// <exception cref="PlatformNotSupportedException">This CPU does not have the width.</exception>
    public static void Run(
        IrisBlock block, IrisBlock? next, BlockProbes batch, ReadOnlySpan<MaskLists?> masks,
        ReadOnlySpan<SampleBound?> bounds, ReadOnlySpan<int> spread, BlockScratch scratch, BitCounting width,
        Span<ulong> reached)
    {
        switch (width)
        {
            case BitCounting.Vector512 when Lanes512.IsSupported:
                Run<Lanes512, Vector512<ulong>>(block, next, batch, masks, bounds, spread, scratch, reached);
                break;
            case BitCounting.Vector256 when Lanes256.IsSupported:
                Run<Lanes256, Vector256<ulong>>(block, next, batch, masks, bounds, spread, scratch, reached);
                break;
            case BitCounting.Vector128 when Lanes128.IsSupported:
                Run<Lanes128, Vector128<ulong>>(block, next, batch, masks, bounds, spread, scratch, reached);
                break;
            case BitCounting.Scalar:
                Run<LanesScalar, ulong>(block, next, batch, masks, bounds, spread, scratch, reached);
                break;
            default:
                throw new PlatformNotSupportedException($"this CPU has no {width}");
        }
    }

    [MethodImpl(HotLoop.Root)]
    private static void Run<TLanes, TVector>(
        IrisBlock block, IrisBlock? next, BlockProbes batch, ReadOnlySpan<MaskLists?> masks,
        ReadOnlySpan<SampleBound?> bounds, ReadOnlySpan<int> spread, BlockScratch scratch, Span<ulong> reached)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        BlockLayout layout = batch.Layout;
        if (layout.Shape != block.Shape || layout.Step != SampleBound.StepOf(block.Shape)
            || layout.PlaneBytes != sizeof(TVector))
        {
            throw new ArgumentException(
                $"found probes of shape {layout.Shape}, step {layout.Step}, {layout.PlaneBytes} bytes a plane, wanted "
                + $"{block.Shape}, {SampleBound.StepOf(block.Shape)}, {sizeof(TVector)}");
        }

        ReadOnlySpan<TileLists?> probes = batch.Probes;
        int turns = (2 * batch.Rotations) + 1;
        int planes = BlockPass.DigitsOf(layout);
        int most = 0;
        for (int i = 0; i < probes.Length; i++)
        {
            most = Math.Max(most, masks[i]?.Count ?? 0);
        }

        byte* expanded = scratch.Take(
            (layout.Tiles * layout.TileBytes)
            + ((1 + most + ((1 + MaskLists.TurnsPerCount) * planes)) * sizeof(TVector)));
        byte* valid = expanded + (layout.Tiles * layout.TileBytes);
        byte* limit = valid + ((1 + most) * sizeof(TVector));
        byte* totals = limit + (planes * sizeof(TVector));
        ReadOnlySpan<int> order = PlaneOrder.Of(block.Shape);
        reached[..(probes.Length * turns * Words)].Clear();
        fixed (ulong* words = reached)
        {
            for (int lanes = 0; lanes < IrisBlock.PlaneBytes && most > 0; lanes += sizeof(TVector))
            {
                for (int tile = 0; tile < layout.Tiles; tile++)
                {
                    BlockExpansion<TLanes, TVector>.Tile(
                        block, lanes, tile, batch.Plan, next, tile, expanded + (tile * layout.TileBytes));
                }

                TLanes.Store(valid, default);
                for (int i = 0; i < most; i++)
                {
                    TLanes.Store(
                        valid + ((1 + i) * sizeof(TVector)),
                        TLanes.Load(block.Planes + block.MaskOffset(order[spread[i]]) + lanes));
                }

                for (int i = 0; i < probes.Length; i++)
                {
                    if (masks[i] is not { } lists)
                    {
                        continue;
                    }

                    for (int turn = 0; turn < turns; turn += MaskLists.TurnsPerCount)
                    {
                        int count = Math.Min(MaskLists.TurnsPerCount, turns - turn);
                        TileCounter<TLanes, TVector>.Count(
                            valid, lists.Of(turn / MaskLists.TurnsPerCount), limit, planes);
                        for (int tile = 0; tile < layout.Tiles; tile++)
                        {
                            TileCounter<TLanes, TVector>.Add(
                                expanded + (tile * layout.TileBytes), probes[i]!,
                                probes[i]!.ColumnOn(tile, turn - batch.Rotations), count, totals, planes, tile == 0);
                        }

                        for (int k = 0; k < count; k++)
                        {
                            TLanes.Store(
                                (byte*)(words + (((i * turns) + turn + k) * Words)) + lanes,
                                Within<TLanes, TVector>(totals + (k * planes * sizeof(TVector)), limit, planes));
                        }
                    }
                }
            }
        }

        KeepComparable(block, bounds, masks, turns, reached);
        GC.KeepAlive(block);
        GC.KeepAlive(next);
        GC.KeepAlive(batch);
        GC.KeepAlive(scratch);
    }

    /// <summary>The lanes where half the total is not above the limit.</summary>
    [MethodImpl(HotLoop.Root)]
    private static TVector Within<TLanes, TVector>(byte* total, byte* limit, int planes)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector borrow = default;
        for (int plane = 1; plane < planes; plane++)
        {
            borrow = TLanes.Borrow(
                TLanes.Load(limit + ((plane - 1) * sizeof(TVector))), TLanes.Load(total + (plane * sizeof(TVector))),
                borrow);
        }

        return TLanes.AndNot(TLanes.Ones, borrow);
    }

    /// <summary>Leaves out the lanes whose mask is too thin, and those of no eye.</summary>
    private static void KeepComparable(
        IrisBlock block, ReadOnlySpan<SampleBound?> bounds, ReadOnlySpan<MaskLists?> masks, int turns,
        Span<ulong> reached)
    {
        Span<ulong> comparable = stackalloc ulong[Words];
        for (int i = 0; i < masks.Length; i++)
        {
            if (masks[i] is null)
            {
                continue;
            }

            block.LanesWith(bounds[i]!.LeastValid, comparable);
            Span<ulong> own = reached.Slice(i * turns * Words, turns * Words);
            for (int word = 0; word < own.Length; word++)
            {
                own[word] &= comparable[word % Words];
            }
        }
    }
}
