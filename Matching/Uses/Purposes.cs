namespace MatchCluster.Matching.Uses;

/// <summary>The purposes of a use. The list is closed: what is not on it is no purpose.</summary>
public static class Purposes
{
    /// <summary>Trials with nobody's data; the only purpose of an agreement in its pilot phase.</summary>
    public const string Test = "test";

    public static IReadOnlyList<string> All { get; } =
    [
        "asylum", "visa", "border-entry", "criminal-investigation", "identity-document", "foreign-offender",
        "missing-person", "civil-registration-deduplication", Test,
    ];

    /// <summary>Whether a word is on the list.</summary>
    public static bool IsOne(string? word) => word is not null && All.Contains(word, StringComparer.Ordinal);
}
