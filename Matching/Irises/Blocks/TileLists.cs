using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// A probe's <see cref="PlaneLists"/> cut for tiles: for every unit that may lie on a tile's first, the entries of as
/// many units as a tile has, as byte offsets from the tile's first plane, each list filled up with zero planes to a
/// multiple of <see cref="Step"/>. So the adders meet whole steps only. 37 KB for D2048, 90 KB for W16384.
/// </summary>
internal sealed unsafe class TileLists
{
    /// <summary>Entries the adders take at once.</summary>
    public const int Step = 4;

    /// <summary>
    /// Positions of a tile times the bytes of a plane: at 512 lanes 16 columns of D2048, 112 KB of scratch. In a
    /// throw-away form of these adders 16 columns were faster than 4, 8, 32 and 64.
    /// </summary>
    private const int MostBytes = 256 * 64;

    private readonly PlaneLists lists;
    private readonly int units;
    private readonly int[] pairs;
    private readonly int[] pairStart;
    private readonly int[] singles;
    private readonly int[] singleStart;
    private readonly int* firstPair;
    private readonly int* firstSingle;

    /// <param name="lists">The probe.</param>
    /// <param name="layout">Of its shape and step.</param>
    /// <param name="planeBytes">Bytes of a plane in the scratch.</param>
    public TileLists(PlaneLists lists, BlockLayout layout, int planeBytes)
    {
        this.lists = lists;
        units = layout.Units;
        Units = UnitsOf(layout, planeBytes);
        int unitBytes = layout.PlanesPerUnit * planeBytes;
        int zero = Units * unitBytes;
        List<int> allPairs = [];
        List<int> allSingles = [];
        pairStart = new int[(lists.Step * units) + 1];
        singleStart = new int[(lists.Step * units) + 1];
        for (int i = 0; i < lists.Step * units; i++)
        {
            PlaneLists.Section section = lists.From(i / units, i % units, Units);
            Append(allPairs, section.Pairs, i % units * unitBytes, zero);
            Append(allSingles, section.Singles, i % units * unitBytes, zero);
            pairStart[i + 1] = allPairs.Count;
            singleStart[i + 1] = allSingles.Count;
        }

        pairs = Pinned(allPairs);
        singles = Pinned(allSingles);
        firstPair = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pairs));
        firstSingle = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(singles));
    }

    /// <summary>Units of a tile.</summary>
    public int Units { get; }

    /// <summary>
    /// As many units as fit, of those that divide a code: every tile is whole. A code whose columns are a large prime
    /// goes column by column.
    /// </summary>
    public static int UnitsOf(BlockLayout layout, int planeBytes)
    {
        int positions = Math.Min(TileCounter<LanesScalar, ulong>.MostPositions, MostBytes / planeBytes);
        int most = Math.Clamp(positions / layout.BitsPerUnit, 1, layout.Units);
        while (layout.Units % most != 0)
        {
            most--;
        }

        return most;
    }

    /// <summary>
    /// Where the lists of a rotation begin: a tile that begins at a gallery's unit is that many units on, in turns of
    /// <see cref="BlockLayout.Units"/>.
    /// </summary>
    public (int First, int Turned) Turn(int rotation)
    {
        int rest = lists.RestOf(rotation, out int turned);
        return (rest * units, turned);
    }

    /// <summary>The entries of one tile; these lists must outlive what is returned.</summary>
    /// <param name="turn">Of <see cref="Turn"/>.</param>
    /// <param name="unit">The gallery's unit where the tile begins.</param>
    public Section At((int First, int Turned) turn, int unit)
    {
        int i = turn.Turned + unit;
        i = turn.First + (i < units ? i : i - units);
        int pair = pairStart[i];
        int single = singleStart[i];
        return new Section(
            firstPair + pair, pairStart[i + 1] - pair, firstSingle + single, singleStart[i + 1] - single);
    }

    private static void Append(List<int> to, ReadOnlySpan<int> entries, int back, int zero)
    {
        foreach (int entry in entries)
        {
            to.Add(entry - back);
        }

        while (to.Count % Step != 0)
        {
            to.Add(zero);
        }
    }

    private static int[] Pinned(List<int> entries)
    {
        int[] pinned = GC.AllocateArray<int>(entries.Count, pinned: true);
        entries.CopyTo(pinned);
        return pinned;
    }

    /// <summary>Entries of one tile.</summary>
    internal readonly struct Section(int* pair, int pairs, int* single, int singles)
    {
        public int* Pair { get; } = pair;

        public int Pairs { get; } = pairs;

        public int* Single { get; } = single;

        public int Singles { get; } = singles;
    }
}
