using System.Threading.Channels;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// The one writer of a partition: takes every batch that waits, stages them in order, makes them durable in one
/// append, then visible in one snapshot, then acks. Durable, visible, acked: never another order.
/// </summary>
internal sealed class PartitionWriter : IAsyncDisposable
{
    /// <summary>Writes that share one append: bounds the time the first of them waits for the last.</summary>
    private const int WritesPerAppend = 1024;

    private readonly Channel<PendingBatch> queue = Channel.CreateBounded<PendingBatch>(
        new BoundedChannelOptions(Limits.QueuedWritesPerPartition) { SingleReader = true });

    private readonly PartitionId partition;
    private readonly IGalleryStore store;
    private readonly GalleryTable table;
    private readonly MovesUnderWay moves;
    private readonly TimeProvider clock;
    private readonly long epoch;
    private readonly PartitionJournal journal;
    private readonly Action<Outage> failed;
    private readonly Task running;
    private Outage? stopped;

    /// <param name="failed">
    /// Told once why the partition must stop: a newer owner, an append that nobody knows the outcome of, or a bug in a
    /// commit. Nothing is written behind that.
    /// </param>
    public PartitionWriter(
        PartitionId partition, long epoch, IGalleryStore store, GalleryTable table, MovesUnderWay moves,
        TimeProvider clock, PartitionJournal journal, Action<Outage> failed)
    {
        this.partition = partition;
        this.epoch = epoch;
        this.store = store;
        this.table = table;
        this.moves = moves;
        this.clock = clock;
        this.journal = journal;
        this.failed = failed;
        running = Task.Run(RunAsync);
    }

    public bool TryEnqueue(PendingBatch pending) => queue.Writer.TryWrite(pending);

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await running;
    }

    private async Task RunAsync()
    {
        List<PendingBatch> group = [];
        while (await queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            int writes = 0;
            while (writes < WritesPerAppend && queue.Reader.TryRead(out PendingBatch? pending))
            {
                group.Add(pending);
                writes += pending.Batch.Writes.Count;
            }

            if (stopped is not null)
            {
                group.ForEach(pending => pending.Fail(stopped));
                continue;
            }

            try
            {
                await CommitAsync(group);
                table.EndReservation();
            }
            catch (StoreException broken)
            {
                table.EndReservation();
                group.ForEach(pending => pending.Fail(new Outage(broken.Message, MayRetry: true)));
            }
            catch (Exception bug)
            {
                // Memory and store may disagree now: the partition says so instead of answering.
                Stop(new Outage($"a bug stopped the writer of partition {partition}: {bug.Message}", MayRetry: false));
                group.ForEach(pending => pending.Throw(bug));
            }
        }
    }

    private async Task CommitAsync(List<PendingBatch> group)
    {
        WriteStage stage = new(partition, store, table, moves, clock);
        foreach (PendingBatch pending in group)
        {
            await stage.AddAsync(pending, CancellationToken.None);
        }

        if (stage.Writes.Count > 0)
        {
            AppendResult result = await AppendAsync(stage.Writes);
            if (result.Outcome != AppendOutcome.Applied)
            {
                Outage outage = Explain(result);
                group.ForEach(pending => pending.Fail(outage));
                return;
            }

            table.Apply(stage.Changes);
            moves.Apply(stage.Changes);
        }

        group.ForEach(pending => pending.Complete());
    }

    /// <summary>In the journal before it is sent, settled when its outcome is known: see there why.</summary>
    private async Task<AppendResult> AppendAsync(IReadOnlyList<StoreWrite> writes)
    {
        journal.Begin(writes.Select(write => write.PersonId).Distinct(StringComparer.Ordinal));
        AppendResult result;
        try
        {
            result = await store.AppendAsync(partition, epoch, writes, CancellationToken.None);
        }
        catch (StoreException broken)
        {
            result = new AppendResult(AppendOutcome.Unknown, Outage: new Outage(broken.Message, MayRetry: true));
        }

        if (result.Outcome != AppendOutcome.Unknown)
        {
            journal.Settle();
        }

        return result;
    }

    private Outage Explain(AppendResult result) => result.Outcome switch
    {
        AppendOutcome.Failed => result.Outage ?? new Outage("the store could not write", MayRetry: true),

        // What memory lacks the store may have: answering on would hide acked or half-known records.
        AppendOutcome.Unknown => Stop(new Outage(
            $"partition {partition} stopped behind a write whose outcome is not known and has to be opened again: "
            + (result.Outage?.Reason ?? "the store did not say why"),
            MayRetry: true)),
        _ => Stop(new Outage(
            $"partition {partition} has a newer owner (epoch {result.CurrentEpoch}, ours {epoch})", MayRetry: true)),
    };

    private Outage Stop(Outage reason)
    {
        stopped = reason;
        failed(reason);
        return reason;
    }
}
