using System.Collections.Concurrent;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// The encounters of a partition that another person may hold too (<see cref="Encounter.IsMoving"/>), without their
/// samples: few at any time, and none most of the time. The writer changes it, others read it.
/// </summary>
internal sealed class MovesUnderWay
{
    private readonly ConcurrentDictionary<(string Person, string EncounterId), Encounter> moving = new();

    public IReadOnlyList<Encounter> All => [.. moving.Values];

    /// <summary>The mark of an encounter, or null.</summary>
    public Transit? Of(string person, string encounterId) =>
        moving.TryGetValue((person, encounterId), out Encounter? found) ? found.Transit : null;

    /// <summary>Notes what was loaded.</summary>
    public void Add(IEnumerable<Encounter> loaded)
    {
        foreach (Encounter encounter in loaded)
        {
            moving[(encounter.PersonId, encounter.EncounterId)] = encounter;
        }
    }

    /// <summary>Notes what was written.</summary>
    public void Apply(IReadOnlyList<TableChange> changes)
    {
        foreach (TableChange change in changes)
        {
            if (change.Encounter is { IsMoving: true } encounter)
            {
                moving[(change.PersonId, change.EncounterId)] =
                    encounter with { Samples = [], ClientData = default };
            }
            else
            {
                moving.TryRemove((change.PersonId, change.EncounterId), out _);
            }
        }
    }
}
