using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Says from which planes the tiles of a block are made, and where they are written. Planes that no probe of
/// a batch reads are not kept. Writing is what making them costs. This object must outlive the use of what it
/// hands out.
/// </summary>
internal sealed unsafe class ExpansionPlan
{
    private readonly int[] pairs;
    private readonly int[] planes;
    private readonly (int Plane, int To)[][] zeros;
    private readonly (int Plane, int To)[][] ones;
    private readonly int* firstPair;
    private readonly int* firstPlane;

    /// <param name="layout">The layout of the probes.</param>
    /// <param name="read">Whether some probe reads a plane, by tile and by plane of the tile.</param>
    public ExpansionPlan(BlockLayout layout, ReadOnlySpan<bool> read)
    {
        Layout = layout;
        pairs = GC.AllocateArray<int>(layout.Tiles * layout.WholeGroups * BlockLayout.Patterns, pinned: true);
        planes = GC.AllocateArray<int>(layout.Tiles * layout.Offsets.Length, pinned: true);
        ReadOnlySpan<int> order = PlaneOrder.Of(layout.Shape);
        zeros = new (int, int)[layout.Tiles][];
        ones = new (int, int)[layout.Tiles][];
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            ReadOnlySpan<bool> own = read.Slice(tile * layout.Planes, layout.Planes);
            Span<int> to = pairs.AsSpan(tile * layout.WholeGroups * BlockLayout.Patterns);
            for (int i = 0; i < layout.WholeGroups * BlockLayout.Patterns; i++)
            {
                to[i] = (own[2 * i] ? 2 * i : layout.Unread) * layout.PlaneBytes;
            }

            int from = tile * layout.Offsets.Length;
            for (int i = 0; i < layout.Offsets.Length; i++)
            {
                planes[from + i] = order[(tile * layout.TileStride) + layout.Offsets[i]];
            }

            zeros[tile] = Singles(own, from, 0);
            ones[tile] = Singles(own, from, 1);
        }

        firstPair = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pairs));
        firstPlane = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(planes));
    }

    public BlockLayout Layout { get; }

    /// <summary>The gallery's planes of a tile, in the order of its threes (<see cref="PlaneOrder"/>).</summary>
    public int* PlanesOf(int tile) => firstPlane + (tile * Layout.Offsets.Length);

    /// <summary>
    /// The byte offset of each pair of planes of a tile, ordered by whole three and then by pattern.
    /// </summary>
    public int* PairsOf(int tile) => firstPair + (tile * Layout.WholeGroups * BlockLayout.Patterns);

    /// <summary>
    /// The gallery's planes that some probe compares with a 0, and where the lanes that differ are written.
    /// </summary>
    public ReadOnlySpan<(int Plane, int To)> Zeros(int tile) => zeros[tile];

    /// <summary>
    /// The gallery's planes that some probe compares with a 1, and where the lanes that differ are written.
    /// </summary>
    public ReadOnlySpan<(int Plane, int To)> Ones(int tile) => ones[tile];

    private (int Plane, int To)[] Singles(ReadOnlySpan<bool> read, int from, int value)
    {
        List<(int, int)> found = [];
        for (int i = 0; i < Layout.Offsets.Length; i++)
        {
            int plane = Layout.Single(i, value);
            if (read[plane])
            {
                found.Add((planes[from + i], plane * Layout.PlaneBytes));
            }
        }

        return [.. found];
    }
}
