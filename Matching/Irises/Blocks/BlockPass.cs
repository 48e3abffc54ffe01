using System.Numerics;
using System.Runtime.Intrinsics;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Shows a block of 512 eyes to some probes and finds for each the lanes that its bound lets through. Equal to <see
/// cref="BlockReference"/> lane by lane, whatever the width.
/// </summary>
/// <remarks>
/// By tiles of units, so that what is expanded stays in the second-level cache: every probe and rotation adds the
/// tile's planes to its own total there. Then each total is compared with the bounds, all lanes at once, and the lanes
/// of every rotation are joined. Nothing is read twice and nothing branches on what a code holds.
/// </remarks>
internal static unsafe class BlockPass
{
    /// <summary>Probes in one pass; a larger batch takes several. Their totals share the cache with a tile.</summary>
    public const int MostProbes = 8;

    /// <summary>Words of one probe's answer.</summary>
    public const int Words = IrisBlock.Lanes / 64;

    /// <summary>Bytes of a plane of the scratch at the widest level of this CPU.</summary>
    public static int WidestPlaneBytes => PlaneBytes(BitCountings.WidestLanes);

    public static int PlaneBytes(BitCounting width) => width switch
    {
        BitCounting.Vector512 => 64,
        BitCounting.Vector256 => 32,
        BitCounting.Vector128 => 16,
        _ => 8,
    };

    /// <summary>One pass.</summary>
    /// <param name="block">The eyes.</param>
    /// <param name="batch">Probes of the block's shape, prepared for the width.</param>
    /// <param name="bounds">One a probe; null where nothing is asked for it.</param>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="width">At most what the CPU has.</param>
    /// <param name="reached"><see cref="Words"/> a probe, one bit a lane.</param>
    /// <exception cref="PlatformNotSupportedException">This CPU does not have the width.</exception>
    public static void Run(
        IrisBlock block, BlockProbes batch, ReadOnlySpan<IrisBound?> bounds, BlockScratch scratch,
        BitCounting width, Span<ulong> reached)
    {
        switch (width)
        {
            case BitCounting.Vector512 when Lanes512.IsSupported:
                Run<Lanes512, Vector512<ulong>>(block, batch, bounds, scratch, reached);
                break;
            case BitCounting.Vector256 when Lanes256.IsSupported:
                Run<Lanes256, Vector256<ulong>>(block, batch, bounds, scratch, reached);
                break;
            case BitCounting.Vector128 when Lanes128.IsSupported:
                Run<Lanes128, Vector128<ulong>>(block, batch, bounds, scratch, reached);
                break;
            case BitCounting.Scalar:
                Run<LanesScalar, ulong>(block, batch, bounds, scratch, reached);
                break;
            default:
                throw new PlatformNotSupportedException($"this CPU has no {width}");
        }
    }

    private static void Run<TLanes, TVector>(
        IrisBlock block, BlockProbes batch, ReadOnlySpan<IrisBound?> bounds, BlockScratch scratch,
        Span<ulong> reached)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        if (batch.Shape != block.Shape)
        {
            throw new ArgumentException($"found probes of shape {batch.Shape}, wanted {block.Shape}");
        }

        ReadOnlySpan<PlaneLists> probes = batch.Probes;
        int turns = (2 * batch.Rotations) + 1;
        BlockLayout layout = batch.Layout;
        ReadOnlySpan<bool> singles = batch.Singles;
        int tile = TileLists.UnitsOf(layout, sizeof(TVector));
        int planes = PlanesOf(block.Shape);
        int unitBytes = layout.PlanesPerUnit * sizeof(TVector);
        int total = planes * sizeof(TVector);
        int boundBytes = (planes + 1) * IrisBlock.PlaneBytes;

        byte* bound = scratch.Take(
            (boundBytes * probes.Length) + (tile * unitBytes) + (2 * sizeof(TVector))
            + (total * probes.Length * turns));
        byte* expanded = bound + (boundBytes * probes.Length);
        byte* zero = expanded + (tile * unitBytes);
        byte* totals = zero + (2 * sizeof(TVector));
        TLanes.Store(zero, default);
        TLanes.Store(zero + sizeof(TVector), default);
        reached[..(probes.Length * Words)].Clear();
        uint asked = 0;
        Span<(int First, int Turned)> starts = stackalloc (int, int)[turns];
        for (int turn = 0; turn < turns; turn++)
        {
            starts[turn] = probes[0].Tiles.Turn(turn - batch.Rotations);
        }

        for (int i = 0; i < probes.Length; i++)
        {
            byte* own = bound + (i * boundBytes);
            if (bounds[i] is { } limit && BoundPlanes.Write(
                block, limit, own, planes, (ulong*)(own + (planes * IrisBlock.PlaneBytes))))
            {
                asked |= 1u << i;
            }
        }

        for (int lanes = 0; lanes < IrisBlock.PlaneBytes && asked != 0; lanes += sizeof(TVector))
        {
            for (int first = 0; first < layout.Units; first += tile)
            {
                for (int i = 0; i < tile; i++)
                {
                    BlockExpansion<TLanes, TVector>.Unit(
                        block, lanes, first + i, layout, singles.Slice((first + i) * layout.Groups, layout.Groups),
                        expanded + (i * unitBytes));
                }

                byte* own = totals;
                for (int i = 0; i < probes.Length; i++)
                {
                    TileLists lists = probes[i].Tiles;
                    for (int turn = 0; turn < turns && (asked >> i & 1) != 0; turn++)
                    {
                        TileLists.Section section = lists.At(starts[turn], first);
                        TileCounter<TLanes, TVector>.Add(
                            expanded, section.Pair, section.Pairs, section.Single, section.Singles,
                            own + (turn * total), planes, first == 0);
                    }

                    own += turns * total;
                }
            }

            for (int i = 0; i < probes.Length * turns; i++)
            {
                int probe = i / turns;
                if ((asked >> probe & 1) != 0)
                {
                    Join<TLanes, TVector>(
                        totals + (i * total), bound + (probe * boundBytes) + lanes, planes,
                        reached.Slice((probe * Words) + (lanes / sizeof(ulong)), sizeof(TVector) / sizeof(ulong)));
                }
            }
        }

        GC.KeepAlive(block);
        GC.KeepAlive(batch);
        GC.KeepAlive(scratch);
    }

    /// <summary>Adds the lanes whose total is not above their bound.</summary>
    private static void Join<TLanes, TVector>(byte* total, byte* bound, int planes, Span<ulong> reached)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector borrow = default;
        for (int plane = 0; plane < planes; plane++)
        {
            borrow = TLanes.Borrow(
                TLanes.Load(bound + (plane * IrisBlock.PlaneBytes)), TLanes.Load(total + (plane * sizeof(TVector))),
                borrow);
        }

        fixed (ulong* words = reached)
        {
            TVector reachable = TLanes.Load(bound + (planes * IrisBlock.PlaneBytes));
            TVector lanes = TLanes.Or(TLanes.Load((byte*)words), TLanes.AndNot(reachable, borrow));
            TLanes.Store((byte*)words, lanes);
        }
    }

    /// <summary>Digits of a count of every bit of a code.</summary>
    internal static int PlanesOf(IrisShape shape) => Math.Max(
        PlaneCounter<LanesScalar, ulong>.Planes, 32 - BitOperations.LeadingZeroCount((uint)shape.Bits));
}
