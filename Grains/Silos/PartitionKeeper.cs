using MatchCluster.Grains.Catalogue;
using MatchCluster.Grains.Contracts;
using MatchCluster.Grains.Placements;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Keeps what is active on this silo equal to what the catalogue gives it: opens partitions that are its own and
/// nowhere active, hands on those that are another's, two at a time (a silo that joins is loaded by every other one
/// at once; more would take the engine's threads from the searches). Tells the catalogue of new galleries.
/// </summary>
internal sealed partial class PartitionKeeper(
    HostedPartitions hosted, Standbys standbys, OwnersView owners, CatalogueMembership seat, Handover handover,
    UnfinishedMoves moves, SiloInstruments instruments,
    IClusterMembershipService membership, ILocalSiloDetails self, IGrainFactory grains, TimeProvider clock,
    ILogger<PartitionKeeper> log)
    : BackgroundService
{
    /// <summary>
    /// The time between two looks; both must see equal owners, so that a start or a crash has settled.
    /// </summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>A partition that could not be handed over is tried again; a load costs more than a look.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private const int HandoversAtOnce = 2;

    private readonly SemaphoreSlim handingOn = new(1);
    private readonly HashSet<string> galleries = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> failedAt = [];

    /// <summary>Hands on everything that is here, as long as there is progress and somebody to take it.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        bool hasLeft = await HasLeftAsync(cancel);
        await handingOn.WaitAsync(cancel);
        try
        {
            await new SiloDrain(LookAsync, HandOnAsync, clock, log).RunAsync(HandoversAtOnce, cancel);
        }
        finally
        {
            handingOn.Release();
        }

        async Task<DrainPicture> LookAsync()
        {
            hasLeft = hasLeft || await HasLeftAsync(cancel);
            PartitionOwners decided = await owners.AskAsync().WaitAsync(cancel);
            Dictionary<string, SiloAddress> addresses = Addresses();
            return new DrainPicture(
                hosted.Active.Keys.ToDictionary(
                    partition => partition,
                    partition => partition < decided.Silos.Length ? decided.Silos[partition] : self.Name),
                [.. decided.Hosts.Where(silo => silo != self.Name && addresses.ContainsKey(silo))],
                IsHeard: hasLeft && !decided.Hosts.Contains(self.Name));
        }
    }

    public override void Dispose()
    {
        handingOn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        instruments.Observe(hosted, standbys);
        long settled = 0;
        using PeriodicTimer timer = new(Look, clock);
        while (await TickAsync(timer, stoppingToken))
        {
            try
            {
                PartitionOwners decided = await owners.AskAsync().WaitAsync(stoppingToken);
                await seat.StayAsync(decided);
                if (decided.Version == settled)
                {
                    await OpenOwnAsync(decided.Silos, stoppingToken);
                    await HandOnAsync(decided.Silos, stoppingToken);
                    await NoteGalleriesAsync();
                    await moves.FinishAsync();
                    await standbys.ForgetAsync();
                }

                settled = decided.Version;
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, failed);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partitions could not be kept in place; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception failed);

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A call opens a partition that is nowhere; where it is, it stays until it is handed over.</summary>
    private async Task OpenOwnAsync(string[] silos, CancellationToken stopping)
    {
        int[] missing = [.. Enumerable.Range(0, silos.Length)
            .Where(partition => silos[partition] == self.Name && hosted.Find(partition) is null)];
        await Task.WhenAll(missing.Select(
            partition => grains.GetGrain<IIdentityPartitionGrain>(partition).StatusAsync(stopping)));
    }

    private async Task<bool> HasLeftAsync(CancellationToken cancel)
    {
        try
        {
            await seat.LeaveAsync(cancel);
            return true;
        }
        catch (Exception lost) when (!cancel.IsCancellationRequested)
        {
            LogFailed(log, lost);
            return false;
        }
    }

    private async Task<bool> HandOnAsync(int partition, string silo, Action<long> loaded, CancellationToken cancel) =>
        hosted.Find(partition) is not { } here
        || (Addresses().TryGetValue(silo, out SiloAddress? address)
            && await handover.RunAsync(here, silo, address, loaded, cancel));

    /// <summary>The look and the drain may both want to; a partition is handed on by one of them.</summary>
    private async Task HandOnAsync(string[] silos, CancellationToken stopping)
    {
        await handingOn.WaitAsync(stopping);
        try
        {
            await HandOnInTurnAsync(silos, stopping);
        }
        finally
        {
            handingOn.Release();
        }
    }

    private async Task HandOnInTurnAsync(string[] silos, CancellationToken stopping)
    {
        Dictionary<string, SiloAddress> addresses = Addresses();
        HostedPartition[] others = [.. hosted.Active.Values.Where(here =>
            IsAnothers(here.Partition.Id.Number, silos) && !HasJustFailed(here.Partition.Id.Number))];
        await Parallel.ForEachAsync(
            others, new ParallelOptions { MaxDegreeOfParallelism = HandoversAtOnce, CancellationToken = stopping },
            async (here, cancel) =>
            {
                int partition = here.Partition.Id.Number;
                if (await IsHalfLoadedAsync(here.Partition))
                {
                    return;
                }

                try
                {
                    if (addresses.TryGetValue(silos[partition], out SiloAddress? address)
                        && !await handover.RunAsync(here, silos[partition], address, _ => { }, cancel))
                    {
                        Failed(partition);
                    }
                }
                catch (Exception failed) when (!cancel.IsCancellationRequested)
                {
                    // The other silo died or does not answer; the next look knows more. The other partitions go on.
                    LogFailed(log, failed);
                }
            });
    }

    /// <summary>
    /// A load that is half done is let finish and its partition moved at a later look, loaded at its new place before;
    /// the other one would begin from the start. A load that has just begun is cheaper to begin where it is
    /// to stay.
    /// </summary>
    internal static async ValueTask<bool> IsHalfLoadedAsync(IPartition partition)
    {
        PartitionStatus status = await partition.StatusAsync(default);
        return status.State == PartitionState.Loading && status.Loaded > 0 && status.Loaded >= status.ToLoad / 2;
    }

    private async Task NoteGalleriesAsync()
    {
        List<string> unknown = [];
        foreach (HostedPartition here in hosted.Active.Values)
        {
            PartitionStatus status = await here.Partition.StatusAsync(default);
            unknown.AddRange(status.Galleries.Keys.Where(gallery => !galleries.Contains(gallery)));
        }

        if (unknown.Count > 0)
        {
            await grains.GetGrain<ICatalogueGrain>(ICatalogueGrain.Key).NoteGalleriesAsync([.. unknown.Distinct()]);
            galleries.UnionWith(unknown);
        }
    }

    private bool IsAnothers(int partition, string[] silos) =>
        partition < silos.Length && silos[partition] != self.Name;

    private bool HasJustFailed(int partition)
    {
        lock (failedAt)
        {
            return failedAt.TryGetValue(partition, out long at) && clock.GetElapsedTime(at) < AfterFailure;
        }
    }

    private void Failed(int partition)
    {
        lock (failedAt)
        {
            failedAt[partition] = clock.GetTimestamp();
        }
    }

    /// <summary>Active silos by name; where two have one name, the one that started last.</summary>
    private Dictionary<string, SiloAddress> Addresses()
    {
        Dictionary<string, SiloAddress> addresses = new(StringComparer.Ordinal);
        foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active).OrderBy(member => member.SiloAddress.Generation))
        {
            addresses[member.Name] = member.SiloAddress;
        }

        return addresses;
    }
}
