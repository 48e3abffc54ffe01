namespace MatchCluster.Matching.Galleries;

/// <summary>
/// The distinct combinations of galleries that encounters belong to. A slot names its combination by index, so that
/// a search settles membership once per combination and then tests one array element per encounter.
/// </summary>
internal sealed class GallerySets
{
    private readonly Dictionary<string, int> index = new(StringComparer.Ordinal);
    private string[][] sets = [];

    /// <summary>The combinations so far; grows by replacement, so a reader's copy never changes.</summary>
    public string[][] Sets => sets;

    /// <summary>Whether a combination is known or there is room for it.</summary>
    public bool HasRoomFor(IReadOnlyList<string> galleries) =>
        sets.Length < Limits.GalleryCombinations || index.ContainsKey(Key(Sorted(galleries)));

    public int Intern(IReadOnlyList<string> galleries)
    {
        string[] sorted = Sorted(galleries);
        string key = Key(sorted);
        if (!index.TryGetValue(key, out int number))
        {
            number = sets.Length;
            sets = [.. sets, sorted];
            index.Add(key, number);
        }

        return number;
    }

    private static string[] Sorted(IReadOnlyList<string> galleries) => [.. galleries.Order(StringComparer.Ordinal)];

    private static string Key(string[] sorted) => string.Join('\0', sorted);
}
