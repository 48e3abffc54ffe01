namespace MatchCluster.Api.Http.Failures;

/// <summary>What an error repeats of a request: enough to find it there, never all of something long.</summary>
internal static class Reflected
{
    /// <summary>Characters of the caller's that an error repeats at most.</summary>
    public const int Longest = 64;

    /// <summary>The text, cut where it is long.</summary>
    public static string Text(string text) => text.Length <= Longest ? text
        : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)] + "...";
}
