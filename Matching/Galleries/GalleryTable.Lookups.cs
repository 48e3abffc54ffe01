namespace MatchCluster.Matching.Galleries;

/// <summary>What the writer asks of single encounters.</summary>
internal sealed partial class GalleryTable
{
    /// <summary>Whether the person has this encounter.</summary>
    public bool Has(string personId, string encounterId)
    {
        lock (gate)
        {
            return people.TryGetValue(personId, out Identity? person) && person.TryFind(encounterId, out _);
        }
    }

    /// <summary>Where an encounter belongs and whether it has to stay; null where it is not here.</summary>
    public EncounterKeeping? KeepingOf(string personId, string encounterId)
    {
        lock (gate)
        {
            return people.TryGetValue(personId, out Identity? person) && person.TryFind(encounterId, out SlotRef slot)
                ? KeepingOf(slot) : null;
        }
    }

    /// <summary>What the encounter's rows take; nothing where it is not here.</summary>
    public RowSize SizeOf(string personId, string encounterId)
    {
        lock (gate)
        {
            return people.TryGetValue(personId, out Identity? person) && person.TryFind(encounterId, out SlotRef slot)
                ? slot.Segment.SizeOf(slot.Slot) with { LaneBytes = slot.Segment.LaneBytesOf(slot.Slot) } : default;
        }
    }

    /// <summary>Ids of the person's encounters; empty where there is no such person.</summary>
    public string[] EncountersOf(string personId)
    {
        lock (gate)
        {
            return people.TryGetValue(personId, out Identity? person) ? person.EncounterIds : [];
        }
    }

    private EncounterKeeping KeepingOf(SlotRef slot)
    {
        ref readonly SlotColumns columns = ref slot.Segment.Columns(slot.Slot);
        return new EncounterKeeping(sets.Sets[columns.GallerySet], columns.IsHeld);
    }
}

/// <summary>Where an encounter belongs and whether it has to stay.</summary>
/// <param name="Galleries">Its galleries.</param>
/// <param name="IsHeld">Whether a legal hold keeps it.</param>
internal readonly record struct EncounterKeeping(IReadOnlyList<string> Galleries, bool IsHeld);
