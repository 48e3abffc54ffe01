namespace MatchCluster.Matching.Galleries;

/// <summary>What has expired and is not erased yet.</summary>
internal sealed partial class GalleryTable
{
    /// <summary>
    /// The snapshot for a search that begins now: whatever has expired by then is inactive in it, though nobody has
    /// erased it yet.
    /// </summary>
    /// <param name="now">The time.</param>
    public GallerySnapshot SnapshotAt(DateTimeOffset now)
    {
        uint seconds = Expiry.Of(now);
        if (expiring.Next <= seconds)
        {
            lock (gate)
            {
                if (Expire(seconds))
                {
                    Publish();
                }
            }
        }

        return Snapshot;
    }

    /// <summary>
    /// Encounters that have expired and are still here, to be erased, with their galleries. What a legal hold keeps is
    /// not among them.
    /// </summary>
    /// <param name="now">The time.</param>
    public IReadOnlyList<(ExpiringEncounter Version, IReadOnlyList<string> Galleries)> ErasableAt(DateTimeOffset now)
    {
        _ = SnapshotAt(now);
        lock (gate)
        {
            List<(ExpiringEncounter, IReadOnlyList<string>)> erasable = [];
            foreach (ExpiringEncounter one in expiring.Expired)
            {
                if (people.TryGetValue(one.PersonId, out Identity? person)
                    && person.TryFind(one.EncounterId, out SlotRef slot)
                    && KeepingOf(slot) is { IsHeld: false } keeping)
                {
                    erasable.Add((one, keeping.Galleries));
                }
            }

            return erasable;
        }
    }

    /// <summary>
    /// Has searches pass over what expires up to now. Whatever was changed since is not meant any more.
    /// </summary>
    private bool Expire(uint now)
    {
        bool any = false;
        foreach (ExpiringEncounter one in expiring.TakeUpTo(now))
        {
            if (people.TryGetValue(one.PersonId, out Identity? person)
                && person.TryFind(one.EncounterId, out SlotRef old)
                && old.Segment.Columns(old.Slot) is { HasExpired: false } columns && columns.RecordId == one.RecordId)
            {
                SlotColumns expired = columns with { IsActive = false, HasExpired = true };
                SlotRef slot = Copy(old, expired);
                Bury(old);
                person.Add(one.EncounterId, slot);
                Count(slot, +1);
                if (stateKey is { } key)
                {
                    counts.Add(key.Of(expired), sets.Sets[expired.GallerySet]);
                }

                counts.Profile(person);
                expiring.Expired.Add(one);
                any = true;
            }
        }

        return any;
    }
}
