using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Which bits of a gallery's codes are compared, and where their planes lie in the scratch. Compared are the cells on
/// whose place (column + row) the step divides: all of them at step 1, else a checkerboard. The columns of one step
/// together, a unit, bring as many bits as one whole column has: for each three of them eight pairs of planes, then for
/// each bit two single ones. 112 planes a unit of D2048, 7 KiB at 512 lanes.
/// </summary>
internal sealed class BlockLayout
{
    /// <summary>
    /// Bits added before any probe is looked at. Three make two planes of three (1.5 times fewer to add) for eight
    /// combinations; four would make three planes of four for sixteen.
    /// </summary>
    public const int GroupBits = 3;

    private const int Patterns = 1 << GroupBits;

    private readonly int[] offsets;

    /// <param name="shape">Of the codes.</param>
    /// <param name="step">1 for every bit, else a divisor of the columns.</param>
    public BlockLayout(IrisShape shape, int step)
    {
        if (step < 1 || shape.Columns % step != 0)
        {
            throw new ArgumentException($"found the step {step}, wanted a divisor of {shape.Columns} columns");
        }

        int perRow = shape.Wavelets * shape.Phases;
        offsets = [.. Enumerable.Range(0, shape.BitsPerColumn)
            .Select(bit => (ColumnOf(bit / perRow, step) * shape.BitsPerColumn) + bit)];
        Units = shape.Columns / step;
        UnitBits = shape.BitsPerColumn * step;
        Groups = (offsets.Length + GroupBits - 1) / GroupBits;
        WholeGroups = offsets.Length / GroupBits;
        PlanesPerUnit = (WholeGroups * Patterns * 2) + (offsets.Length * 2);
    }

    /// <summary>Bits of the code that a unit's first column is away from the next unit's.</summary>
    public int UnitBits { get; }

    public int Units { get; }

    /// <summary>Compared bits of a unit.</summary>
    public int BitsPerUnit => offsets.Length;

    /// <summary>Threes of a unit, the last of one or two bits where three do not divide it.</summary>
    public int Groups { get; }

    /// <summary>Threes that are whole.</summary>
    public int WholeGroups { get; }

    public int PlanesPerUnit { get; }

    /// <summary>The compared bits of a unit, counted from its first column, row by row.</summary>
    public ReadOnlySpan<int> Offsets => offsets;

    /// <summary>Bits of a three.</summary>
    public int BitsOf(int group) => Math.Min(GroupBits, offsets.Length - (group * GroupBits));

    /// <summary>
    /// The first of the two planes that count how many of three bits differ from <paramref name="pattern"/> (bit k of
    /// it for the k-th of the three).
    /// </summary>
    public static int Pair(int group, int pattern) => ((group * Patterns) + pattern) * 2;

    /// <summary>The plane of the lanes that are valid and differ from <paramref name="value"/> at a bit.</summary>
    public int Single(int bitOfUnit, int value) => (WholeGroups * Patterns * 2) + (bitOfUnit * 2) + value;

    /// <summary>The column of a unit in which a row is compared.</summary>
    private static int ColumnOf(int row, int step) => (step - (row % step)) % step;
}
