namespace MatchCluster.Matching.Galleries;

/// <summary>
/// One person of a partition. The slots of its encounters belong to the writer, under the gallery table's lock; a scan
/// reads only <see cref="PersonId"/> and <see cref="HasSeveral"/>.
/// </summary>
/// <remarks>
/// Most people have one encounter, and a million of them should not be four million objects: a table of encounters is
/// made for the second.
/// </remarks>
internal sealed class Identity(string personId)
{
    private volatile bool hasSeveral;
    private string? onlyId;
    private SlotRef only;
    private Dictionary<string, SlotRef>? several;

    public string PersonId { get; } = personId;

    /// <summary>What the active encounters can be compared with; null where none is active. The writer's.</summary>
    public IdentityProfile? Profile { get; set; }

    /// <summary>
    /// Whether the person ever had more than one live encounter. It only ever turns true, before the snapshot that
    /// holds the second encounter is published: a scan that sees it too early merely takes the slower path.
    /// </summary>
    public bool HasSeveral => hasSeveral;

    /// <summary>Number of live encounters.</summary>
    public int Count => several?.Count ?? (onlyId is null ? 0 : 1);

    /// <summary>Ids of the live encounters.</summary>
    public string[] EncounterIds => several is not null ? [.. several.Keys] : onlyId is null ? [] : [onlyId];

    /// <summary>Slots of the live encounters.</summary>
    public SlotRef[] Slots => several is not null ? [.. several.Values] : onlyId is null ? [] : [only];

    public bool TryFind(string encounterId, out SlotRef slot)
    {
        if (several is not null)
        {
            return several.TryGetValue(encounterId, out slot);
        }

        slot = only;
        return onlyId == encounterId;
    }

    /// <summary>Sets where an encounter lies, be it new or moved.</summary>
    public void Add(string encounterId, SlotRef slot)
    {
        if (several is null && (onlyId is null || onlyId == encounterId))
        {
            (onlyId, only) = (encounterId, slot);
        }
        else
        {
            several ??= new Dictionary<string, SlotRef>(StringComparer.Ordinal) { [onlyId!] = only };
            several[encounterId] = slot;
        }

        if (hasSeveral)
        {
            slot.Segment.MarkSeveral(slot.Slot);
        }
        else if (Count > 1)
        {
            hasSeveral = true;
            foreach (SlotRef each in Slots)
            {
                each.Segment.MarkSeveral(each.Slot);
            }
        }
    }

    /// <summary>Forgets an encounter.</summary>
    /// <returns>False where there is none of that id.</returns>
    public bool Remove(string encounterId, out SlotRef slot)
    {
        if (several is not null)
        {
            return several.Remove(encounterId, out slot);
        }

        bool found = TryFind(encounterId, out slot);
        (onlyId, only) = found ? (null, default) : (onlyId, only);
        return found;
    }
}

/// <summary>Where an encounter's rows are.</summary>
internal readonly record struct SlotRef(Segment Segment, int Slot);
