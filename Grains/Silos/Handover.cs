using System.Diagnostics;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Partitions;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Hands a partition of this silo to another one without a gap: the other loads it from the store while this one goes
/// on serving, catches up with what changed meanwhile until little is left, then gets the activation and the last
/// changes with it. A partition that does not serve yet is sent as it is (<see cref="PartitionKeeper"/> lets a load
/// finish that is half done); one that cannot be loaded there (no memory,
/// no store) stays and goes on serving here.
/// </summary>
internal sealed partial class Handover(
    IGrainFactory grains, SiloInstruments instruments, ILogger<Handover> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>A load that brings nothing for so long hangs.</summary>
    private static readonly TimeSpan NoProgress = TimeSpan.FromSeconds(60);

    /// <summary>Calls of the activation that run when it is sent must end first.</summary>
    private static readonly TimeSpan LongestDeactivation = TimeSpan.FromSeconds(60);

    /// <summary>Persons that may change between two catch-ups before the next one is worth its time.</summary>
    private const int FewChanges = 16;

    /// <summary>Under a flood of writes the last part stays long however often one catches up.</summary>
    private const int MostCatchUps = 8;

    /// <returns>Whether the activation has left this silo.</returns>
    /// <param name="hosted">What is handed over.</param>
    /// <param name="silo">Name of the silo that takes it.</param>
    /// <param name="address">Its address.</param>
    /// <param name="loaded">Told how many encounters are loaded there, whenever they have become more.</param>
    /// <param name="stopping">Ends it; the partition stays here.</param>
    public Task<bool> RunAsync(
        HostedPartition hosted, string silo, SiloAddress address, Action<long> loaded, CancellationToken stopping) =>
        instruments.WatchHandoverAsync(
            hosted.Partition.Id.Number, silo, () => MoveAsync(hosted, silo, address, loaded, stopping));

    private async Task<bool> MoveAsync(
        HostedPartition hosted, string silo, SiloAddress address, Action<long> loaded, CancellationToken stopping)
    {
        int partition = hosted.Partition.Id.Number;
        ISiloGrain target = grains.GetGrain<ISiloGrain>(silo);
        long began = Stopwatch.GetTimestamp();
        bool serves = hosted.Partition.Loading.IsCompleted && !hosted.Partition.HasFailed;
        if (serves && !await WarmAsync(hosted, target, loaded, stopping))
        {
            return false;
        }

        hosted.Activation.Migrate(
            new Dictionary<string, object> { [IPlacementDirector.PlacementHintKey] = address }, CancellationToken.None);
        await hosted.Activation.Deactivated.WaitAsync(LongestDeactivation, stopping);
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        LogMoved(log, partition, silo, serves, took);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Partition {Partition} moved to silo {Silo} (loaded there before: {IsWarm}) in {Took}")]
    private static partial void LogMoved(ILogger log, int partition, string silo, bool isWarm, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Partition {Partition} stays: it cannot be loaded at silo {Silo}: {Reason}")]
    private static partial void LogStays(ILogger log, int partition, string silo, string reason);

    /// <summary>Has the partition loaded at its new place.</summary>
    private async Task<bool> WarmAsync(
        HostedPartition hosted, ISiloGrain target, Action<long> loaded, CancellationToken stopping)
    {
        int partition = hosted.Partition.Id.Number;
        JournalMark mark = hosted.Partition.Mark;
        PartitionFrame from = new(JournalMarkFrame.Encode(mark));
        WarmState state = await LoadedAsync(target, partition, from, loaded, stopping);
        if (!state.IsReady)
        {
            LogStays(log, partition, target.GetPrimaryKeyString(), state.Failure ?? "it makes no progress");
            await target.CoolAsync(partition);
            return false;
        }

        for (int round = 0; round < MostCatchUps; round++)
        {
            if (hosted.Partition.ChangesSince(mark) is not { } changes)
            {
                // Too much was written to remember: the new owner compares what it has with the store.
                break;
            }

            PartitionFrame frame = new(JournalTailFrame.Encode(changes));
            if (frame.Bytes.Length > MessageLimits.RequestBytes
                || !(await target.CatchUpAsync(partition, frame, stopping)).IsReady)
            {
                break;
            }

            mark = new JournalMark(changes.Epoch, changes.To);
            if (changes.Persons.Count <= FewChanges)
            {
                break;
            }
        }

        hosted.HandedOver = mark;
        return true;
    }

    private static async Task<WarmState> LoadedAsync(
        ISiloGrain target, int partition, PartitionFrame from, Action<long> loaded, CancellationToken stopping)
    {
        WarmState state = await target.WarmAsync(partition, from);
        long progressed = Stopwatch.GetTimestamp();
        while (!state.IsReady && state.Failure is null && Stopwatch.GetElapsedTime(progressed) < NoProgress)
        {
            await Task.Delay(Look, stopping);
            WarmState next = await target.WarmAsync(partition, from);
            if (next.Loaded > state.Loaded)
            {
                progressed = Stopwatch.GetTimestamp();
                loaded(next.Loaded);
            }

            state = next;
        }

        return state;
    }
}
