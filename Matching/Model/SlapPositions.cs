namespace MatchCluster.Matching.Model;

/// <summary>
/// The fingers that one picture of several shows, by their codes in ANSI/NIST-ITL (table of friction ridge positions)
/// and, up to 15, in ISO/IEC 19794-4. A picture shows a hand as its print lies on a card: the little finger of a right
/// hand and the index finger of a left one are the last from the left, and of two hands the left one comes first.
/// </summary>
public static class SlapPositions
{
    public const int RightFour = 13;
    public const int LeftFour = 14;
    public const int Thumbs = 15;
    public const int FirstOfSome = 40;
    public const int LastOfSome = 50;

    private static readonly Dictionary<int, int[]> Fingers = new()
    {
        [RightFour] = [2, 3, 4, 5],
        [LeftFour] = [10, 9, 8, 7],
        [Thumbs] = [6, 1],
        [FirstOfSome] = [2, 3],
        [41] = [3, 4],
        [42] = [4, 5],
        [43] = [8, 7],
        [44] = [9, 8],
        [45] = [10, 9],
        [46] = [7, 2],
        [47] = [2, 3, 4],
        [48] = [3, 4, 5],
        [49] = [9, 8, 7],
        [LastOfSome] = [10, 9, 8],
    };

    /// <summary>The codes, ascending.</summary>
    public static IEnumerable<int> Codes => Fingers.Keys.Order();

    /// <summary>The fingers from the left edge of the picture; null for a code of one finger or of none.</summary>
    public static IReadOnlyList<int>? FromLeft(int code) => Fingers.GetValueOrDefault(code);
}
