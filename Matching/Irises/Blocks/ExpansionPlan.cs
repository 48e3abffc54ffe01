using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Where what is made of a block's tiles goes: planes that no probe of a batch reads are not kept. Writing is what
/// making them costs.
/// </summary>
internal sealed unsafe class ExpansionPlan
{
    private readonly int[] pairs;
    private readonly (int Bit, int To)[][] zeros;
    private readonly (int Bit, int To)[][] ones;

    /// <param name="layout">Of the probes.</param>
    /// <param name="read">By tile and plane of it.</param>
    public ExpansionPlan(BlockLayout layout, ReadOnlySpan<bool> read)
    {
        Layout = layout;
        pairs = GC.AllocateArray<int>(layout.Tiles * layout.WholeGroups * BlockLayout.Patterns, pinned: true);
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

            zeros[tile] = Singles(own, 0);
            ones[tile] = Singles(own, 1);
        }

        First = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pairs));
    }

    public BlockLayout Layout { get; }

    /// <summary>
    /// By tile, whole three and pattern the byte offset of its pair of planes; this object must outlive its use.
    /// </summary>
    public int* First { get; }

    /// <summary>
    /// Bits of the code, from a tile's first, of which the lanes that differ from a 0 are read, and where they go.
    /// </summary>
    public ReadOnlySpan<(int Bit, int To)> Zeros(int tile) => zeros[tile];

    /// <summary>The same of a 1.</summary>
    public ReadOnlySpan<(int Bit, int To)> Ones(int tile) => ones[tile];

    private (int Bit, int To)[] Singles(ReadOnlySpan<bool> read, int value)
    {
        List<(int, int)> found = [];
        for (int i = 0; i < Layout.Offsets.Length; i++)
        {
            int plane = Layout.Single(i, value);
            if (read[plane])
            {
                found.Add((Layout.Offsets[i], plane * Layout.PlaneBytes));
            }
        }

        return [.. found];
    }
}
