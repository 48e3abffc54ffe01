using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Turns a group of writes into what the store and the table must do, in order, each write seeing the ones before it.
/// Nothing is changed yet: a group that cannot be made durable is simply dropped.
/// </summary>
internal sealed partial class WriteStage(
    PartitionId partition, IGalleryStore store, GalleryTable table, MovesUnderWay moves, UnreadableRecords unreadable,
    TimeProvider clock, FeedNotes? feed = null)
{
    private readonly TouchedEncounters touched = new();
    private readonly HashSet<string> newCombinations = new(StringComparer.Ordinal);
    private readonly List<Undo> undos = [];
    private readonly List<StoreWrite> writes = [];
    private readonly List<TableChange> changes = [];
    private RowSize size;

    public IReadOnlyList<StoreWrite> Writes => writes;

    public IReadOnlyList<TableChange> Changes => changes;

    /// <summary>Stages a batch; refused writes get their result, an all-or-nothing batch then stages nothing.</summary>
    public async ValueTask AddAsync(PendingBatch pending, CancellationToken cancel)
    {
        undos.Clear();
        for (int i = 0; i < pending.Results.Length; i++)
        {
            if (pending.Results[i].IsApplied)
            {
                Write write = pending.Batch.Writes[i];
                Refusal? refusal = OwnerRefusal(write, pending.Batch.Owned)
                    ?? await StageAsync(write, pending.Rows[i], cancel);
                pending.Results[i] = new WriteResult(refusal);
            }

            if (pending.Batch.AllOrNothing && pending.Results[i].Refusal is { } cause)
            {
                TakeBack();
                Array.Fill(pending.Results, new WriteResult(cause));
                return;
            }
        }
    }

    /// <summary>Undoes what the batch staged so far, newest first.</summary>
    private void TakeBack()
    {
        size = undos.Aggregate(size, (sum, undo) => sum - undo.Added);
        writes.RemoveRange(writes.Count - undos.Count, undos.Count);
        changes.RemoveRange(changes.Count - undos.Count, undos.Count);
        for (int i = undos.Count - 1; i >= 0; i--)
        {
            touched.TakeBack(undos[i].Touched);
        }
    }

    private async ValueTask<Refusal?> StageAsync(Write write, EncounterRows? rows, CancellationToken cancel)
    {
        if (IsHeldByMove(write))
        {
            return MoveStage.Busy;
        }

        switch (write)
        {
            case Write.Create create:
                return await IsRepeatedAsync(create.Encounter, cancel) switch
                {
                    true => null,
                    false => StageCreate(create.Encounter, rows!),
                    null => RepeatedWithAnother,
                };

            case Write.Update update:
                Encounter? old = await FindAsync(update.PersonId, update.Encounter.EncounterId, cancel);
                return old is null
                    ? NotFound(update.PersonId, update.Encounter.EncounterId)
                    : old.IsHeld ? Held
                    : CheckRoom(update.Encounter.Galleries)
                        ?? Put(Next(Replacing(old, update.Encounter), update.Encounter.Updated), rows);

            case Write.SetHold hold:
                return await ChangeAsync(
                    hold.Person, hold.EncounterId, e => e with { IsHeld = hold.IsHeld }, cancel);

            case Write.ErasePictures erase:
                return await StageErasureAsync(erase, cancel);

            case Write.SetStatus set:
                return await ChangeAsync(set.Person, set.EncounterId, e => e with { Status = set.Status }, cancel);

            case Write.SetGalleries set:
                return EncounterRules.CheckGalleries(set.Galleries)
                    ?? CheckRoom(set.Galleries)
                    ?? await ChangeAsync(
                        set.Person, set.EncounterId, e => e with
                        {
                            Galleries = [.. set.Galleries],
                            Pictures =
                            [
                                .. e.Pictures.Where(one => one.IsOpaque ? set.KeepsOpaque : !set.ErasesPictures),
                            ],
                        }, cancel);

            case Write.Delete delete:
                return await StageDeleteAsync(delete, cancel);

            case Write.Leave leave:
                return await StageLeaveAsync(leave, cancel);

            case Write.Arrive arrive:
                return StageArrive(arrive.Encounter, rows!);

            case Write.EndMove end:
                return await StageEndAsync(end, cancel);

            case Write.DeletePerson person:
                HashSet<string> all = LiveEncountersOf(person.Person);
                if (all.Any(id => IsHeld(person.Person, id)))
                {
                    return Held;
                }

                string[] damaged = [.. unreadable.Of(person.Person).Where(id => IsUnreadable(person.Person, id))];
                if (damaged.Length > 0 && unreadable.IsCountDamaged)
                {
                    return UnreadableRecords.Undeletable;
                }

                all.UnionWith(damaged);
                foreach (string id in all)
                {
                    Remove(person.Person, id);
                }

                return all.Count == 0 ? new Refusal(RefusalKind.Unknown, "no such person") : null;

            case Write.Reseal reseal:
                return await StageResealAsync(reseal, cancel);

            default:
                throw new InvalidOperationException($"a write of type {write.GetType().Name}");
        }
    }

    /// <summary>
    /// Only the stored bytes change: nothing is told to the table, and whatever came meanwhile is better.
    /// </summary>
    private async ValueTask<Refusal?> StageResealAsync(Write.Reseal reseal, CancellationToken cancel)
    {
        if (TryGetTouched(reseal.Person, reseal.EncounterId, out _)
            || await FindAsync(reseal.Person, reseal.EncounterId, cancel) is not { } current
            || current.RecordId != reseal.OnlyRecord)
        {
            return MoveStage.Changed;
        }

        Decoded<Encounter> whole = await WithPicturesAsync(current, cancel);
        if (!whole.IsAccepted)
        {
            return PicturesUnreadable(whole.Rejection);
        }

        writes.Add(StoreWrite.Put(whole.Value));
        return null;
    }

    private Refusal? StageCreate(Encounter encounter, EncounterRows rows)
    {
        if (IsUnreadable(encounter.PersonId, encounter.EncounterId))
        {
            return UnreadableRecords.Unreadable;
        }

        HashSet<string> held = LiveEncountersOf(encounter.PersonId);
        if (held.Contains(encounter.EncounterId))
        {
            return new Refusal(RefusalKind.Conflict, "the person already has an encounter of this id");
        }

        if (held.Count >= Limits.EncountersPerPerson)
        {
            return new Refusal(
                RefusalKind.Invalid,
                $"the person has {held.Count} encounters, wanted at most {Limits.EncountersPerPerson}");
        }

        return CheckRoom(encounter.Galleries) ?? Put(encounter, rows);
    }

    private static Refusal RepeatedWithAnother { get; } = new(
        RefusalKind.Conflict, "the same transaction of this operation came before with another content");

    /// <summary>
    /// Whether the call that made what is here is repeated: true with that content, null with another one;
    /// false for another call. What became of the encounter since does not count.
    /// </summary>
    private async ValueTask<bool?> IsRepeatedAsync(Encounter encounter, CancellationToken cancel)
    {
        if (encounter.Origin is not { } origin || !Exists(encounter.PersonId, encounter.EncounterId))
        {
            return false;
        }

        Encounter? current = await FindAsync(encounter.PersonId, encounter.EncounterId, cancel);
        return current?.Origin?.Call != origin.Call ? false : current.Origin == origin ? true : null;
    }

    private async ValueTask<Refusal?> StageDeleteAsync(Write.Delete delete, CancellationToken cancel)
    {
        if (!Exists(delete.Person, delete.EncounterId))
        {
            if (!IsUnreadable(delete.Person, delete.EncounterId))
            {
                return UnknownEncounter();
            }

            if (delete.OnlyRecord is not null || unreadable.IsCountDamaged)
            {
                return delete.OnlyRecord is null ? UnreadableRecords.Undeletable : UnreadableRecords.Unreadable;
            }
        }

        if (delete.OnlyRecord is { } record
            && (await FindAsync(delete.Person, delete.EncounterId, cancel))?.RecordId != record)
        {
            return new Refusal(RefusalKind.Conflict, "the encounter was changed in the meantime");
        }

        if (IsHeld(delete.Person, delete.EncounterId))
        {
            return Held;
        }

        Remove(delete.Person, delete.EncounterId);
        return null;
    }

    private async ValueTask<Refusal?> ChangeAsync(
        string person, string encounterId, Func<Encounter, Encounter> change, CancellationToken cancel)
    {
        if (await FindAsync(person, encounterId, cancel) is not { } current)
        {
            return NotFound(person, encounterId);
        }

        Encounter changed = change(current);
        return current.IsHeld && changed.Pictures.Count < current.Pictures.Count ? Held
            : await PutAsync(current, Next(changed, clock.GetUtcNow()), cancel);
    }

    /// <summary>A changed record is a new record: a move that copied the old one must notice.</summary>
    private Encounter Next(Encounter changed, DateTimeOffset at) =>
        changed with { RecordId = RecordIds.Next(clock.GetUtcNow()), Updated = at, MovedFrom = null };

    private Refusal? Put(Encounter encounter, EncounterRows? rows)
    {
        // What is replaced gives its rows back: a full memory is no reason to keep somebody's older templates.
        RowSize added = rows is null ? default
            : TryGetTouched(encounter.PersonId, encounter.EncounterId, out _) ? RowSize.Of(rows)
            : RowSize.Of(rows) - table.SizeOf(encounter.PersonId, encounter.EncounterId);
        RowSize larger = size + added;
        if (rows is not null && table.Reserve(larger) is { } shortage)
        {
            return new Refusal(
                RefusalKind.Full,
                $"partition {partition} has reached the memory limit: an encounter of {rows.Bytes:N0} bytes needs "
                + $"{shortage}; delete, add silos or raise the limit");
        }

        size = larger;
        IReadOnlyList<FeedEntry> noted = Noted(encounter.PersonId, encounter.EncounterId, VersionOf(encounter));
        Touch(encounter.PersonId, encounter.EncounterId, encounter, added);
        writes.Add(StoreWrite.Put(encounter) with { Changes = noted });
        changes.Add(new TableChange(
            encounter.PersonId, encounter.EncounterId, encounter.WithoutPictureBytes(), rows));
        return null;
    }

    private void Remove(string person, string encounterId)
    {
        bool isUnreadable = IsUnreadable(person, encounterId);
        IReadOnlyList<FeedEntry> noted = Noted(person, encounterId, null);
        Touch(person, encounterId, null);
        writes.Add(StoreWrite.Delete(person, encounterId) with { Changes = noted });
        changes.Add(new TableChange(person, encounterId, HasNoRows: isUnreadable));
    }

    /// <summary>Notes a staged write in three lists at once, so that they are undone together.</summary>
    private void Touch(string person, string encounterId, Encounter? content, RowSize added = default)
    {
        undos.Add(new Undo(touched.Touch(person, encounterId, content), added));
    }

    private bool TryGetTouched(string person, string encounterId, out Encounter? staged) =>
        touched.TryGet(person, encounterId, out staged);

    private bool Exists(string person, string encounterId) =>
        TryGetTouched(person, encounterId, out Encounter? staged) ? staged is not null : table.Has(person, encounterId);

    private HashSet<string> LiveEncountersOf(string person)
    {
        HashSet<string> live = new(table.EncountersOf(person), StringComparer.Ordinal);
        touched.ApplyTo(person, live);
        return live;
    }

    private async ValueTask<Encounter?> FindAsync(string person, string encounterId, CancellationToken cancel)
    {
        if (TryGetTouched(person, encounterId, out Encounter? staged) || !table.Has(person, encounterId))
        {
            return staged;
        }

        foreach (StoredEncounter stored in await store.ReadPersonAsync(partition, person, cancel))
        {
            if (stored.EncounterId == encounterId && stored.Content.IsAccepted)
            {
                return stored.Content.Value;
            }
        }

        return null;
    }

    private Refusal? CheckRoom(IReadOnlyList<string> galleries) => table.HasRoomFor(galleries, newCombinations)
        ? null
        : new Refusal(
            RefusalKind.Invalid,
            $"a new combination of galleries, wanted at most {Limits.GalleryCombinations} in a partition");

    /// <summary>Why there is nothing to change: rows may be in memory whose stored record is damaged.</summary>
    private Refusal NotFound(string person, string encounterId) =>
        Exists(person, encounterId) || IsUnreadable(person, encounterId)
            ? UnreadableRecords.Unreadable : UnknownEncounter();

    private bool IsUnreadable(string person, string encounterId) =>
        !TryGetTouched(person, encounterId, out _) && unreadable.Has(person, encounterId);

    private static Refusal UnknownEncounter() => new(RefusalKind.Unknown, "no such encounter");

    private readonly record struct Undo(TouchedEncounters.Touched Touched, RowSize Added);
}
