using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// The writer's side of a partition in memory: who is here and where their rows lie. One writer changes it and then
/// publishes a snapshot; readers take the snapshot. Changes between two publications become visible together.
/// </summary>
internal sealed partial class GalleryTable(MemoryBudget budget)
{
    /// <summary>A sealed segment with a quarter of its slots dead is rewritten.</summary>
    private const double DeadShareToCompact = 0.25;

    /// <summary>
    /// The share from which a sealed segment is rewritten at the memory limit: replacing an
    /// encounter may pass the limit for a while.
    /// </summary>
    private const double DeadShareAtLimit = 0.05;

    private const int SmallestSegmentBytes = 1 << 20;
    private const int LargestSegmentBytes = 32 << 20;

    private readonly Lock gate = new();
    private readonly MemoryAccount memory = new(budget);
    private readonly Dictionary<string, Identity> people = new(StringComparer.Ordinal);
    private readonly GallerySets sets = new();
    private readonly List<SegmentView> segments = [];
    private readonly Dictionary<Segment, int> places = [];
    private GalleryCounts counts = new();
    private readonly ExpiryQueue expiring = new();
    private StateKey? stateKey;
    private GallerySnapshot snapshot = GallerySnapshot.Empty;

    public GallerySnapshot Snapshot => Volatile.Read(ref snapshot);

    /// <summary>
    /// What encounters are hashed with; null for a table that no gallery is searched in, which has no state.
    /// </summary>
    public StateKey? StateKey => Volatile.Read(ref stateKey);

    /// <summary>From now on it has a state; called before the first encounter comes.</summary>
    public void HashWith(StateKey key)
    {
        lock (gate)
        {
            if (stateKey is null)
            {
                Volatile.Write(ref stateKey, key);
                Publish();
            }
        }
    }

    /// <summary>Bytes that count against the budget.</summary>
    public long HeldBytes
    {
        get
        {
            lock (gate)
            {
                return Held();
            }
        }
    }

    /// <summary>Whether one more combination of galleries may come in.</summary>
    /// <param name="galleries">The combination.</param>
    /// <param name="coming">New combinations of the same group of writes; this one is added to them.</param>
    public bool HasRoomFor(IReadOnlyList<string> galleries, ISet<string> coming)
    {
        lock (gate)
        {
            return sets.HasRoomFor(galleries, coming);
        }
    }

    /// <summary>A snapshot and the live slots of one person in it, taken together.</summary>
    public (GallerySnapshot Snapshot, SlotRef[] Slots) PictureOf(string personId)
    {
        lock (gate)
        {
            return (snapshot, people.TryGetValue(personId, out Identity? person) ? person.Slots : []);
        }
    }

    /// <summary>
    /// Reserves memory for what a group brings, in all, until the next <see cref="Apply"/>: that cannot fail then. What
    /// only copies rows that are here already (a new status, a compaction) needs none: it may pass the limit and gives
    /// the older rows back.
    /// </summary>
    public MemoryShortage? Reserve(RowSize size)
    {
        lock (gate)
        {
            return memory.Reserve(
                Segment.CostOf(size) + ((long)size.Encounters * Limits.EncounterObjectBytes));
        }
    }

    /// <summary>The group for which memory was reserved does not come.</summary>
    public void EndReservation()
    {
        lock (gate)
        {
            memory.EndReservation();
        }
    }

    /// <summary>
    /// Counts no longer: its owner closes. The rows stay for the searches that still hold it, so that none of them sees
    /// an empty gallery.
    /// </summary>
    public void Retire()
    {
        lock (gate)
        {
            memory.Settle(0);
        }
    }

    /// <summary>Forgets what nobody searches yet and gives the memory back.</summary>
    public void Clear()
    {
        lock (gate)
        {
            people.Clear();
            segments.Clear();
            places.Clear();
            sets.Clear();
            counts = new GalleryCounts();
            expiring.Clear();
            memory.Settle(0);
            Publish();
        }
    }

    /// <summary>Applies changes in order and makes them visible together.</summary>
    public void Apply(IEnumerable<TableChange> changes)
    {
        lock (gate)
        {
            foreach (TableChange change in changes)
            {
                if (change.Encounter is null)
                {
                    Remove(change);
                }
                else
                {
                    Put(SlotFacts.Of(change.Encounter) with { State = change.State }, change.Rows);
                }
            }

            Compact();
            memory.Settle(Held());
            Publish();
        }
    }

    /// <summary>Makes room for this number of persons at once.</summary>
    public void Expect(long persons)
    {
        lock (gate)
        {
            people.EnsureCapacity((int)Math.Min(persons, Array.MaxLength));
        }
    }

    /// <summary>Puts encounters that an image holds and makes them visible together.</summary>
    public void Restore((SlotFacts Facts, EncounterRows Rows)[] encounters)
    {
        lock (gate)
        {
            foreach ((SlotFacts facts, EncounterRows rows) in encounters)
            {
                Put(facts, rows);
            }

            memory.Settle(Held());
            Publish();
        }
    }

    private void Put(in SlotFacts facts, EncounterRows? rows)
    {
        if (!people.TryGetValue(facts.PersonId, out Identity? person))
        {
            person = new Identity(facts.PersonId);
            people.Add(facts.PersonId, person);
        }

        bool replaces = person.TryFind(facts.EncounterId, out SlotRef old);
        SlotColumns columns = new()
        {
            Identity = person,
            EncounterId = facts.EncounterId,
            RecordId = facts.RecordId,
            IsMoved = facts.IsMoved,
            GallerySet = sets.Intern(facts.Galleries),
            IsActive = facts.IsActive,
            YearOfBirth = facts.YearOfBirth,
            Sex = facts.Sex,
            ExpiresAt = facts.ExpiresAt,
            IsHeld = facts.IsHeld,
        };

        SlotRef slot;
        if (rows is not null)
        {
            Segment segment = Open(RowSize.Of(rows));
            slot = new SlotRef(segment, segment.Append(columns, rows));
        }
        else if (replaces)
        {
            slot = Copy(old, columns);
        }
        else
        {
            throw new InvalidOperationException("an encounter without rows that replaces none");
        }

        if (replaces)
        {
            expiring.Forget(new ExpiringEncounter(
                facts.PersonId, facts.EncounterId, old.Segment.Columns(old.Slot).RecordId));
            Bury(old);
        }

        person.Add(facts.EncounterId, slot);
        Count(slot, +1);
        if (stateKey is { } key)
        {
            counts.Add(facts.State ?? key.Of(facts), sets.Sets[columns.GallerySet]);
        }

        counts.Profile(person);
        expiring.Add(new ExpiringEncounter(facts.PersonId, facts.EncounterId, facts.RecordId), facts.ExpiresAt);
    }

    private void Remove(in TableChange change)
    {
        if (!people.TryGetValue(change.PersonId, out Identity? person)
            || !person.Remove(change.EncounterId, out SlotRef slot))
        {
            // Somebody took it for here: the rows and the store no longer agree, and who writes has to stop.
            if (!change.HasNoRows)
            {
                throw new InvalidOperationException("an encounter is to be removed that is not in the gallery");
            }

            return;
        }

        expiring.Forget(new ExpiringEncounter(
            change.PersonId, change.EncounterId, slot.Segment.Columns(slot.Slot).RecordId));
        Bury(slot);
        counts.Profile(person);
        if (person.Count == 0)
        {
            people.Remove(change.PersonId);
        }
    }

    private void Publish()
    {
        sets.FreeEmptied();
        foreach (ref SegmentView view in CollectionsMarshal.AsSpan(segments))
        {
            view.Segment.Settle();
            view = view with { Slots = view.Segment.Slots };
        }

        Volatile.Write(ref snapshot, new GallerySnapshot
        {
            Segments = [.. segments],
            GallerySets = sets.Sets,
            Galleries = counts.Galleries,
            States = stateKey is null ? null : counts.States,
            State = counts.State,
            Profiles = counts.Profiles,
            Identities = people.Count,
            Encounters = counts.Encounters,
            FingerRows = counts.FingerRows,
            IrisRows = counts.IrisRows,
        });
    }

    private void Compact()
    {
        double share = memory.RoomBeyond(Held()) < 0 ? DeadShareAtLimit : DeadShareToCompact;
        for (int i = segments.Count - 2; i >= 0; i--)
        {
            SegmentView view = segments[i];
            if (view.DeadCount == 0 || view.DeadCount < share * view.Segment.Slots)
            {
                continue;
            }

            for (int slot = 0; slot < view.Segment.Slots; slot++)
            {
                if (!view.IsDead(slot))
                {
                    ref readonly SlotColumns columns = ref view.Segment.Columns(slot);
                    columns.Identity.Add(columns.EncounterId, Copy(new SlotRef(view.Segment, slot), columns));
                }
            }

            // Its memory goes when the last snapshot that reads it is gone; the segments after it move up.
            segments.RemoveAt(i);
            places.Clear();
            for (int place = 0; place < segments.Count; place++)
            {
                places[segments[place].Segment] = place;
            }
        }
    }

    private SlotRef Copy(SlotRef source, in SlotColumns columns)
    {
        Segment segment = Open(source.Segment.SizeOf(source.Slot));
        return new SlotRef(segment, segment.AppendCopy(columns, source));
    }

    /// <summary>
    /// The open segment, or a new one where it has no room. Segments grow with the partition, but not beyond what their
    /// slots can fill: small encounters (two irises) would leave most of the memory empty.
    /// </summary>
    private Segment Open(RowSize size)
    {
        if (segments.Count > 0 && segments[^1].Segment.HasRoomFor(size))
        {
            return segments[^1].Segment;
        }

        long held = segments.Sum(view => view.Segment.Bytes);
        long room = Math.Clamp(memory.RoomBeyond(Held()), SmallestSegmentBytes, LargestSegmentBytes);
        long full = Math.Max(size.Bytes, segments.Count == 0 ? 0 : segments[^1].Segment.BytesPerSlot)
            * Segment.MostSlots / 4 * 5;
        room = Math.Min(room, Math.Max(full, SmallestSegmentBytes));
        long capacity = Math.Max(size.Bytes, Math.Clamp(held / 2, SmallestSegmentBytes, room));
        Segment opened = new((int)capacity);
        places[opened] = segments.Count;
        segments.Add(new SegmentView(opened, 0, null, 0));
        return opened;
    }

    private long Held() => (counts.Encounters * Limits.EncounterObjectBytes)
        + segments.Sum(view => view.Segment.UsedBytes);

    /// <summary>Marks a slot dead in a copy of its bitmap: snapshots keep theirs.</summary>
    private void Bury(SlotRef slot)
    {
        int place = places[slot.Segment];
        SegmentView view = segments[place];
        ulong[] dead = view.Dead is null ? new ulong[Segment.MostSlots / 64] : [.. view.Dead];
        dead[slot.Slot >> 6] |= 1UL << (slot.Slot & 63);
        segments[place] = view with { Dead = dead, DeadCount = view.DeadCount + 1 };
        if (stateKey is { } key)
        {
            ref readonly SlotColumns columns = ref slot.Segment.Columns(slot.Slot);
            counts.Add(-key.Of(columns), sets.Sets[columns.GallerySet]);
        }

        Count(slot, -1);
    }

    private void Count(SlotRef slot, int change)
    {
        int set = slot.Segment.Columns(slot.Slot).GallerySet;
        sets.Count(set, change);
        counts.Count(slot, change, sets.Sets[set]);
    }
}
