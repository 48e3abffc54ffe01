namespace MatchCluster.Matching.Deduplication;

/// <summary>Persons that are one, as far as the pairs say: the connected components of the pairs.</summary>
/// <param name="Persons">Ids, ordered (ordinal).</param>
/// <param name="Links">The pairs among them, the best first.</param>
public sealed record DuplicateGroup(IReadOnlyList<string> Persons, IReadOnlyList<DuplicatePair> Links)
{
    /// <summary>
    /// The groups of some pairs, in the order of their first person. A pair that was found twice counts once, with the
    /// better score.
    /// </summary>
    public static IReadOnlyList<DuplicateGroup> Of(IEnumerable<DuplicatePair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Dictionary<(string, string), DuplicatePair> best = [];
        Dictionary<string, string> parents = new(StringComparer.Ordinal);
        foreach (DuplicatePair pair in pairs)
        {
            (string, string) key = string.CompareOrdinal(pair.PersonId, pair.OtherId) < 0
                ? (pair.PersonId, pair.OtherId) : (pair.OtherId, pair.PersonId);
            if (!best.TryGetValue(key, out DuplicatePair? known) || pair.Score > known.Score)
            {
                best[key] = pair;
            }

            (string a, string b) = (Root(parents, pair.PersonId), Root(parents, pair.OtherId));
            if (a != b)
            {
                (string first, string second) = string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
                parents[second] = first;
            }
        }

        ILookup<string, DuplicatePair> links = best.Values.ToLookup(pair => Root(parents, pair.PersonId));
        return
        [
            .. parents.Keys.ToArray().GroupBy(person => Root(parents, person))
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new DuplicateGroup(
                    [.. group.Order(StringComparer.Ordinal)],
                    [.. links[group.Key].OrderByDescending(pair => pair.Score)
                        .ThenBy(pair => pair.PersonId, StringComparer.Ordinal)
                        .ThenBy(pair => pair.OtherId, StringComparer.Ordinal)])),
        ];
    }

    private static string Root(Dictionary<string, string> parents, string person)
    {
        parents.TryAdd(person, person);
        string root = person;
        while (parents[root] != root)
        {
            root = parents[root];
        }

        while (parents[person] != root)
        {
            (person, parents[person]) = (parents[person], root);
        }

        return root;
    }
}
