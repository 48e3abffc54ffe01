using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// What stored persons would be searched with, from the rows that are in memory: nothing is decoded or prepared again.
/// </summary>
internal static class StoredProbes
{
    /// <summary>
    /// A page of persons, in the order of their ids: one pass over the snapshot that keeps the first so many.
    /// </summary>
    public static ReadAnswer Of(GallerySnapshot snapshot, ReadQuery.Probes query)
    {
        bool[] visible = snapshot.Visible(query.GalleryId);
        int wanted = Math.Clamp(query.Persons, 1, Limits.ProbePagePersons);
        SortedSet<string> page = new(StringComparer.Ordinal);
        Dictionary<string, List<SlotRef>> slotsOf = new(StringComparer.Ordinal);
        HashSet<string> changed = new(StringComparer.Ordinal);
        string? last = null;
        foreach (SegmentView view in snapshot.Segments)
        {
            for (int slot = 0; slot < view.Slots; slot++)
            {
                ref readonly SlotColumns columns = ref view.Segment.Columns(slot);
                string person = columns.Identity.PersonId;
                if (view.IsDead(slot) || !columns.IsActive || columns.HasExpired || !visible[columns.GallerySet]
                    || (query.After is { } after && string.CompareOrdinal(person, after) <= 0)
                    || (query.Since is { } && !columns.Identity.HasSeveral && !IsSince(columns, query.Since))
                    || (last is not null && string.CompareOrdinal(person, last) > 0))
                {
                    continue;
                }

                if (page.Add(person))
                {
                    slotsOf.Add(person, []);
                }

                slotsOf[person].Add(new SlotRef(view.Segment, slot));
                _ = IsSince(columns, query.Since) && changed.Add(person);

                // Persons with several encounters count once it is known that one of them is in question.
                if (page.Count > wanted && query.Since is null)
                {
                    slotsOf.Remove(page.Max!);
                    page.Remove(page.Max!);
                    last = page.Max;
                }
            }
        }

        return new ReadAnswer
        {
            GalleryKnown = snapshot.Knows(query.GalleryId),
            Probes = Taken(page.Where(changed.Contains).Take(wanted).Select(one => (one, slotsOf[one]))),
        };
    }

    private static List<StoredProbe> Taken(IEnumerable<(string Person, List<SlotRef> Slots)> persons)
    {
        List<StoredProbe> probes = [];
        long bytes = 0;
        foreach ((string person, List<SlotRef> slots) in persons)
        {
            bytes += slots.Sum(slot => (long)slot.Segment.SizeOf(slot.Slot).Bytes);
            if (probes.Count > 0 && bytes > Limits.ProbePageBytes)
            {
                break;
            }

            probes.AddRange(slots
                .Select(slot => new StoredProbe(person, slot.Segment.Columns(slot.Slot).EncounterId, ProbeOf(slot)))
                .OrderBy(probe => probe.EncounterId, StringComparer.Ordinal));
        }

        return probes;
    }

    private static Probe ProbeOf(SlotRef slot)
    {
        ProbeParts parts = new();
        (int first, int end) = slot.Segment.RowsOf(slot.Slot);
        for (int row = first; row < end; row++)
        {
            BiometricPosition position = slot.Segment.PositionOf(row);
            ModalityTable.Of(position.Modality).PrepareRow(position, slot.Segment.Row(row), parts);
        }

        return parts.ToProbe([]);
    }

    /// <summary>Whether a record is as young as that: its id begins with the time (RFC 9562, version 7).</summary>
    private static bool IsSince(in SlotColumns columns, DateTimeOffset? since)
    {
        if (since is not { } from)
        {
            return true;
        }

        Span<byte> id = stackalloc byte[16];
        columns.RecordId.TryWriteBytes(id, bigEndian: true, out _);
        long milliseconds = 0;
        foreach (byte part in id[..6])
        {
            milliseconds = (milliseconds << 8) | part;
        }

        return milliseconds >= from.ToUnixTimeMilliseconds();
    }
}
