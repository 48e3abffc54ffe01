using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Partitions;
using Orleans.Metadata;

namespace MatchCluster.Grains.Members;

/// <summary>The partitions that a silo shall serve, and how far each of them is.</summary>
public sealed class OwnPartitions(
    PartitionHost host, LocalPartitions local, IClusterMembershipService membership,
    IClusterManifestProvider manifest, ILocalSiloDetails self, IGrainFactory grains)
{
    private static readonly GrainType Partition = GrainType.Create("identity-partition");

    private readonly GrainDirectory directory = new(grains, host.PartitionCount);

    /// <summary>Partitions of the whole store.</summary>
    public int PartitionsOfStore => host.PartitionCount;

    /// <summary>By number; a partition that is not here yet is asked where it is, which opens it.</summary>
    /// <returns>Null where this silo is no active member.</returns>
    public async Task<IReadOnlyList<PartitionStatus>?> StatusAsync(CancellationToken cancel)
    {
        string[] names =
        [
            .. membership.CurrentSnapshot.Members.Values
                .Where(member => member.Status == SiloStatus.Active && Hosts(member.SiloAddress))
                .Select(member => member.Name)
                .Distinct(StringComparer.Ordinal),
        ];
        if (!names.Contains(self.Name))
        {
            return null;
        }

        string[] owners = Rendezvous.Assign(host.PartitionCount, names);
        return await Task.WhenAll(Enumerable.Range(0, owners.Length)
            .Where(partition => owners[partition] == self.Name)
            .Select(partition => StatusAsync(partition, cancel)));
    }

    private bool Hosts(SiloAddress silo) =>
        manifest.Current.Silos.TryGetValue(silo, out GrainManifest? offers) && offers.Grains.ContainsKey(Partition);

    private async Task<PartitionStatus> StatusAsync(int partition, CancellationToken cancel)
    {
        PartitionStatus status = await directory.All[partition].StatusAsync(cancel);
        return local.Active.ContainsKey(partition) || status.State != PartitionState.Ready
            ? status
            : status with { State = PartitionState.Loading, Reason = "still served by another silo" };
    }
}
