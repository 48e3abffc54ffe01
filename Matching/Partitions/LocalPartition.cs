using System.Diagnostics;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Galleries.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// A partition in this process: rows in memory, encounters in the store, scans on the engine's threads.
/// It loads in the background and says so to whoever asks in the meantime.
/// </summary>
public sealed partial class LocalPartition : IPartition, IAsyncDisposable
{
    private readonly IGalleryStore store;
    private readonly ScanThreads threads;
    private readonly TimeProvider clock;
    private readonly PartitionImage? image;
    private readonly ErasureRecording? recording;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lazy<Task> closed;
    private readonly MovesUnderWay moves = new();
    private volatile PartitionLoad load;
    private volatile PartitionJournal? journal;
    private PartitionWriter? writer;
    private Task erasing = Task.CompletedTask;
    private long epoch;
    private int queuedSearches;
    private readonly TaskCompletionSource<Outage> stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Outage? failure;
    private volatile bool ready;

    internal LocalPartition(
        PartitionId id, IGalleryStore store, ScanThreads threads, TimeProvider clock, MemoryBudget memory,
        GalleryImages? images = null, StandbyPartition? standby = null, JournalTail? last = null,
        ErasureRecording? recording = null)
    {
        Id = id;
        this.store = store;
        this.threads = threads;
        this.clock = clock;
        this.recording = recording;
        image = images is null ? null : new PartitionImage(id, images, store);
        closed = new Lazy<Task>(CloseAsync);
        load = standby?.Load ?? new PartitionLoad(id, store, threads, memory);
        Loading = Task.Run(() => LoadAsync(standby, last, memory));
    }

    public PartitionId Id { get; }

    /// <summary>Completes when the partition is ready or has failed; never faults.</summary>
    public Task Loading { get; }

    /// <summary>
    /// Whether it stopped for good: the store failed while it loaded or left a write in doubt, or somebody newer owns
    /// it. Whoever opened it may close it and open it again.
    /// </summary>
    public bool HasFailed => failure is not null;

    /// <summary>Whether it failed because somebody else opened the partition after it.</summary>
    public bool HasNewerOwner => writer?.HasNewerOwner ?? false;

    /// <summary>Completes with the reason when it stops for good (<see cref="HasFailed"/>).</summary>
    public Task<Outage> Stopped => stopped.Task;

    /// <summary>What made it stop, for the operator's log; null where nothing was thrown.</summary>
    public Exception? Cause { get; private set; }

    /// <summary>Whether its rows came from the image that its last owner left.</summary>
    internal bool IsRestored => load.Restored is not null;

    /// <summary>Search batches that wait for a thread.</summary>
    internal int Queued => Volatile.Read(ref queuedSearches);

    /// <summary>Encounters that are loaded, and that the store held when it began to load.</summary>
    internal (long Loaded, long ToLoad) Progress => (load.Loaded, load.ToLoad);

    private GalleryTable Table => load.Table;

    /// <summary>How far the changes are, for somebody who loads the partition beside this one.</summary>
    public JournalMark Mark => journal?.Mark ?? new JournalMark(epoch, 0);

    /// <summary>
    /// Who was changed since a mark, also after this partition was closed; null where that is not known any more.
    /// </summary>
    public JournalTail? ChangesSince(JournalMark mark) => journal?.Since(mark);

    /// <summary>
    /// Encounters that a move has with two persons now, without their samples; complete once loaded.
    /// </summary>
    public IReadOnlyList<Encounter> Moved => moves.All;

    /// <summary>
    /// Those of them that were found when it was loaded: in one process their mover is gone with the last owner.
    /// </summary>
    internal IReadOnlyList<Encounter> FoundMoving => load.Moved;

    public async ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!ready)
        {
            return NotSearched(PartitionOutcome.Unavailable, NotReady(), MayRetry ? RetrySoon : null);
        }

        if (batch.Searches.Count is 0 or > Limits.SearchesPerBatch)
        {
            throw new ArgumentException(
                $"a batch of {batch.Searches.Count} searches, wanted 1 to {Limits.SearchesPerBatch}", nameof(batch));
        }

        if (batch.Leases.Count > 0 && await FenceAsync(batch.Leases) is { } fenced)
        {
            return NotSearched(PartitionOutcome.Unavailable, fenced.Reason, fenced.MayRetry ? RetrySoon : null);
        }

        if (Interlocked.Increment(ref queuedSearches) > Limits.QueuedBatchesPerPartition)
        {
            Interlocked.Decrement(ref queuedSearches);
            return NotSearched(
                PartitionOutcome.Refused,
                $"partition {Id} has {Limits.QueuedBatchesPerPartition} search batches waiting", RetrySoon);
        }

        long asked = clock.GetTimestamp();
        return await (PartitionScan.IsVerification(batch)
            ? threads.CallAsync(Run, batch.Standing, budget)
            : batch.IsBackground ? threads.BackgroundAsync(Run)
            : threads.SearchAsync(Run, batch.Standing, SearchCost.Of(batch), budget));

        PartitionAnswer Run(ScanScratch scratch)
        {
            Interlocked.Decrement(ref queuedSearches);
            long begun = clock.GetTimestamp();
            GallerySnapshot gallery = Table.SnapshotAt(clock.GetUtcNow());
            if (budget.IsSpent)
            {
                return Answer(batch, gallery, null, clock.GetElapsedTime(asked, begun), TimeSpan.Zero);
            }

            ScanResult result = PartitionScan.Run(batch, gallery, Table, budget, scratch);
            return Answer(batch, gallery, result, clock.GetElapsedTime(asked, begun), clock.GetElapsedTime(begun));
        }
    }

    public async ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(writes);
        if (writes.Writes.Count > Limits.WritesPerBatch)
        {
            throw new ArgumentException(
                $"a batch of {writes.Writes.Count} writes, wanted at most {Limits.WritesPerBatch}", nameof(writes));
        }

        PendingBatch pending = new(writes);
        if (!ready || writer is null)
        {
            pending.Fail(new Outage(NotReady(), MayRetry));
            return await pending.Done;
        }

        if (!await WritePreparation.RunAsync(pending, threads, budget))
        {
            WriteResult late = new(Outage: new Outage(
                "the deadline passed before the write began; nothing was written", MayRetry: true));
            return new WriteAck([.. writes.Writes.Select(_ => late)]);
        }

        if (!writer.TryEnqueue(pending))
        {
            Array.Fill(pending.Results, new WriteResult(new Refusal(
                RefusalKind.Overloaded,
                $"partition {Id} has {Limits.QueuedWritesPerPartition} write batches waiting", RetrySoon)));
            pending.Complete();
        }

        return await pending.Done;
    }

    public async ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget)
    {
        if (!ready)
        {
            return new ReadAnswer { Outage = new Outage(NotReady(), MayRetry) };
        }

        try
        {
            return query switch
            {
                ReadQuery.Person person => await PartitionReads.PersonAsync(store, Id, person, budget.Cancel),
                ReadQuery.Pictures one => await PartitionReads.PicturesAsync(store, Id, one, budget.Cancel),
                ReadQuery.Gallery gallery => PartitionReads.Gallery(
                    Table.SnapshotAt(clock.GetUtcNow()), gallery),
                ReadQuery.Probes probes => StoredProbes.Of(Table.SnapshotAt(clock.GetUtcNow()), probes),
                _ => throw new UnreachableException(),
            };
        }
        catch (StoreException broken)
        {
            return new ReadAnswer { Outage = broken.Outage };
        }
    }

    public ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel)
    {
        GallerySnapshot gallery = Table.Snapshot;
        return ValueTask.FromResult(new PartitionStatus
        {
            Partition = Id,
            State = failure is not null ? PartitionState.Failed
                : ready ? PartitionState.Ready : PartitionState.Loading,
            Reason = failure?.Reason,
            Loaded = load.Loaded,
            ToLoad = load.ToLoad,
            Unreadable = load.Unreadable,
            Epoch = epoch,
            Identities = gallery.Identities,
            Encounters = gallery.Encounters,
            FingerRows = gallery.FingerRows,
            IrisRows = gallery.IrisRows,
            DeadEncounters = gallery.Segments.Sum(view => (long)view.DeadCount),
            Segments = gallery.Segments.Length,
            RowBytes = gallery.Segments.Sum(view => view.Segment.Bytes + view.Segment.Fingers.Bytes),
            QueuedBatches = Volatile.Read(ref queuedSearches),
            Galleries = gallery.Galleries,
            States = gallery.States,
            StateOfAll = gallery.State,
        });
    }

    /// <summary>
    /// Seals what is stored plain or with older keys again, with today's keys, while it is searched and written.
    /// </summary>
    /// <exception cref="StoreException">It cannot be read or written now; it can be done again.</exception>
    public Task<ResealCount> ResealAsync(CancellationToken cancel) => ready && writer is not null
        ? PartitionReseal.RunAsync(Id, store, writer, cancel) : throw new StoreException(NotReady());

    /// <summary>Ends it; a second call waits for the first.</summary>
    public ValueTask DisposeAsync() => new(closed.Value);

    private bool MayRetry => failure?.MayRetry ?? true;

    private static TimeSpan RetrySoon => TimeSpan.FromSeconds(1);

    private async Task LoadAsync(StandbyPartition? standby, JournalTail? changes, MemoryBudget memory)
    {
        try
        {
            epoch = await store.OpenEpochAsync(Id, stopping.Token);
            if (standby is null || !await standby.TakeOverAsync(epoch, changes, stopping.Token))
            {
                // What a standby that failed has read is no whole partition.
                load = standby is null ? load : new PartitionLoad(Id, store, threads, memory);
                await LoadWithImageAsync();
            }

            moves.Add(load.Moved);
            journal = new PartitionJournal(epoch);
            FeedNotes? feed = await BeginChangesAsync();
            writer = new PartitionWriter(
                Id, epoch, store, Table, moves, clock, journal, Fail, load.Records, image, feed);
            ready = true;
            erasing = new ExpiredErasure(this, Table, clock, recording).RunAsync(stopping.Token);
        }
        catch (Exception broken)
        {
            // Whatever it was: a partition that stays "loading" would be waited for without end.
            Table.Clear();
            Fail(LoadFailures.OutageOf(broken), broken);
        }

        if (standby is not null)
        {
            await standby.DisposeAsync();
        }
    }

    /// <summary>Tells the change logs what was loaded, before anything is written.</summary>
    private async Task<FeedNotes?> BeginChangesAsync()
    {
        if (store.Changes is null)
        {
            return null;
        }

        FeedKeys keys = new(await store.StateKeyAsync(stopping.Token));
        await store.BeginChangesAsync(Id, epoch, Table.StatesBy(keys), stopping.Token);
        return new FeedNotes(keys, clock);
    }

    private async Task LoadWithImageAsync()
    {
        bool isEncrypted;
        using (GalleryImage? last = image?.Take())
        {
            isEncrypted = last?.Header.IsEncrypted ?? true;
            await load.RunAsync(epoch, last, stopping.Token);
        }

        image?.DropPlain(isEncrypted);
    }

    private async Task CloseAsync()
    {
        await stopping.CancelAsync();
        await Loading;
        await erasing;
        ready = false;
        if (writer is not null)
        {
            await writer.DisposeAsync();
            if (image is not null && !HasFailed && load.Unreadable == 0)
            {
                await image.KeepAsync(epoch, Table.Snapshot, journal!.HasBegun ? null : load.Restored);
            }
        }

        if (HasFailed)
        {
            // Nobody is answered from it any more, and whoever opens it again needs the memory.
            Table.Clear();
        }
        else
        {
            Table.Retire();
        }

        stopping.Dispose();
    }

    private void Fail(Outage reason, Exception? cause)
    {
        Cause = cause;
        failure = reason;
        ready = false;
        stopped.TrySetResult(reason);
    }

    private string NotReady() => failure is { } reason
        ? $"partition {Id} is not available: {reason.Reason}"
        : $"partition {Id} is loading {load.Loaded} of {load.ToLoad}";

    private PartitionAnswer NotSearched(PartitionOutcome outcome, string reason, TimeSpan? retryAfter) => new()
    {
        Partition = Id,
        Outcome = outcome,
        Reason = reason,
        RetryAfter = retryAfter,
        IdentitiesHeld = ready ? Table.Snapshot.Identities + load.Unreadable
            : Math.Max(load.ToLoad, Table.Snapshot.Identities),
    };

    private PartitionAnswer Answer(
        SearchBatch batch, GallerySnapshot gallery, ScanResult? result, TimeSpan queued, TimeSpan scanned)
    {
        // Whom an unreadable record is of is known, but neither the galleries nor the samples.
        long[] unread = [.. batch.Searches.Select(
            search => search.OnlyPerson is { } one ? load.Records.Of(one).Length : load.Unreadable)];
        long unreadable = unread.Max();
        bool scannedAll = result?.IdentitiesSearched == gallery.Identities;
        bool complete = scannedAll && unreadable == 0;
        return new PartitionAnswer
        {
            Partition = Id,
            Outcome = complete ? PartitionOutcome.Complete : PartitionOutcome.Partial,
            Reason = complete ? null
                : scannedAll ? $"{unreadable} records of partition {Id} cannot be read"
                : result?.Reason is { } reason ? reason
                : result is null ? $"the deadline passed while partition {Id} had the search queued"
                : $"the deadline passed after {result.IdentitiesSearched} of {gallery.Identities} identities"
                    + $" of partition {Id}",
            RetryAfter = scannedAll ? null : RetrySoon,
            IdentitiesHeld = gallery.Identities + unreadable,
            IdentitiesSearched = result?.IdentitiesSearched ?? 0,
            Comparisons = result?.Comparisons ?? 0,
            QueueTime = queued,
            ScanTime = scanned,
            FirstStageTime = result?.FirstStageTime ?? TimeSpan.Zero,
            Results = result is null ? [] : [.. result.Results.Select((hits, i) => WithUnread(hits, unread[i]))],
        };
    }

    /// <summary>
    /// An unreadable record may name the gallery asked for and may be the person: it counts as held and not searched.
    /// </summary>
    private static SearchHits WithUnread(SearchHits hits, long unread) => unread == 0 ? hits : hits with
    {
        GalleryKnown = true,
        PersonKnown = true,
        Count = hits.Count is { } count ? count with { Held = count.Held + unread } : null,
    };
}
