using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// What waits for the writer thread, bounded in count and bytes. An append larger than the byte limit is
/// still admitted to an empty queue, otherwise it could never be written.
/// </summary>
internal sealed class SqliteQueue
{
    private readonly object gate = new();
    private readonly Queue<SqliteJob> jobs = new();
    private long bytes;
    private bool closed;

    /// <summary>Null where the job was queued, else why not.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Outage? Offer(SqliteJob job)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(SqliteGalleryStore));
            if (jobs.Count >= Limits.QueuedAppends
                || (jobs.Count > 0 && bytes + job.Bytes > Limits.QueuedAppendBytes))
            {
                return new Outage(
                    $"{jobs.Count} appends of {bytes} bytes wait for the disk, "
                    + $"limits {Limits.QueuedAppends} and {Limits.QueuedAppendBytes}",
                    MayRetry: true);
            }

            jobs.Enqueue(job);
            bytes += job.Bytes;
            Monitor.Pulse(gate);
            return null;
        }
    }

    /// <summary>Nothing is admitted any more; what waits is still taken.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>
    /// Waits for work, then takes all that may share one commit. Blocks: for the writer thread only.
    /// </summary>
    /// <param name="group">Empty, with room for <see cref="Limits.AppendsPerCommit"/>: a job that was taken is never
    /// lost for want of memory. Filled with what waits.</param>
    /// <param name="patience">Time without work after which the group stays empty.</param>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<SqliteJob> group, TimeSpan patience)
    {
        lock (gate)
        {
            while (group.Count == 0)
            {
                while (jobs.Count == 0)
                {
                    if (closed)
                    {
                        return false;
                    }

                    if (!Monitor.Wait(gate, patience))
                    {
                        return true;
                    }
                }

                TakeGroup(group);
            }

            return true;
        }
    }

    private void TakeGroup(List<SqliteJob> group)
    {
        long groupBytes = 0;
        while (jobs.TryPeek(out SqliteJob? job) && group.Count < Limits.AppendsPerCommit)
        {
            if (group.Count > 0 && (job.RunsAlone || groupBytes + job.Bytes > Limits.BytesPerCommit))
            {
                return;
            }

            jobs.Dequeue();
            bytes -= job.Bytes;
            if (job.TryTake())
            {
                group.Add(job);
                groupBytes += job.Bytes;
                if (job.RunsAlone)
                {
                    return;
                }
            }
        }
    }
}
