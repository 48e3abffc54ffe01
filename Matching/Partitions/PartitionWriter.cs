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
    private readonly TimeProvider clock;
    private readonly long epoch;
    private readonly Action<string> failed;
    private readonly PartitionJournal journal;
    private readonly Task running;

    /// <param name="failed">Told why the partition must stop: a newer owner, or a bug in a commit.</param>
    public PartitionWriter(
        PartitionId partition, long epoch, IGalleryStore store, GalleryTable table, TimeProvider clock,
        PartitionJournal journal, Action<string> failed)
    {
        this.partition = partition;
        this.epoch = epoch;
        this.store = store;
        this.table = table;
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

            try
            {
                await CommitAsync(group);
            }
            catch (StoreException broken)
            {
                group.ForEach(pending => pending.Fail(new Outage(broken.Message, MayRetry: true)));
            }
            catch (Exception bug)
            {
                // Memory and store may disagree now: the partition says so instead of answering.
                failed($"a bug stopped the writer of partition {partition}: {bug.Message}");
                group.ForEach(pending => pending.Throw(bug));
            }
        }
    }

    private async Task CommitAsync(List<PendingBatch> group)
    {
        WriteStage stage = new(partition, store, table, clock);
        foreach (PendingBatch pending in group)
        {
            await stage.AddAsync(pending, CancellationToken.None);
        }

        if (stage.Writes.Count > 0)
        {
            journal.Begin(stage.Writes.Select(write => write.PersonId));
            AppendResult result = await store.AppendAsync(partition, epoch, stage.Writes, CancellationToken.None);
            journal.Settle();
            if (result.Outcome != AppendOutcome.Applied)
            {
                group.ForEach(pending => pending.Fail(Explain(result)));
                return;
            }

            table.Apply(stage.Changes);
        }

        group.ForEach(pending => pending.Complete());
    }

    private Outage Explain(AppendResult result)
    {
        if (result.Outcome == AppendOutcome.Failed)
        {
            return result.Outage ?? new Outage("the store could not write", MayRetry: true);
        }

        string reason = $"partition {partition} has a newer owner (epoch {result.CurrentEpoch}, ours {epoch})";
        failed(reason);
        return new Outage(reason, MayRetry: true);
    }
}
