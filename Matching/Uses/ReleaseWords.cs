namespace MatchCluster.Matching.Uses;

/// <summary>The words for profiles that callers and answers use.</summary>
public static class ReleaseWords
{
    private static readonly string[] Words =
        [.. Enum.GetNames<ReleaseProfile>().Select(name => name.ToLowerInvariant())];

    /// <summary>All of them, the one that shows least first.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The word of a profile.</summary>
    public static string Of(ReleaseProfile profile) => Words[(int)profile];

    /// <summary>The profile of a word; null of anything else.</summary>
    public static ReleaseProfile? Read(string? word) =>
        Array.IndexOf(Words, word) is >= 0 and var profile ? (ReleaseProfile)profile : null;
}
