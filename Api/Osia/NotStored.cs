using MatchCluster.Api.Http;

namespace MatchCluster.Api.Osia;

/// <summary>
/// Names of what a caller sent and we did not keep, so that it is told and does not rely on us. Names only.
/// </summary>
internal sealed class NotStored
{
    private const int LongestName = 64;

    private readonly SortedSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Null where everything was kept.</summary>
    public PersonIdsOthers? Others => names.Count == 0 ? null : new PersonIdsOthers([.. names]);

    public void Add(string name)
    {
        if (names.Count < ApiLimits.NotStoredNames)
        {
            names.Add(name.Length <= LongestName ? name : name[..LongestName] + "...");
        }
    }

    public void AddIf(bool sent, string name)
    {
        if (sent)
        {
            Add(name);
        }
    }
}
