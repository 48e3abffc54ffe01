namespace MatchCluster.Matching.Model;

/// <summary>
/// The order of identifiers everywhere they are listed: by their UTF-8 bytes, which is the order of Unicode
/// code points. It is what byte-ordered stores give (SQLite, Redis). <see cref="StringComparer.Ordinal"/>
/// differs from it: UTF-16 puts U+10000 and above, as surrogates D800..DFFF, before U+E000..U+FFFF. Equality
/// is the ordinal one.
/// </summary>
public sealed class Utf8Order : IComparer<string>
{
    private const int FirstSurrogate = 0xD800;
    private const int FirstAfterSurrogates = 0xE000;

    private Utf8Order()
    {
    }

    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return x is null ? (y is null ? 0 : -1) : 1;
        }

        int common = x.AsSpan().CommonPrefixLength(y);
        return common == x.Length || common == y.Length
            ? x.Length.CompareTo(y.Length)
            : Rank(x[common]).CompareTo(Rank(y[common]));
    }

    /// <summary>
    /// Moves surrogates after every other UTF-16 unit; two of them keep their order, which is that of the
    /// code points they stand for.
    /// </summary>
    private static int Rank(char unit) =>
        unit is >= (char)FirstSurrogate and < (char)FirstAfterSurrogates ? unit + 0x10000 : unit;
}
