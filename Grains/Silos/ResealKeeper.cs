using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Seals the partitions of this silo again, beside searches and writes, where their records may be plain or under older
/// keys: each one once after it was opened here, and once after a gallery got a new key. Older keys stay: another silo
/// may still need them.
/// </summary>
internal sealed partial class ResealKeeper(
    IGalleryStore store, HostedPartitions hosted, TimeProvider clock, ILogger<ResealKeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(20);

    private readonly Dictionary<LocalPartition, string> done = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.Keys is not { } keys)
        {
            return;
        }

        using PeriodicTimer timer = new(Look, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(keys, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops; whoever opens its partitions goes on.
        }
    }

    /// <summary>Looks once at every partition that is here.</summary>
    internal async Task LookAsync(KeyRing keys, CancellationToken cancel)
    {
        HostedPartition[] here = [.. hosted.Active.Values];
        foreach (LocalPartition gone in done.Keys.Except(here.Select(one => one.Partition)).ToArray())
        {
            done.Remove(gone);
        }

        foreach (LocalPartition partition in here.Select(one => one.Partition))
        {
            try
            {
                await ResealAsync(partition, keys, cancel);
            }
            catch (Exception failed) when (failed is StoreException or KeyException or ObjectDisposedException)
            {
                // It moved, or the store is away: the next look tries again.
                LogFailed(log, failed, partition.Id.Number);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Resealed} of {Records} records of partition {Partition} were encrypted with the keys of today, "
            + "{Unreadable} cannot be read")]
    private static partial void LogDone(ILogger log, long resealed, long records, int partition, long unreadable);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Records of partition {Partition} could not be encrypted with the keys of today; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception failed, int partition);

    private async Task ResealAsync(LocalPartition partition, KeyRing keys, CancellationToken cancel)
    {
        if (!partition.Loading.IsCompleted || partition.HasFailed)
        {
            return;
        }

        await keys.RefreshAsync(cancel);
        string latest = LatestOf(keys);
        if (done.GetValueOrDefault(partition) == latest
            || (await store.ReadBlobAsync(NameOf(partition), cancel) is { } sealedWith
                && latest == System.Text.Encoding.UTF8.GetString(sealedWith)))
        {
            done[partition] = latest;
            return;
        }

        ResealCount count = await partition.ResealAsync(cancel);
        LogDone(log, count.Resealed, count.Records, partition.Id.Number, count.Unreadable);
        await store.WriteBlobAsync(NameOf(partition), System.Text.Encoding.UTF8.GetBytes(latest), cancel);
        done[partition] = latest;
    }

    /// <summary>
    /// The galleries that were rotated, with the number of their latest key: what a new gallery leaves alone.
    /// </summary>
    private static string LatestOf(KeyRing keys) => "sealed" + string.Concat(
        keys.All.Where(key => key is { IsCurrent: true, Number: > 1 }).Select(key => $"\n{key.Number} {key.Gallery}"));

    private static string NameOf(LocalPartition partition) => $"records-sealed-{partition.Id.Number}";
}
