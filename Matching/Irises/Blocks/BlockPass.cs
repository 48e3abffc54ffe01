using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Shows a block of 512 eyes to some probes and finds for each the lanes that its bound lets through. Equal to <see
/// cref="BlockReference"/> lane by lane, whatever the width.
/// </summary>
/// <remarks>
/// By tiles of columns, so that what is expanded stays in the second-level cache: every probe and rotation adds the
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

    /// <summary>Runs one pass over a block.</summary>
    /// <param name="block">The eyes.</param>
    /// <param name="next">The block that will be run next, if known: its first planes are fetched meanwhile.</param>
    /// <param name="batch">Probes of the block's shape, prepared for the width.</param>
    /// <param name="bounds">One a probe; null where nothing is asked for it.</param>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="width">The width of vectors, at most what the CPU has.</param>
    /// <param name="reached"><see cref="Words"/> a probe, one bit a lane.</param>
    /// <exception cref="PlatformNotSupportedException">This CPU does not have the width.</exception>
    public static void Run(
        IrisBlock block, IrisBlock? next, BlockProbes batch, ReadOnlySpan<IrisBound?> bounds, BlockScratch scratch,
        BitCounting width, Span<ulong> reached)
    {
        switch (width)
        {
            case BitCounting.Vector512 when Lanes512.IsSupported:
                Run<Lanes512, Vector512<ulong>>(block, next, batch, bounds, scratch, reached);
                break;
            case BitCounting.Vector256 when Lanes256.IsSupported:
                Run<Lanes256, Vector256<ulong>>(block, next, batch, bounds, scratch, reached);
                break;
            case BitCounting.Vector128 when Lanes128.IsSupported:
                Run<Lanes128, Vector128<ulong>>(block, next, batch, bounds, scratch, reached);
                break;
            case BitCounting.Scalar:
                Run<LanesScalar, ulong>(block, next, batch, bounds, scratch, reached);
                break;
            default:
                throw new PlatformNotSupportedException($"this CPU has no {width}");
        }
    }

    [MethodImpl(HotLoop.Root)]
    private static void Run<TLanes, TVector>(
        IrisBlock block, IrisBlock? next, BlockProbes batch, ReadOnlySpan<IrisBound?> bounds, BlockScratch scratch,
        Span<ulong> reached)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        if (batch.Layout.Shape != block.Shape || batch.Layout.PlaneBytes != sizeof(TVector))
        {
            throw new ArgumentException(
                $"found probes of shape {batch.Layout.Shape}, {batch.Layout.PlaneBytes} bytes a plane, wanted "
                + $"{block.Shape}, {sizeof(TVector)}");
        }

        ReadOnlySpan<TileLists?> probes = batch.Probes;
        int turns = (2 * batch.Rotations) + 1;
        BlockLayout layout = batch.Layout;
        int planes = DigitsOf(layout);
        int total = planes * sizeof(TVector);
        int boundBytes = (planes + 1) * IrisBlock.PlaneBytes;

        byte* bound = scratch.Take(
            (boundBytes * probes.Length) + layout.TileBytes + (total * probes.Length * turns));
        byte* expanded = bound + (boundBytes * probes.Length);
        byte* totals = expanded + layout.TileBytes;
        reached[..(probes.Length * Words)].Clear();
        uint asked = 0;
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
            for (int tile = 0; tile < layout.Tiles; tile++)
            {
                bool isLast = tile + 1 == layout.Tiles;
                BlockExpansion<TLanes, TVector>.Tile(
                    block, lanes, tile, batch.Plan, isLast ? next : block, isLast ? 0 : tile + 1, expanded);
                for (int i = 0; i < probes.Length; i++)
                {
                    if ((asked >> i & 1) != 0)
                    {
                        TileCounter<TLanes, TVector>.Add(
                            expanded, probes[i]!, probes[i]!.ColumnOn(tile, -batch.Rotations), turns,
                            totals + (i * turns * total), planes, tile == 0);
                    }
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
        GC.KeepAlive(next);
        GC.KeepAlive(batch);
        GC.KeepAlive(scratch);
    }

    /// <summary>Adds the lanes whose total is not above their bound.</summary>
    [MethodImpl(HotLoop.Root)]
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

    /// <summary>Digits of a count of every compared bit of a code, at least those that are always counted.</summary>
    internal static int DigitsOf(BlockLayout layout) => Math.Max(
        TileCounter<LanesScalar, ulong>.Digits + 1, 32 - BitOperations.LeadingZeroCount((uint)layout.Bits));
}
