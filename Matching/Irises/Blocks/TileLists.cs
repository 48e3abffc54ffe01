using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// A probe as the block engine reads it: for every column of it that may lie on a tile's first, the pre-added planes
/// that its valid bits pick, as byte offsets from the tile's first plane. A rotation is another column: nothing is
/// shifted or copied.
/// </summary>
/// <remarks>
/// Three valid bits pick one of eight pairs of planes (how many of the three differ, as two binary digits); three that
/// are not all valid, and what is left over at the end of a tile, pick single planes. Each list is filled up with
/// zeros to a multiple of <see cref="Step"/>, so that the adders meet whole steps only. 40 KB for D2048, 80 KB for
/// W16384.
/// </remarks>
internal sealed unsafe class TileLists
{
    /// <summary>Entries the adders take at once.</summary>
    public const int Step = 4;

    private readonly int[] entries;
    private readonly int[] starts;
    private readonly bool[] reads;

    /// <param name="probe">The prepared eye.</param>
    /// <param name="layout">The layout of the probe's shape.</param>
    public TileLists(IrisProbe probe, BlockLayout layout)
    {
        Layout = layout;
        Rotations = probe.Rotations;
        ValidBits = probe.ValidBits;
        int columns = layout.Shape.Columns;
        bool[] met = new bool[columns];
        for (int i = 0; i < layout.Tiles * ((2 * Rotations) + 1); i++)
        {
            met[ColumnOn(i % layout.Tiles, (i / layout.Tiles) - Rotations)] = true;
        }

        byte[] twice = TwiceAround(probe);
        int zero = layout.Zero * layout.PlaneBytes;
        List<int> all = [];
        starts = GC.AllocateArray<int>((2 * columns) + 1, pinned: true);
        for (int column = 0; column < columns; column++)
        {
            List<int> singles = [];
            for (int group = 0; group < layout.Groups && met[column]; group++)
            {
                Pick(twice.AsSpan(column * layout.Shape.BitsPerColumn), group, all, singles);
            }

            FillUp(all, zero);
            starts[(2 * column) + 1] = all.Count;
            all.AddRange(singles);
            FillUp(all, zero);
            starts[(2 * column) + 2] = all.Count;
        }

        entries = GC.AllocateArray<int>(all.Count, pinned: true);
        all.CopyTo(entries);
        First = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(entries));
        Starts = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(starts));
        reads = PlanesRead();
    }

    public BlockLayout Layout { get; }

    /// <summary>Columns to either side.</summary>
    public int Rotations { get; }

    public int ValidBits { get; }

    /// <summary>The entries, column by column, threes before singles; this object must outlive their use.</summary>
    public int* First { get; }

    /// <summary>Where a column's threes begin, its singles, the next column's threes, and so on.</summary>
    public int* Starts { get; }

    /// <summary>Whether some rotation reads a plane, by tile and by plane of the tile.</summary>
    public ReadOnlySpan<bool> Reads => reads;

    /// <summary>The column that lies on a tile's first.</summary>
    public int ColumnOn(int tile, int rotation)
    {
        int columns = Layout.Shape.Columns;
        return ((((tile * Layout.TileColumns) - rotation) % columns) + columns) % columns;
    }

    /// <summary>Fills a list up to a multiple of <see cref="Step"/>.</summary>
    /// <param name="list">The entries.</param>
    /// <param name="zero">The entry of a plane of zeros.</param>
    internal static void FillUp(List<int> list, int zero)
    {
        while (list.Count % Step != 0)
        {
            list.Add(zero);
        }
    }

    /// <summary>
    /// A byte for each bit of two turns of a code: its value, and 2 where it is valid. So no place is divided by the
    /// length of a turn, which was most of the time that a probe took to prepare.
    /// </summary>
    private static byte[] TwiceAround(IrisProbe probe)
    {
        int bits = probe.Shape.Bits;
        byte[] twice = new byte[2 * bits];
        for (int bit = 0; bit < bits; bit++)
        {
            ulong value = probe.Code[bit / 64] >> (bit % 64) & 1;
            ulong valid = probe.Mask[bit / 64] >> (bit % 64) & 1;
            twice[bit] = (byte)(value | (valid << 1));
        }

        twice.AsSpan(0, bits).CopyTo(twice.AsSpan(bits));
        return twice;
    }

    /// <summary>Lists the planes that a three picks.</summary>
    /// <param name="from">Bytes of <see cref="TwiceAround"/>, from the tile's first bit on.</param>
    /// <param name="group">The three.</param>
    /// <param name="pairs">Gets a pair of planes where all bits are valid.</param>
    /// <param name="singles">Gets the plane of each valid bit elsewhere.</param>
    private void Pick(ReadOnlySpan<byte> from, int group, List<int> pairs, List<int> singles)
    {
        ReadOnlySpan<int> bits = Layout.BitsOf(group);
        int code = 0;
        int mask = 0;
        for (int k = 0; k < bits.Length; k++)
        {
            int bit = from[bits[k]];
            code |= (bit & 1) << k;
            mask |= (bit >> 1) << k;
        }

        if (mask == BlockLayout.Patterns - 1)
        {
            pairs.Add(BlockLayout.Pair(group, code) * Layout.PlaneBytes);
            return;
        }

        for (int k = 0; k < bits.Length; k++)
        {
            if ((mask >> k & 1) != 0)
            {
                int plane = Layout.Single((group * BlockLayout.GroupBits) + k, code >> k & 1);
                singles.Add(plane * Layout.PlaneBytes);
            }
        }
    }

    private bool[] PlanesRead()
    {
        bool[] read = new bool[Layout.Tiles * Layout.Planes];
        for (int tile = 0; tile < Layout.Tiles; tile++)
        {
            for (int rotation = -Rotations; rotation <= Rotations; rotation++)
            {
                int column = ColumnOn(tile, rotation);
                foreach (int entry in entries.AsSpan(starts[2 * column]..starts[(2 * column) + 2]))
                {
                    int plane = entry / Layout.PlaneBytes;
                    if (plane < Layout.Planes)
                    {
                        read[(tile * Layout.Planes) + plane] = true;
                    }
                }
            }
        }

        return read;
    }
}
