using MatchCluster.Matching;
using MatchCluster.Matching.Model;

namespace MatchCluster.Grains.Redis;

/// <summary>Appends of a store that wait or are on their way, bounded in count and bytes.</summary>
internal sealed class RedisAdmission
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int count;
    private long bytes;
    private bool closed;

    /// <summary>Null where it was admitted, else why not.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Outage? TryEnter(long appendBytes)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(RedisGalleryStore));
            if (count >= Limits.QueuedAppends
                || (count > 0 && bytes + appendBytes > Limits.QueuedAppendBytes))
            {
                return new Outage(
                    $"{count} appends of {bytes} bytes wait for Redis, "
                    + $"limits {Limits.QueuedAppends} and {Limits.QueuedAppendBytes}",
                    MayRetry: true);
            }

            count++;
            bytes += appendBytes;
            return null;
        }
    }

    public void Leave(long appendBytes)
    {
        lock (gate)
        {
            count--;
            bytes -= appendBytes;
            if (closed && count == 0)
            {
                empty.TrySetResult();
            }
        }
    }

    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public void CheckOpen()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(RedisGalleryStore));
        }
    }

    /// <summary>Admits nothing more and waits until all that was admitted is answered.</summary>
    public Task CloseAsync()
    {
        lock (gate)
        {
            closed = true;
            return count == 0 ? Task.CompletedTask : empty.Task;
        }
    }
}
