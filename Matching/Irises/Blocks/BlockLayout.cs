using System.Collections.Concurrent;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Which bits of a gallery's codes are compared, and where their planes lie in the scratch. The cells whose
/// place (column + row) is a multiple of the step are compared: all of them at step 1, otherwise a
/// checkerboard. A code is cut into tiles of some columns. A tile has eight pairs of planes for each three
/// bits, then two single planes for each bit. Threes go along the rows, where masks change least, three
/// columns at a time, so that planes are read nearly in order.
/// </summary>
internal sealed class BlockLayout
{
    /// <summary>
    /// Bits added before any probe is looked at. Three make two planes of three (1.5 times fewer to add) for eight
    /// combinations; four would make three planes of four for sixteen.
    /// </summary>
    public const int GroupBits = 3;

    /// <summary>The values that a probe's three bits can have.</summary>
    public const int Patterns = 1 << GroupBits;

    /// <summary>Planes after those of a tile: two of zeros, two that nobody reads.</summary>
    private const int SparePlanes = 4;

    private static readonly ConcurrentDictionary<(IrisShape Shape, int Step, int PlaneBytes), BlockLayout> Layouts =
        new();

    private readonly int[] offsets;

    /// <param name="shape">Shape of the codes.</param>
    /// <param name="step">A divisor of the columns.</param>
    /// <param name="planeBytes">Bytes of a plane of the scratch.</param>
    /// <exception cref="ArgumentException">The step is none.</exception>
    public BlockLayout(IrisShape shape, int step, int planeBytes)
    {
        if (step < 1 || shape.Columns % step != 0)
        {
            throw new ArgumentException($"found the step {step}, wanted a divisor of {shape.Columns} columns");
        }

        Shape = shape;
        Step = step;
        PlaneBytes = planeBytes;
        TileColumns = ColumnsOf(shape, step);
        Tiles = shape.Columns / TileColumns;
        int perCell = shape.Wavelets * shape.Phases;
        offsets =
        [
            .. from cells in Enumerable.Range(0, TileColumns / step).Chunk(GroupBits)
               from row in Enumerable.Range(0, shape.Rows)
               from cell in cells
               let column = (cell * step) + ColumnOf(row, step)
               from bit in Enumerable.Range(0, perCell)
               select (((column * shape.Rows) + row) * perCell) + bit,
        ];
        WholeGroups = offsets.Length / GroupBits;
        Groups = (offsets.Length + GroupBits - 1) / GroupBits;
        Planes = (WholeGroups * Patterns * 2) + (offsets.Length * 2);
    }

    /// <summary>
    /// The layout of probes of a shape that a gallery holds; made once, as it takes as long as 2,000 eyes.
    /// </summary>
    public static BlockLayout Of(IrisShape shape, int step, int planeBytes) =>
        Layouts.GetOrAdd((shape, step, planeBytes), key => new BlockLayout(key.Shape, key.Step, key.PlaneBytes));

    public IrisShape Shape { get; }

    public int Step { get; }

    /// <summary>Bytes of a plane of the scratch.</summary>
    public int PlaneBytes { get; }

    /// <summary>Tiles of a code.</summary>
    public int Tiles { get; }

    /// <summary>Columns of a tile.</summary>
    public int TileColumns { get; }

    /// <summary>Bits of the code that a tile's first is away from the next tile's.</summary>
    public int TileStride => TileColumns * Shape.BitsPerColumn;

    /// <summary>The compared bits of a tile, counted from its first, in the order of the threes.</summary>
    public ReadOnlySpan<int> Offsets => offsets;

    /// <summary>Compared bits of a code.</summary>
    public int Bits => Tiles * offsets.Length;

    /// <summary>Threes of a tile, the last of one or two bits where three do not divide it.</summary>
    public int Groups { get; }

    /// <summary>Threes that are whole.</summary>
    public int WholeGroups { get; }

    /// <summary>Planes of a tile that hold what is compared.</summary>
    public int Planes { get; }

    /// <summary>Two planes of zeros.</summary>
    public int Zero => Planes;

    /// <summary>Two planes for what no probe reads.</summary>
    public int Unread => Planes + 2;

    /// <summary>Bytes of a tile in the scratch.</summary>
    public int TileBytes => (Planes + SparePlanes) * PlaneBytes;

    /// <summary>The first column in which a row is compared.</summary>
    public static int ColumnOf(int row, int step) => (step - (row % step)) % step;

    /// <summary>The compared bits of a three, counted from its tile's first.</summary>
    public ReadOnlySpan<int> BitsOf(int group) =>
        offsets.AsSpan(group * GroupBits, Math.Min(GroupBits, offsets.Length - (group * GroupBits)));

    /// <summary>
    /// The first of the two planes that count how many of three bits differ from <paramref name="pattern"/> (bit k of
    /// it for the k-th of the three).
    /// </summary>
    public static int Pair(int group, int pattern) => ((group * Patterns) + pattern) * 2;

    /// <summary>The plane of the lanes that are valid and differ from <paramref name="value"/> at a bit.</summary>
    public int Single(int bitOfTile, int value) => (WholeGroups * Patterns * 2) + (bitOfTile * 2) + value;

    /// <summary>
    /// As many columns as fit, of those that divide a code: every tile is whole. A code whose columns are a large prime
    /// goes column by column.
    /// </summary>
    private static int ColumnsOf(IrisShape shape, int step)
    {
        int steps = shape.Columns / step;
        int most = Math.Clamp(TileCounter<LanesScalar, ulong>.MostPositions / shape.BitsPerColumn, 1, steps);
        while (steps % most != 0)
        {
            most--;
        }

        return most * step;
    }
}
