using MatchCluster.Grains.Catalogue;
using MatchCluster.Grains.Placements;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Members;

/// <summary>The partitions that a silo shall serve, and how far each of them is.</summary>
public sealed class OwnPartitions(
    PartitionHost host, HostedPartitions hosted, OwnersView owners, ILocalSiloDetails self)
{
    /// <summary>Partitions of the whole store.</summary>
    public int PartitionsOfStore => host.PartitionCount;

    /// <summary>
    /// Status of the partitions, ordered by number; one that is not here yet counts as loading.
    /// </summary>
    /// <returns>Null where the catalogue does not count this silo among its hosts.</returns>
    public async Task<IReadOnlyList<PartitionStatus>?> StatusAsync(CancellationToken cancel)
    {
        PartitionOwners decided = await owners.CurrentAsync().WaitAsync(cancel);
        if (!decided.Hosts.Contains(self.Name))
        {
            return null;
        }

        return await Task.WhenAll(Enumerable.Range(0, decided.Silos.Length)
            .Where(partition => decided.Silos[partition] == self.Name)
            .Select(partition => StatusAsync(partition, cancel)));
    }

    private async Task<PartitionStatus> StatusAsync(int partition, CancellationToken cancel) =>
        hosted.Find(partition) is { } here
            ? await here.Partition.StatusAsync(cancel)
            : new PartitionStatus
            {
                Partition = new PartitionId(partition),
                State = PartitionState.Loading,
                Reason = "not here yet: it is opened, or another silo serves it until it is loaded here",
            };
}
