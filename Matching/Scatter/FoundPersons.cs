namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Whom a search found, for its record alone. What leaves may not show it, so that it can be asked for hashes only.
/// </summary>
/// <param name="persons">Ids that the gallery knows, the best first.</param>
public sealed class FoundPersons(IEnumerable<string> persons)
{
    private readonly string[] persons = [.. persons];

    public static FoundPersons Nobody { get; } = new([]);

    public int Count => persons.Length;

    /// <summary>The persons under the keyed hash of a record.</summary>
    /// <param name="hash">Gives the keyed hash of a person's id.</param>
    public List<string> HashedBy(Func<string, string> hash) => [.. persons.Select(hash)];

    /// <summary>Without the ids: whatever prints an answer does not print them.</summary>
    public override string ToString() => $"{persons.Length} persons";
}
