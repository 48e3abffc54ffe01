using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;

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

    /// <summary>The version that is here, for a change log; null where it is not here.</summary>
    public FeedVersion? VersionOf(string personId, string encounterId)
    {
        lock (gate)
        {
            if (!people.TryGetValue(personId, out Identity? person) || !person.TryFind(encounterId, out SlotRef slot))
            {
                return null;
            }

            ref readonly SlotColumns columns = ref slot.Segment.Columns(slot.Slot);
            return new FeedVersion(
                columns.RecordId, sets.Sets[columns.GallerySet], columns.IsActive, columns.HasExpired);
        }
    }

    /// <summary>The state of each gallery by the keys of its change log.</summary>
    public Dictionary<string, GalleryState> StatesBy(FeedKeys keys)
    {
        GallerySnapshot gallery = Snapshot;
        Dictionary<string, GalleryState> states = new(StringComparer.Ordinal);
        foreach (SegmentView view in gallery.Segments)
        {
            for (int slot = 0; slot < view.Slots; slot++)
            {
                if (view.IsDead(slot))
                {
                    continue;
                }

                ref readonly SlotColumns columns = ref view.Segment.Columns(slot);
                foreach (string name in gallery.GallerySets[columns.GallerySet])
                {
                    StateHash hash = keys.Of(name).Of(columns.Identity.PersonId, columns.EncounterId, columns.RecordId);
                    states[name] = states.GetValueOrDefault(name) + new GalleryState(hash, 1);
                }
            }
        }

        return states;
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
