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

    /// <summary>One pass.</summary>
    /// <param name="block">The eyes.</param>
    /// <param name="batch">Probes of the block's shape at the sample's step, prepared for the width.</param>
    /// <param name="masks">One a probe; null where nothing is asked for it.</param>
    /// <param name="bounds">One a probe; read where there are masks.</param>
    /// <param name="spread">Of <see cref="SampleBits"/>.</param>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="width">At most what the CPU has.</param>
    /// <param name="reached">
    /// <see cref="BlockPass.Words"/> a rotation, from the farthest to one side to the other, probe by probe.
    /// </param>
    /// <exception cref="PlatformNotSupportedException">This CPU does not have the width.</exception>
    public static void Run(
        IrisBlock block, BlockProbes batch, ReadOnlySpan<MaskLists?> masks, ReadOnlySpan<SampleBound?> bounds,
        ReadOnlySpan<int> spread, BlockScratch scratch, BitCounting width, Span<ulong> reached)
    {
        switch (width)
        {
            case BitCounting.Vector512 when Lanes512.IsSupported:
                Run<Lanes512, Vector512<ulong>>(block, batch, masks, bounds, spread, scratch, reached);
                break;
            case BitCounting.Vector256 when Lanes256.IsSupported:
                Run<Lanes256, Vector256<ulong>>(block, batch, masks, bounds, spread, scratch, reached);
                break;
            case BitCounting.Vector128 when Lanes128.IsSupported:
                Run<Lanes128, Vector128<ulong>>(block, batch, masks, bounds, spread, scratch, reached);
                break;
            case BitCounting.Scalar:
                Run<LanesScalar, ulong>(block, batch, masks, bounds, spread, scratch, reached);
                break;
            default:
                throw new PlatformNotSupportedException($"this CPU has no {width}");
        }
    }

    private static void Run<TLanes, TVector>(
        IrisBlock block, BlockProbes batch, ReadOnlySpan<MaskLists?> masks, ReadOnlySpan<SampleBound?> bounds,
        ReadOnlySpan<int> spread, BlockScratch scratch, Span<ulong> reached)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        if (batch.Shape != block.Shape || batch.Step != SampleBound.StepOf(block.Shape))
        {
            throw new ArgumentException(
                $"found probes of shape {batch.Shape}, step {batch.Step}, wanted {block.Shape}, "
                + $"{SampleBound.StepOf(block.Shape)}");
        }

        BlockLayout layout = batch.Layout;
        ReadOnlySpan<PlaneLists> probes = batch.Probes;
        int turns = (2 * batch.Rotations) + 1;
        int planes = BlockPass.PlanesOf(block.Shape);
        int unitBytes = layout.PlanesPerUnit * sizeof(TVector);
        int most = 0;
        for (int i = 0; i < probes.Length; i++)
        {
            most = Math.Max(most, masks[i]?.Count ?? 0);
        }

        byte* expanded = scratch.Take((layout.Units * unitBytes) + ((most + 2 + (2 * planes)) * sizeof(TVector)));
        byte* zero = expanded + (layout.Units * unitBytes);
        byte* valid = zero + (2 * sizeof(TVector));
        byte* limit = valid + (most * sizeof(TVector));
        byte* total = limit + (planes * sizeof(TVector));
        TLanes.Store(zero, default);
        TLanes.Store(zero + sizeof(TVector), default);
        reached[..(probes.Length * turns * Words)].Clear();
        fixed (ulong* words = reached)
        {
            for (int lanes = 0; lanes < IrisBlock.PlaneBytes && most > 0; lanes += sizeof(TVector))
            {
                for (int unit = 0; unit < layout.Units; unit++)
                {
                    BlockExpansion<TLanes, TVector>.Unit(
                        block, lanes, unit, layout, batch.Singles.Slice(unit * layout.Groups, layout.Groups),
                        expanded + (unit * unitBytes));
                }

                for (int i = 0; i < most; i++)
                {
                    TLanes.Store(
                        valid + (i * sizeof(TVector)),
                        TLanes.Load(block.Planes + block.MaskOffset(spread[i]) + lanes));
                }

                for (int i = 0; i < probes.Length; i++)
                {
                    if (masks[i] is not { } lists)
                    {
                        continue;
                    }

                    for (int turn = 0; turn < turns; turn++)
                    {
                        if (turn % MaskLists.TurnsPerCount == 0)
                        {
                            PlaneCounter<TLanes, TVector>.Add(
                                valid, new PlaneLists.Section([], lists.Of(turn / MaskLists.TurnsPerCount)),
                                (int)(zero - valid), limit, planes);
                        }

                        PlaneLists.Section section = probes[i].At(
                            turn - batch.Rotations, 0, layout.Units, out int shift);
                        PlaneCounter<TLanes, TVector>.Add(
                            expanded - (shift * unitBytes), section, (int)(zero - expanded) + (shift * unitBytes),
                            total, planes);
                        TLanes.Store(
                            (byte*)(words + (((i * turns) + turn) * Words)) + lanes,
                            Within<TLanes, TVector>(total, limit, planes));
                    }
                }
            }
        }

        KeepComparable(block, bounds, masks, turns, reached);
        GC.KeepAlive(block);
        GC.KeepAlive(scratch);
    }

    /// <summary>The lanes where half the total is not above the limit.</summary>
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
