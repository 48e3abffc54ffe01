using System.Collections.Concurrent;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Partitions that this silo loads before they are its own. The owner asks for it, keeps it up to date and then sends
/// the activation, which takes what is here. One that the owner no longer asks for is forgotten.
/// </summary>
internal sealed partial class Standbys(
    PartitionHost host, SiloInstruments instruments, TimeProvider clock, ILogger<Standbys> log)
    : IAsyncDisposable
{
    /// <summary>
    /// The owner asks ten times a second (<c>Handover.Look</c>); one that is silent for this long is gone.
    /// </summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<int, Entry> entries = new();

    public async Task<WarmState> WarmAsync(int partition, PartitionFrame from)
    {
        JournalMark mark = PartitionEndpoint.Accepted(JournalMarkFrame.Decode(from.Bytes));
        if (partition < 0 || partition >= host.PartitionCount)
        {
            throw new CallRejectedException($"partition {partition}, wanted 0 to {host.PartitionCount - 1}");
        }

        if (entries.TryGetValue(partition, out Entry? known) && known.From == mark)
        {
            return known.Seen(clock);
        }

        await CoolAsync(partition);
        LogWarm(log, partition);
        return entries.GetOrAdd(partition, number => Begin(mark, number)).Seen(clock);
    }

    /// <summary>Encounters that they have still to load.</summary>
    public long Lag => entries.Values.Sum(entry => Math.Max(0, entry.Standby.ToLoad - entry.Standby.Loaded));

    public async Task<WarmState> CatchUpAsync(int partition, PartitionFrame changes, CancellationToken cancel)
    {
        JournalTail tail = PartitionEndpoint.Accepted(JournalTailFrame.Decode(changes.Bytes));
        if (!entries.TryGetValue(partition, out Entry? entry))
        {
            return new WarmState(false, $"partition {partition} is not being loaded here", 0, 0);
        }

        bool follows = await Task.Run(
            async () => await entry.Standby.CatchUpAsync(tail, cancel), CancellationToken.None);
        WarmState state = entry.Seen(clock);
        return state with { IsReady = state.IsReady && follows };
    }

    public async Task CoolAsync(int partition)
    {
        if (entries.TryRemove(partition, out Entry? entry))
        {
            await entry.Standby.DisposeAsync();
        }
    }

    /// <summary>What was loaded of a partition, for its activation; null where nothing was.</summary>
    public StandbyPartition? Take(int partition) =>
        entries.TryRemove(partition, out Entry? entry) ? entry.Standby : null;

    /// <summary>Forgets what nobody has asked for in a while.</summary>
    public async Task ForgetAsync()
    {
        foreach ((int partition, Entry entry) in entries)
        {
            if (entry.IsOlderThan(Forgotten, clock))
            {
                await CoolAsync(partition);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (int partition in entries.Keys)
        {
            await CoolAsync(partition);
        }
    }

    private Entry Begin(JournalMark mark, int partition)
    {
        StandbyPartition standby = host.Warm(new PartitionId(partition), mark);
        _ = instruments.WatchLoadAsync(
            partition, isStandby: true, standby.Loading, () => standby.Failure is not null);
        return new Entry(mark, standby);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loading partition {Partition} to take it over")]
    private static partial void LogWarm(ILogger log, int partition);

    private sealed class Entry(JournalMark from, StandbyPartition standby)
    {
        private long seen;

        public JournalMark From => from;

        public StandbyPartition Standby => standby;

        public WarmState Seen(TimeProvider clock)
        {
            Volatile.Write(ref seen, clock.GetTimestamp());
            return new WarmState(
                standby.Loading.IsCompleted && standby.Failure is null, standby.Failure, standby.Loaded,
                standby.ToLoad);
        }

        public bool IsOlderThan(TimeSpan age, TimeProvider clock) =>
            clock.GetElapsedTime(Volatile.Read(ref seen)) > age;
    }
}
