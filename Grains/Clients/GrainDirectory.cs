using MatchCluster.Grains.Catalogue;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Clients;

/// <summary>The partitions of a cluster, by number. Which silo has which is the cluster's business.</summary>
public sealed class GrainDirectory : IPartitionDirectory
{
    private readonly GrainPartition[] partitions;
    private readonly SiloScatter scatter;
    private readonly PartitionMap map;

    /// <param name="grains">A client of the cluster or a member of it.</param>
    /// <param name="partitions">Partitions of the cluster's store, 1..<see cref="Limits.Partitions"/>.</param>
    /// <param name="owners">Where they are thought to be; it is found out otherwise.</param>
    /// <param name="clock">Measures how long a silo is silent.</param>
    public GrainDirectory(
        IGrainFactory grains, int partitions, PartitionOwners? owners = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, Limits.Partitions);
        SearchFrames frames = new();
        map = new PartitionMap(partitions);
        SiloPulse pulse = new(
            (silo, _) => grains.GetGrain<ISiloGrain>(silo).PingAsync(), map.Lost, clock ?? TimeProvider.System);
        this.partitions =
        [
            .. Enumerable.Range(0, partitions).Select(number => new GrainPartition(
                new PartitionId(number), grains.GetGrain<IIdentityPartitionGrain>(number), frames, map, pulse)),
        ];
        scatter = new SiloScatter(grains, this.partitions, map, pulse, frames);
        foreach ((int number, string silo) in (owners?.Silos ?? []).Take(partitions).Index())
        {
            map.Found(number, silo);
        }
    }

    public IReadOnlyList<IPartition> All => partitions;

    /// <summary>
    /// Asks the cluster how many partitions it has: a front end that was told another number would search too few or
    /// place persons where nobody looks for them. For a client outside; a member connects by
    /// <see cref="ClusterFrontEnd"/>.
    /// </summary>
    public static async Task<GrainDirectory> ConnectAsync(IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        CatalogueView catalogue = await grains.GetGrain<ICatalogueGrain>(ICatalogueGrain.Key).ReadAsync();
        return new GrainDirectory(grains, catalogue.Partitions, catalogue.Owners);
    }

    /// <summary>Name of the silo that a partition was last found on, or null.</summary>
    public string? SiloOf(PartitionId partition) => map.Of(partition.Number);

    public IReadOnlyList<Task<PartitionAnswer>> SearchAll(SearchBatch batch, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return scatter.Search(batch, budget);
    }

    public async ValueTask<IReadOnlyList<PartitionStatus>> StatusAllAsync(CancellationToken cancel) =>
        await scatter.StatusAsync(cancel);
}
