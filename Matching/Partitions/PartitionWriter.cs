using System.Threading.Channels;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// The one writer of a partition: takes every batch that waits, stages them in order, makes them durable in one
/// append, then visible in one snapshot, then acks. The order is always durable, visible, acked.
/// </summary>
internal sealed class PartitionWriter : IAsyncDisposable
{
    /// <summary>Writes that share one append: bounds the time the first of them waits for the last.</summary>
    private const int WritesPerAppend = 1024;

    // Made before it is needed: there may be no memory for it then.
    private static readonly Outage NoMemory =
        new("memory is exhausted; nothing was written", MayRetry: true);

    private readonly Channel<PendingBatch> queue = Channel.CreateBounded<PendingBatch>(
        new BoundedChannelOptions(Limits.QueuedWritesPerPartition) { SingleReader = true });

    private readonly PartitionId partition;
    private readonly IGalleryStore store;
    private readonly GalleryTable table;
    private readonly MovesUnderWay moves;
    private readonly TimeProvider clock;
    private readonly long epoch;
    private readonly PartitionJournal journal;
    private readonly Action<Outage, Exception?> failed;
    private readonly PartitionImage? image;
    private readonly UnreadableRecords unreadable;
    private readonly FeedNotes? feed;
    private readonly Task running;
    private volatile Outage? stopped;
    private volatile bool hasNewerOwner;
    private bool wasSent;

    /// <param name="failed">
    /// Told once why the partition must stop: a newer owner, an append that nobody knows the outcome of, or an error
    /// after it was sent. Nothing is written after that.
    /// </param>
    /// <param name="unreadable">The records that no load could read.</param>
    /// <param name="image">Goes before somebody in it is deleted.</param>
    /// <param name="feed">Notes changes for the store's change logs; null where it keeps none.</param>
    public PartitionWriter(
        PartitionId partition, long epoch, IGalleryStore store, GalleryTable table, MovesUnderWay moves,
        TimeProvider clock, PartitionJournal journal, Action<Outage, Exception?> failed, UnreadableRecords unreadable,
        PartitionImage? image = null, FeedNotes? feed = null)
    {
        this.feed = feed;
        this.partition = partition;
        this.epoch = epoch;
        this.store = store;
        this.table = table;
        this.moves = moves;
        this.clock = clock;
        this.journal = journal;
        this.failed = failed;
        this.image = image;
        this.unreadable = unreadable;
        running = Task.Run(RunAsync);
    }

    public bool TryEnqueue(PendingBatch pending) => queue.Writer.TryWrite(pending);

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await running;
    }

    /// <summary>
    /// Never ends with batches waiting: whatever goes wrong, memory running out included, is their answer.
    /// </summary>
    private async Task RunAsync()
    {
        List<PendingBatch> group = new(Limits.QueuedWritesPerPartition);
        try
        {
            while (await queue.Reader.WaitToReadAsync())
            {
                group.Clear();
                Take(group);
                await RunAsync(group);
            }
        }
        catch (Exception bug)
        {
            // Not even the queue works: the partition is opened again with another one.
            EachOf(group, pending => pending.Fail(StopAfter(bug)));
            queue.Writer.TryComplete();
            while (queue.Reader.TryRead(out PendingBatch? pending))
            {
                EachOf([pending], one => one.Fail(stopped!));
            }
        }
    }

    private void Take(List<PendingBatch> group)
    {
        int writes = 0;
        long pictures = 0;
        while (writes < WritesPerAppend && pictures < Limits.PictureBytesPerGroup && group.Count < group.Capacity
            && queue.Reader.TryPeek(out PendingBatch? next) && (group.Count == 0 || MayShare(group[0], next))
            && queue.Reader.TryRead(out PendingBatch? pending))
        {
            group.Add(pending);
            writes += pending.Batch.Writes.Count;
            pictures += pending.PictureBytes;
        }
    }

    /// <summary>A batch in a turn is alone in its append: it may be refused as a whole.</summary>
    private static bool MayShare(PendingBatch first, PendingBatch next) =>
        first.Batch.Leases.Count == 0 && next.Batch.Leases.Count == 0;

    private async Task RunAsync(List<PendingBatch> group)
    {
        if (stopped is { } reason)
        {
            EachOf(group, pending => pending.Fail(reason));
            return;
        }

        wasSent = false;
        try
        {
            await CommitAsync(group);
            table.EndReservation();
        }
        catch (Exception bug) when (wasSent)
        {
            // Memory and store may disagree now: the partition says so instead of answering.
            Outage outage = StopAfter(bug);
            EachOf(group, pending => pending.Fail(outage));
        }
        catch (StoreException broken)
        {
            table.EndReservation();
            EachOf(group, pending => pending.Fail(broken.Outage));
        }
        catch (OutOfMemoryException)
        {
            table.EndReservation();
            EachOf(group, pending => pending.Fail(NoMemory));
        }
        catch (Exception bug)
        {
            // Nothing was sent, and memory is as it was.
            table.EndReservation();
            EachOf(group, pending => pending.Throw(bug));
        }
    }

    /// <summary>
    /// One that cannot be told, because memory is exhausted, does not keep the others from being told.
    /// </summary>
    private static void EachOf(List<PendingBatch> group, Action<PendingBatch> tell)
    {
        for (int i = 0; i < group.Count; i++)
        {
            try
            {
                tell(group[i]);
            }
            catch (OutOfMemoryException bug)
            {
                group[i].Throw(bug);
            }
        }
    }

    private Outage StopAfter(Exception bug) => stopped ?? Stop(
        new Outage(
            $"partition {partition} stopped after an error while it wrote ({bug.GetType().Name}) and has to be opened "
            + "again",
            MayRetry: true),
        bug);

    private async Task CommitAsync(List<PendingBatch> group)
    {
        WriteStage stage = new(partition, store, table, moves, unreadable, clock, feed);
        foreach (PendingBatch pending in group)
        {
            await stage.AddAsync(pending, CancellationToken.None);
        }

        IReadOnlyList<GalleryLease> leases = group[0].Batch.Leases;
        bool onlyNotes = leases.Count > 0 && group[0].Batch.Writes.Count == 0;
        if (stage.Writes.Count > 0 || onlyNotes)
        {
            if (image is not null && stage.Changes.Any(Erases))
            {
                image.BeforeErasure();
            }

            AppendResult result = await AppendAsync(stage.Writes, leases);
            if (result.Outcome != AppendOutcome.Applied)
            {
                Outage outage = Explain(result);
                group.ForEach(pending => pending.Fail(outage));
                return;
            }

            table.Apply(stage.Changes);
            moves.Apply(stage.Changes);
            unreadable.Apply(stage.Changes);
        }

        group.ForEach(pending => pending.Complete());
    }

    private bool Erases(TableChange change) => change.Encounter is null
        || (change.Rows is not null && table.Has(change.PersonId, change.EncounterId));

    /// <summary>
    /// Notes the writes in the journal before they are sent and settles them when the outcome is
    /// known. See <see cref="PartitionJournal"/> for the reason.
    /// </summary>
    private async Task<AppendResult> AppendAsync(
        IReadOnlyList<StoreWrite> writes, IReadOnlyList<GalleryLease> leases)
    {
        journal.Begin(writes.Select(write => write.PersonId).Distinct(StringComparer.Ordinal));
        AppendResult result;
        wasSent = true;
        try
        {
            result = await store.AppendAsync(partition, epoch, writes, leases, CancellationToken.None);
        }
        catch (StoreException broken)
        {
            result = new AppendResult(AppendOutcome.Unknown, Outage: broken.Outage);
        }

        if (result.Outcome != AppendOutcome.Unknown)
        {
            journal.Settle();
        }

        return result;
    }

    /// <summary>Whether it stopped because somebody else opened the partition after it.</summary>
    public bool HasNewerOwner => hasNewerOwner;

    private Outage Explain(AppendResult result) => result.Outcome switch
    {
        AppendOutcome.Overtaken => new Outage(
            "the turn of the gallery ended and somebody else has it; nothing was written", MayRetry: true),
        AppendOutcome.Failed => result.Outage ?? new Outage("the store could not write", MayRetry: true),

        // What memory lacks the store may have: answering on would hide acked or half-known records.
        AppendOutcome.Unknown => Stop(new Outage(
            $"partition {partition} stopped behind a write whose outcome is not known and has to be opened again: "
            + (result.Outage?.Reason ?? "the store did not say why"),
            MayRetry: true)),
        _ => StopFor(result.CurrentEpoch),
    };

    private Outage StopFor(long newer)
    {
        hasNewerOwner = true;
        return Stop(new Outage(
            $"partition {partition} has a newer owner (epoch {newer}, ours {epoch})", MayRetry: true));
    }

    private Outage Stop(Outage reason, Exception? cause = null)
    {
        stopped = reason;
        failed(reason, cause);
        return reason;
    }
}
