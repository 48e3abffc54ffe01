using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Where the planes of one gallery column lie in the scratch: for each three of its bits eight pairs of planes, then
/// for each bit two single ones. 112 planes a column of D2048, 7 KiB at 512 lanes.
/// </summary>
internal readonly struct BlockLayout(IrisShape shape)
{
    /// <summary>
    /// Bits added before any probe is looked at. Three make two planes of three (1.5 times fewer to add) for eight
    /// combinations; four would make three planes of four for sixteen.
    /// </summary>
    public const int GroupBits = 3;

    private const int Patterns = 1 << GroupBits;

    /// <summary>Threes of a column, the last of one or two bits where three do not divide it.</summary>
    public int Groups { get; } = (shape.BitsPerColumn + GroupBits - 1) / GroupBits;

    /// <summary>Threes that are whole.</summary>
    public int WholeGroups { get; } = shape.BitsPerColumn / GroupBits;

    public int PlanesPerColumn { get; } = (shape.BitsPerColumn / GroupBits * Patterns * 2) + (shape.BitsPerColumn * 2);

    /// <summary>Bits of a three.</summary>
    public int BitsOf(int group) => Math.Min(GroupBits, shape.BitsPerColumn - (group * GroupBits));

    /// <summary>
    /// The first of the two planes that count how many of three bits differ from <paramref name="pattern"/> (bit k of
    /// it for the k-th of the three).
    /// </summary>
    public static int Pair(int group, int pattern) => ((group * Patterns) + pattern) * 2;

    /// <summary>The plane of the lanes that are valid and differ from <paramref name="value"/> at a bit.</summary>
    public int Single(int bitOfColumn, int value) => (WholeGroups * Patterns * 2) + (bitOfColumn * 2) + value;
}
