using System.Globalization;
using System.Security.Cryptography;
using MatchCluster.Matching;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The change logs of a cluster (<see cref="RedisFeedScripts"/>). Whoever appends takes what it left soon afterwards;
/// whoever reads takes first what is left of all partitions, so that a read shows every change that was acked before
/// it, also where the one who wrote it is gone.
/// </summary>
internal sealed class RedisFeed(RedisSession session, int partitions, int rows) : IChangeLog
{
    private readonly RedisFeedTake take = new(session, partitions, rows);
    private readonly Lock gate = new();
    private readonly HashSet<int> waiting = [];
    private Task taking = Task.CompletedTask;
    private bool closed;

    /// <summary>Begins the feed of a partition with what it holds.</summary>
    public async ValueTask BeginAsync(
        int partition, long epoch, IReadOnlyDictionary<string, GalleryState> states, CancellationToken cancel)
    {
        // The galleries that a partition holds nothing of any more are found at the other side.
        string feed = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        RedisKey[] keys = [session.Keys.State(partition), session.Keys.Outbox(partition)];
        RedisValue[] arguments = [epoch, feed, FeedCodec.Begin(states)];
        await session.RepeatAsync(_ => session.RunAsync(RedisFeedScripts.Begin, keys, arguments), cancel);
        await TakeAsync(partition, cancel);
    }

    /// <summary>Takes a partition's changes into the logs beside what comes next.</summary>
    public void TakeSoon(int partition)
    {
        lock (gate)
        {
            if (!closed && waiting.Add(partition) && taking.IsCompleted)
            {
                taking = Task.Run(TakeWaitingAsync);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ChangePage> ReadAsync(string gallery, long after, int most, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, Limits.ChangesPerRead);
        await TakeAllAsync(cancel);
        RedisKey[] keys = [session.Keys.Taken, session.Keys.LogHead(gallery), session.Keys.Log(gallery)];
        RedisValue[] arguments = [after, most];
        RedisResult[] read = (RedisResult[])(await session.RepeatAsync(
            _ => session.RunAsync(RedisFeedScripts.Read, keys, arguments), cancel))!;
        GalleryState? state = (int)read[0] >= partitions ? FeedCodec.ReadState((byte[]?)read[3]) : null;
        ChangePosition position = new(Number(read[1]), Number(read[2]), state);
        Change[] changes = new Change[read.Length - 4];
        for (int i = 0; i < changes.Length; i++)
        {
            changes[i] = FeedCodec.ReadRow(after + 1 + i, (byte[])read[4 + i]!)
                ?? throw new StoreException($"{session.Keys}: a line of the change log cannot be read");
        }

        return new ChangePage(position, changes);
    }

    /// <summary>Takes what waits and no more.</summary>
    public Task CloseAsync()
    {
        lock (gate)
        {
            closed = true;
            return taking;
        }
    }

    /// <summary>A take that fails is made by the next one or by the next reader.</summary>
    private async Task TakeWaitingAsync()
    {
        while (true)
        {
            int[] now;
            lock (gate)
            {
                now = [.. waiting];
                waiting.Clear();
                if (now.Length == 0)
                {
                    // Under the lock: whoever adds next sees that nobody takes.
                    taking = Task.CompletedTask;
                    return;
                }
            }

            foreach (int partition in now)
            {
                try
                {
                    await TakeAsync(partition, CancellationToken.None);
                }
                catch (StoreException)
                {
                    // Readers are told of it by their own take.
                }
            }
        }
    }

    private async Task TakeAllAsync(CancellationToken cancel)
    {
        Task<RedisValue>[] fronts = await session.RepeatAsync(
            async database =>
            {
                Task<RedisValue>[] asked =
                [
                    .. Enumerable.Range(0, partitions).Select(partition => database.ListGetByIndexAsync(
                        session.Keys.Outbox(partition), 0, CommandFlags.DemandMaster)),
                ];
                await Task.WhenAll(asked);
                return asked;
            },
            cancel);
        for (int partition = 0; partition < partitions; partition++)
        {
            if (!(await fronts[partition]).IsNull)
            {
                await TakeAsync(partition, cancel);
            }
        }
    }

    /// <summary>Takes until nothing is left that was there when it began, and perhaps more.</summary>
    private async Task TakeAsync(int partition, CancellationToken cancel)
    {
        while (await take.RunAsync(partition, cancel))
        {
        }
    }

    private static long Number(RedisResult text) =>
        long.Parse((string)text!, NumberStyles.None, CultureInfo.InvariantCulture);
}
