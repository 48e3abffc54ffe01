using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>Reads that are no searches: a person from the store, a gallery's members from memory.</summary>
internal static class PartitionReads
{
    public static async ValueTask<ReadAnswer> PersonAsync(
        IGalleryStore store, PartitionId partition, ReadQuery.Person query, CancellationToken cancel)
    {
        IReadOnlyList<StoredEncounter> stored = await store.ReadPersonAsync(partition, query.PersonId, cancel);
        if (stored.Count == 0)
        {
            return new ReadAnswer { Refusal = new Refusal(RefusalKind.Unknown, "no such person") };
        }

        foreach (StoredEncounter encounter in stored)
        {
            if (!encounter.Content.IsAccepted)
            {
                string reason = $"{ReadAnswer.Unreadable}: {encounter.Content.Rejection}";
                return new ReadAnswer { Outage = new Outage(reason, MayRetry: false) };
            }
        }

        return new ReadAnswer { Encounters = [.. stored.Select(e => e.Content.Value!)] };
    }

    /// <summary>
    /// One encounter with its pictures. They are read after its record: where a write came in between, both are read
    /// again.
    /// </summary>
    public static async ValueTask<ReadAnswer> PicturesAsync(
        IGalleryStore store, PartitionId partition, ReadQuery.Pictures query, CancellationToken cancel)
    {
        Guid last = default;
        while (true)
        {
            ReadAnswer person = await PersonAsync(store, partition, new ReadQuery.Person(query.PersonId), cancel);
            if (person.Encounters.FirstOrDefault(one => one.EncounterId == query.EncounterId) is not { } found)
            {
                return person.Encounters.Count == 0 ? person
                    : new ReadAnswer { Refusal = new Refusal(RefusalKind.Unknown, "no such encounter") };
            }

            Decoded<Encounter> whole = await store.ReadPicturesAsync(partition, found, cancel);
            if (whole.IsAccepted || found.RecordId == last)
            {
                return whole.IsAccepted ? new ReadAnswer { Encounters = [whole.Value] }
                    : new ReadAnswer
                    {
                        Outage = new Outage($"a stored picture cannot be read: {whole.Rejection}", MayRetry: false),
                    };
            }

            last = found.RecordId;
        }
    }

    /// <summary>
    /// Sorts the whole membership for a page of it: listing is an operator's call, not a search's.
    /// </summary>
    public static ReadAnswer Gallery(GallerySnapshot snapshot, ReadQuery.Gallery query)
    {
        bool[] visible = snapshot.Visible(query.GalleryId);
        List<GalleryMember> members = [];
        foreach (SegmentView view in snapshot.Segments)
        {
            for (int slot = 0; slot < view.Slots; slot++)
            {
                ref readonly SlotColumns columns = ref view.Segment.Columns(slot);
                if (view.IsDead(slot) || columns.HasExpired || !visible[columns.GallerySet])
                {
                    continue;
                }

                GalleryMember member = new(columns.Identity.PersonId, columns.EncounterId);
                if (query.After is not { } after || GalleryMember.Compare(member, after) > 0)
                {
                    members.Add(member);
                }
            }
        }

        members.Sort(GalleryMember.Compare);
        return new ReadAnswer
        {
            GalleryKnown = snapshot.Knows(query.GalleryId),
            Members = [.. members.Skip(query.Skip).Take(query.Limit)],
        };
    }
}
