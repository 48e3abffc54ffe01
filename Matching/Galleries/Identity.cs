namespace MatchCluster.Matching.Galleries;

/// <summary>
/// One person of a partition. The slots of its encounters belong to the writer; a scan reads only
/// <see cref="PersonId"/> and <see cref="HasSeveral"/>.
/// </summary>
internal sealed class Identity(string personId)
{
    private volatile bool hasSeveral;

    public string PersonId { get; } = personId;

    /// <summary>
    /// Whether the person ever had more than one live encounter. It only ever turns true, before the snapshot that
    /// holds the second encounter is published: a scan that sees it too early merely takes the slower path.
    /// </summary>
    public bool HasSeveral => hasSeveral;

    /// <summary>Encounter id to slot, under the gallery table's lock.</summary>
    public Dictionary<string, SlotRef> Encounters { get; } = new(1, StringComparer.Ordinal);

    public void Add(string encounterId, SlotRef slot)
    {
        Encounters[encounterId] = slot;
        if (hasSeveral)
        {
            slot.Segment.MarkSeveral(slot.Slot);
        }
        else if (Encounters.Count > 1)
        {
            hasSeveral = true;
            foreach (SlotRef each in Encounters.Values)
            {
                each.Segment.MarkSeveral(each.Slot);
            }
        }
    }
}

/// <summary>Where an encounter's rows are.</summary>
internal readonly record struct SlotRef(Segment Segment, int Slot);
