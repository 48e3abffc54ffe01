using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Partitions;

/// <summary>The encounters that a group of writes has touched, and what it made of them.</summary>
internal sealed class TouchedEncounters
{
    // By person: their new content, or null where the group deleted them.
    private readonly Dictionary<string, Dictionary<string, Encounter?>> persons = new(StringComparer.Ordinal);

    /// <returns>What takes it back.</returns>
    public Touched Touch(string person, string encounterId, Encounter? content)
    {
        if (!persons.TryGetValue(person, out Dictionary<string, Encounter?>? encounters))
        {
            encounters = new Dictionary<string, Encounter?>(StringComparer.Ordinal);
            persons.Add(person, encounters);
        }

        bool was = encounters.TryGetValue(encounterId, out Encounter? before);
        encounters[encounterId] = content;
        return new Touched(person, encounterId, was, before);
    }

    /// <summary>Undoes the newest of the touches that were not taken back yet.</summary>
    public void TakeBack(in Touched touched)
    {
        Dictionary<string, Encounter?> person = persons[touched.Person];
        if (touched.Was)
        {
            person[touched.EncounterId] = touched.Before;
        }
        else
        {
            person.Remove(touched.EncounterId);
        }
    }

    /// <summary>Whether the group touched it, and its content; null where the group deleted it.</summary>
    public bool TryGet(string person, string encounterId, out Encounter? staged)
    {
        staged = null;
        return persons.TryGetValue(person, out Dictionary<string, Encounter?>? encounters)
            && encounters.TryGetValue(encounterId, out staged);
    }

    /// <summary>Brings the ids of a person's encounters up to what the group made of them.</summary>
    public void ApplyTo(string person, HashSet<string> live)
    {
        if (persons.TryGetValue(person, out Dictionary<string, Encounter?>? encounters))
        {
            foreach ((string id, Encounter? staged) in encounters)
            {
                _ = staged is null ? live.Remove(id) : live.Add(id);
            }
        }
    }

    /// <param name="Person">Whose encounter.</param>
    /// <param name="EncounterId">Which one.</param>
    /// <param name="Was">Whether the group had touched it before.</param>
    /// <param name="Before">What it had made of it then.</param>
    internal readonly record struct Touched(string Person, string EncounterId, bool Was, Encounter? Before);
}
