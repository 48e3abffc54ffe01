using MatchCluster.Api.Http;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia;

/// <summary>
/// Names of what a caller sent and we did not keep, so that it is told and does not rely on us. Names only.
/// </summary>
internal sealed class NotStored
{
    private const int LongestName = 64;

    private readonly SortedSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> notSearchable = [];

    /// <summary>Null where everything was kept and can be found.</summary>
    public PersonIdsOthers? Others => names.Count + notSearchable.Count == 0 ? null
        : new PersonIdsOthers([.. names])
        {
            NotSearchable = notSearchable.Count == 0 ? null : [.. notSearchable],
        };

    public void Add(string name)
    {
        if (names.Count < ApiLimits.NotStoredNames)
        {
            names.Add(name.Length <= LongestName ? name : name[..LongestName] + "...");
        }
    }

    /// <summary>Notes the samples that are kept and that no search can find.</summary>
    public void AddNotSearchable(IReadOnlyList<Sample> samples)
    {
        for (int i = 0; i < samples.Count; i++)
        {
            if (SearchableSamples.WhyNot(samples[i]) is { } why)
            {
                notSearchable.Add($"sample {i}, {samples[i].Position}: {why}");
            }
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
