namespace MatchCluster.Matching.Galleries;

/// <summary>
/// The distinct combinations of galleries that encounters belong to. A slot names its combination by index, so that
/// a search settles membership once per combination and then tests one array element per encounter. The index of a
/// combination that no encounter has any more is given to another one.
/// </summary>
internal sealed class GallerySets
{
    private readonly Dictionary<string, int> index = new(StringComparer.Ordinal);
    private readonly List<long> encounters = [];
    private readonly Stack<int> free = new();
    private readonly HashSet<int> emptied = [];
    private string[][] sets = [];

    /// <summary>The combinations so far; changes by replacement, so a reader's copy never changes.</summary>
    public string[][] Sets => sets;

    /// <summary>Whether a combination is known or there is room for it.</summary>
    /// <param name="galleries">The combination.</param>
    /// <param name="coming">New ones that were granted before and are not here yet; this one is added to them.</param>
    public bool HasRoomFor(IReadOnlyList<string> galleries, ISet<string> coming)
    {
        string key = Key(Sorted(galleries));
        if (index.ContainsKey(key) || coming.Contains(key))
        {
            return true;
        }

        return index.Count + coming.Count < Limits.GalleryCombinations && coming.Add(key);
    }

    public int Intern(IReadOnlyList<string> galleries)
    {
        string[] sorted = Sorted(galleries);
        string key = Key(sorted);
        if (!index.TryGetValue(key, out int number))
        {
            number = free.TryPop(out int again) ? again : sets.Length;
            if (number == sets.Length)
            {
                encounters.Add(0);
            }

            string[][] grown = [.. sets, .. number == sets.Length ? [sorted] : Array.Empty<string[]>()];
            grown[number] = sorted;
            sets = grown;
            index.Add(key, number);
        }

        return number;
    }

    /// <summary>Counts the live encounters of a combination.</summary>
    public void Count(int number, int change)
    {
        encounters[number] += change;
        if (encounters[number] == 0)
        {
            emptied.Add(number);
        }
    }

    /// <summary>
    /// Frees combinations that nobody has, between two groups of changes: inside one an encounter may come back to its
    /// own. Readers keep the arrays they have, and in the next ones no live slot names what was freed.
    /// </summary>
    public void FreeEmptied()
    {
        if (emptied.Count == 0)
        {
            return;
        }

        string[][] kept = [.. sets];
        foreach (int number in emptied)
        {
            if (encounters[number] == 0 && index.Remove(Key(kept[number])))
            {
                kept[number] = [];
                free.Push(number);
            }
        }

        emptied.Clear();
        sets = kept;
    }

    public void Clear()
    {
        index.Clear();
        encounters.Clear();
        free.Clear();
        emptied.Clear();
        sets = [];
    }

    private static string[] Sorted(IReadOnlyList<string> galleries) => [.. galleries.Order(StringComparer.Ordinal)];

    private static string Key(string[] sorted) => string.Join('\0', sorted);
}
