using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Galleries.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Brings the rows of a partition into memory, from its image or from its stored encounters, on every engine thread at
/// once, and counts how far it is. A record that cannot be read is counted and left out: it is neither dropped from the
/// store nor does it stop the rest.
/// </summary>
internal sealed class PartitionLoad(
    PartitionId partition, IGalleryStore store, ScanThreads threads, MemoryBudget memory)
{
    /// <summary>Encounters a thread prepares at a time: some tens of milliseconds.</summary>
    private const int EncountersPerTask = 32;

    private readonly List<Encounter> moved = [];
    private static readonly Note NoNote = (_, _) => { };
    private long toLoad;
    private long loaded;
    private ImageIndex? known;
    private PartitionDigest found;
    private PartitionDigest? wanted;

    public GalleryTable Table { get; } = new(memory);

    public long ToLoad => Interlocked.Read(ref toLoad);

    public long Loaded => Interlocked.Read(ref loaded);

    public long Unreadable => Records.Count;

    /// <summary>The records that could not be read.</summary>
    public UnreadableRecords Records { get; } = new();

    /// <summary>
    /// Encounters that another person may hold too, because a move was cut off (without their samples).
    /// </summary>
    public IReadOnlyList<Encounter> Moved => moved;

    /// <summary>
    /// Told of every record that was read, and of its encounter without samples where it is in the table.
    /// </summary>
    public delegate void Note(StoredEncounter stored, Encounter? light);

    /// <summary>The header of the image that everything came from; null where it did not.</summary>
    public ImageHeader? Restored { get; private set; }

    /// <summary>Loads everything.</summary>
    /// <param name="epoch">The epoch that the caller opened.</param>
    /// <param name="image">The partition's image, where there is one.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="MemoryLimitException">It does not fit.</exception>
    /// <exception cref="StoreException">The store cannot be read, or has not what was written to it.</exception>
    public async Task RunAsync(long epoch, GalleryImage? image, CancellationToken cancel)
    {
        await CountAsync(cancel);
        if (image is not null && await IsLastAsync(image.Header, epoch, cancel)
            && await RestoreAsync(image, cancel))
        {
            Restored = image.Header;
            return;
        }

        known = image is null ? null : await IndexAsync(image);
        await RunAsync(store.ReadAllAsync(partition, cancel), NoNote, cancel);
        known = null;
        await CheckAsync(epoch, found, Unreadable, cancel);
    }

    /// <summary>Asks the store how much there is to load.</summary>
    public async Task CountAsync(CancellationToken cancel)
    {
        Table.HashWith(new StateKey(await store.StateKeyAsync(cancel)));
        wanted = await store.DigestAsync(partition, cancel);
        long count = await store.CountAsync(partition, cancel);
        Interlocked.Exchange(ref toLoad, Math.Max(count, wanted?.Encounters ?? 0));
    }

    /// <summary>
    /// Holds what was read against what the store counted with every append; a store that has not counted yet begins
    /// with it. Nobody but the caller may write meanwhile.
    /// </summary>
    /// <exception cref="StoreException">Records are missing, came back or are older ones.</exception>
    public async Task CheckAsync(long epoch, PartitionDigest read, long unreadableRecords, CancellationToken cancel)
    {
        if (await store.DigestAsync(partition, cancel) is not { } written)
        {
            await store.KeepDigestAsync(partition, epoch, read, cancel);
            return;
        }

        // A record whose head cannot be read has another mark; it is reported as unreadable already.
        bool isExplained = unreadableRecords > 0 && read.Encounters == written.Encounters;
        Records.IsCountDamaged = read != written;
        if (read != written && !isExplained)
        {
            string what = read.Encounters == written.Encounters
                ? $"the {read.Encounters} stored encounters are not all those that were written last"
                : $"{read.Encounters} stored encounters were found where {written.Encounters} were written";
            throw new StoreException(
                new Outage($"{what}: the store is damaged; restore a backup", MayRetry: false),
                $"partition {partition}");
        }
    }

    /// <summary>Loads what a source brings.</summary>
    /// <exception cref="MemoryLimitException">It does not fit.</exception>
    public async Task RunAsync(
        IAsyncEnumerable<IReadOnlyList<StoredEncounter>> source, Note note, CancellationToken cancel)
    {
        Queue<Task<Prepared[]>> preparing = new();
        await foreach (IReadOnlyList<StoredEncounter> chunk in source.WithCancellation(cancel))
        {
            foreach (StoredEncounter[] part in chunk.Chunk(EncountersPerTask))
            {
                // A chunk may hold a thousand: whoever ends a load does not wait for all of it.
                cancel.ThrowIfCancellationRequested();
                preparing.Enqueue(threads.PrepareAsync(() => Prepare(part)));
                if (preparing.Count > 4 * threads.Count)
                {
                    Take(await preparing.Dequeue(), note);
                }
            }
        }

        while (preparing.TryDequeue(out Task<Prepared[]>? task))
        {
            cancel.ThrowIfCancellationRequested();
            Take(await task, note);
        }
    }

    /// <summary>Replaces what was loaded in several passes, and counts it again.</summary>
    public void Replace(
        long nowLoaded, IEnumerable<(string Person, string EncounterId)> nowUnreadable, IEnumerable<Encounter> nowMoved)
    {
        Records.Replace(nowUnreadable);
        Interlocked.Exchange(ref loaded, nowLoaded);
        Interlocked.Exchange(ref toLoad, nowLoaded + Records.Count);
        moved.Clear();
        moved.AddRange(nowMoved);
    }

    /// <summary>
    /// Whether an image holds what the store holds: its owner was the one before this one and said in the store that it
    /// is complete, after its last write. The seal tells an image from one of a store that was set back
    /// since.
    /// </summary>
    private async Task<bool> IsLastAsync(ImageHeader image, long epoch, CancellationToken cancel) =>
        image.Epoch == epoch - 1 && image.Digest == wanted && image.Digest.Encounters == ToLoad
        && await store.CountAsync(partition, cancel) == ToLoad
        && await store.ReadBlobAsync(GalleryImages.SealName(partition), cancel) is { } seal
        && seal.AsSpan().SequenceEqual(image.Seal.ToByteArray());

    /// <summary>Takes every row of an image.</summary>
    /// <returns>False, with nothing loaded, where it is damaged.</returns>
    private async Task<bool> RestoreAsync(GalleryImage image, CancellationToken cancel)
    {
        HashSet<string> movedPersons = new(StringComparer.Ordinal);
        Table.Expect(image.Header.Digest.Encounters);
        try
        {
            Queue<Task<RestoredBlock>> reading = new();
            foreach (ImagePlace block in image.Blocks())
            {
                cancel.ThrowIfCancellationRequested();
                reading.Enqueue(threads.PrepareAsync(() => RestoredBlock.Of(image.Read(block), Table.StateKey)));
                if (reading.Count > 2 * threads.Count)
                {
                    Restore(await reading.Dequeue(), movedPersons);
                }
            }

            while (reading.TryDequeue(out Task<RestoredBlock>? task))
            {
                Restore(await task, movedPersons);
            }

            if (Table.Snapshot.Encounters != image.Header.Digest.Encounters)
            {
                throw new InvalidDataException(
                    $"an image of {Table.Snapshot.Encounters} encounters, wanted {image.Header.Digest.Encounters}");
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            Table.Clear();
            Interlocked.Exchange(ref loaded, 0);
            return false;
        }

        foreach (string person in movedPersons)
        {
            IReadOnlyList<StoredEncounter> encounters = await store.ReadPersonAsync(partition, person, cancel);
            moved.AddRange(encounters.Select(stored => stored.Content.Value).OfType<Encounter>()
                .Where(encounter => encounter.IsMoving)
                .Select(encounter => encounter with { Samples = [], ClientData = default }));
        }

        return true;
    }

    private void Restore(RestoredBlock block, HashSet<string> movedPersons)
    {
        using (block.Memory)
        {
            if (Table.Reserve(block.Size) is { } shortage)
            {
                throw DoesNotFit(shortage);
            }

            Table.Restore(block.Encounters);
        }

        movedPersons.UnionWith(block.Encounters.Where(each => each.Facts.IsMoved).Select(each => each.Facts.PersonId));
        Interlocked.Add(ref loaded, block.Encounters.Length);
    }

    /// <summary>The rows of an older image by their records; null where it is damaged.</summary>
    private async Task<ImageIndex?> IndexAsync(GalleryImage image)
    {
        try
        {
            return await threads.PrepareAsync(() => new ImageIndex(image));
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            return null;
        }
    }

    private Prepared[] Prepare(StoredEncounter[] part) => [.. part.Select(stored =>
    {
        Decoded<EncounterRows> rows = !stored.Content.IsAccepted ? stored.Content.Rejection
            : known?.Find(stored) is { } made ? made
            : EncounterRows.Build(stored.Content.Value.Samples);
        return rows.IsAccepted
            ? new Prepared(
                stored, stored.Content.Value! with { Samples = [], ClientData = default }, rows.Value, StateOf(stored))
            : new Prepared(stored, null, null);
    })];

    /// <summary>Made by the threads that prepare rows, not by the one that applies them.</summary>
    private StateHash? StateOf(StoredEncounter stored) => stored.Content.Value is { } encounter
        ? Table.StateKey?.Of(SlotFacts.Of(encounter)) : null;

    private void Take(Prepared[] part, Note note)
    {
        TableChange[] changes =
        [
            .. part.Where(one => one.Light is not null).Select(one => new TableChange(
                one.Stored.PersonId, one.Stored.EncounterId, one.Light, one.Rows, State: one.State)),
        ];
        RowSize size = changes.Aggregate(default(RowSize), (sum, each) => sum + RowSize.Of(each.Rows!));
        if (Table.Reserve(size) is { } shortage)
        {
            throw DoesNotFit(shortage);
        }

        Table.Apply(changes);
        moved.AddRange(changes.Select(change => change.Encounter!).Where(e => e.IsMoving));
        Interlocked.Add(ref loaded, changes.Length);
        foreach (Prepared one in part)
        {
            found = found.With(one.Stored.Mark);
            if (one.Light is null)
            {
                Records.Add(one.Stored.PersonId, one.Stored.EncounterId);
            }

            note(one.Stored, one.Light);
        }
    }

    private MemoryLimitException DoesNotFit(MemoryShortage shortage)
    {
        long held = Table.HeldBytes;
        long encounters = Table.Snapshot.Encounters;
        string about = encounters == 0 ? "" : $", about {held / encounters * Math.Max(ToLoad, encounters):N0} in all";
        return new MemoryLimitException(
            $"partition {partition} does not fit into memory: it needs {held:N0} bytes for {encounters} of {ToLoad} "
            + $"encounters{about}, and {shortage}; add silos or raise the limit");
    }

    /// <param name="Encounters">What a block holds.</param>
    /// <param name="Size">What that takes.</param>
    /// <param name="Memory">Where its rows lie until they are in the table.</param>
    private readonly record struct RestoredBlock(
        (SlotFacts Facts, EncounterRows Rows)[] Encounters, RowSize Size, IDisposable Memory)
    {
        public static RestoredBlock Of(ImageBlock block, StateKey? key)
        {
            (SlotFacts, EncounterRows Rows)[] encounters =
            [
                .. block.Encounters.Select(one => (
                    one.Facts with { State = key?.Of(one.Facts) }, EncounterRows.FromImage(one.Rows))),
            ];
            return new RestoredBlock(
                encounters, encounters.Aggregate(default(RowSize), (sum, each) => sum + RowSize.Of(each.Rows)), block);
        }
    }

    private readonly record struct Prepared(
        StoredEncounter Stored, Encounter? Light, EncounterRows? Rows, StateHash? State = null);
}

/// <summary>A partition needs more memory than this process may use; the message has the numbers.</summary>
internal sealed class MemoryLimitException(string message) : Exception(message);
