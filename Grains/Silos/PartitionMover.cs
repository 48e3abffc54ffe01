using System.Diagnostics;
using MatchCluster.Grains.Clients;
using MatchCluster.Matching.Partitions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Metadata;
using Orleans.Runtime.Placement;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Sends partitions that a changed cluster gives to another silo there. Orleans places an activation once and leaves
/// it; a silo that joins would stay empty. One partition at a time, the next when the last is loaded at its new
/// place: a search in between is partial by one partition of this silo at most.
/// </summary>
internal sealed partial class PartitionMover(
    LocalPartitions local, PartitionHost host, IClusterMembershipService membership,
    IClusterManifestProvider manifest, ILocalSiloDetails self, IGrainFactory grains,
    ILogger<PartitionMover> log)
    : BackgroundService
{
    /// <summary>Between two looks; both must see the same silos, so that a start or a crash has settled.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>A partition that needs longer to load at its new place is not waited for.</summary>
    private static readonly TimeSpan LongestLoad = TimeSpan.FromMinutes(2);

    private static readonly GrainType Partition = GrainType.Create("identity-partition");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        GrainDirectory directory = new(grains, host.PartitionCount);
        SortedDictionary<string, SiloAddress> before = [];
        using PeriodicTimer timer = new(Look);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            SortedDictionary<string, SiloAddress> hosts = Hosts();
            try
            {
                if (hosts.SequenceEqual(before) && hosts.ContainsValue(self.SiloAddress))
                {
                    await MoveOneAsync(directory, hosts, stoppingToken);
                }
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, failed);
            }

            before = hosts;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} moves to silo {Silo}")]
    private static partial void LogMove(ILogger log, int partition, string silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A partition could not be moved; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception failed);

    private async Task MoveOneAsync(
        GrainDirectory directory, SortedDictionary<string, SiloAddress> hosts, CancellationToken stopping)
    {
        string[] owners = Rendezvous.Assign(host.PartitionCount, hosts.Keys);
        foreach ((int partition, IGrainContext activation) in local.Active)
        {
            SiloAddress owner = hosts[owners[partition]];
            if (owner.Equals(self.SiloAddress))
            {
                continue;
            }

            LogMove(log, partition, owners[partition]);
            activation.Migrate(
                new Dictionary<string, object> { [IPlacementDirector.PlacementHintKey] = owner }, stopping);
            await activation.Deactivated.WaitAsync(LongestLoad, stopping);
            await LoadedAsync(directory.All[partition], stopping);
            return;
        }
    }

    private static async Task LoadedAsync(IPartition partition, CancellationToken stopping)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (waited.Elapsed < LongestLoad
            && (await partition.StatusAsync(stopping)).State != PartitionState.Ready)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), stopping);
        }
    }

    /// <summary>Silos that are active and host partitions, by name.</summary>
    private SortedDictionary<string, SiloAddress> Hosts()
    {
        SortedDictionary<string, SiloAddress> hosts = new(StringComparer.Ordinal);
        foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Status == SiloStatus.Active
                && manifest.Current.Silos.TryGetValue(member.SiloAddress, out GrainManifest? offers)
                && offers.Grains.ContainsKey(Partition))
            {
                hosts[member.Name] = member.SiloAddress;
            }
        }

        return hosts;
    }
}
