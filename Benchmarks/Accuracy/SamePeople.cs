namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>
/// Fingers of the FVC2002 sets that belong to one finger of one person under two names: the organisers
/// collected the sets from overlapping volunteers. Compared across sets they are mated, and counting them as
/// non-mated would put true matches into the tail that calibration lives from. Comparisons inside one set
/// never meet them, and in sets of other competitions with the same names leaving them out costs a few
/// comparisons.
/// </summary>
internal static class SamePeople
{
    private static readonly (string Set, int Finger, string OtherSet, int OtherFinger)[] Fvc2002 =
    [
        ("DB1", 109, "DB2", 110),
        ("DB2", 104, "DB3", 105),
        ("DB1", 110, "DB3", 102),
    ];

    /// <summary>
    /// True where the two fingers are known to be one; sets are known by the start of their folders' names.
    /// </summary>
    public static bool AreOne(FvcImpression a, FvcImpression b) =>
        Fvc2002.Any(pair => (Is(a, pair.Set, pair.Finger) && Is(b, pair.OtherSet, pair.OtherFinger))
            || (Is(b, pair.Set, pair.Finger) && Is(a, pair.OtherSet, pair.OtherFinger)));

    private static bool Is(FvcImpression impression, string set, int finger) =>
        impression.Finger == finger
        && impression.Set[(impression.Set.LastIndexOf('/') + 1)..].StartsWith(set, StringComparison.OrdinalIgnoreCase);
}
