using MatchCluster.Grains.Catalogue;
using MatchCluster.Matching.Partitions;
using Microsoft.Extensions.Options;

namespace MatchCluster.Grains.Silos;

/// <summary>This silo's place in the catalogue.</summary>
internal sealed class CatalogueMembership(
    PartitionHost host, IGrainFactory grains, ILocalSiloDetails self, IOptions<ClusterSiloOptions> options)
{
    private volatile bool isLeaving;

    private ICatalogueGrain Catalogue => grains.GetGrain<ICatalogueGrain>(ICatalogueGrain.Key);

    /// <summary>Asks to take part.</summary>
    /// <returns>Null, or why not.</returns>
    public async Task<JoinRefusal?> JoinAsync()
    {
        try
        {
            return await Catalogue.JoinAsync(new MemberCard
            {
                Name = self.Name,
                Address = self.SiloAddress,
                Partitions = host.PartitionCount,
                Wire = options.Value.Wire,
                Scoring = options.Value.Scoring,
                Calibration = options.Value.Calibration.Id,
            });
        }
        catch (Exception lost) when (lost is OrleansException or TimeoutException)
        {
            return new JoinRefusal($"the catalogue is out of reach: {lost.Message}", MayRetry: true);
        }
    }

    /// <summary>Joins again where the catalogue has lost this silo: its storage was emptied or set back.</summary>
    public async Task StayAsync(PartitionOwners owners)
    {
        if (!isLeaving && !owners.Hosts.Contains(self.Name))
        {
            await JoinAsync();
        }
    }

    public async Task LeaveAsync(CancellationToken cancel)
    {
        isLeaving = true;
        await Catalogue.LeaveAsync(self.SiloAddress).WaitAsync(cancel);
    }
}
