using MatchCluster.Grains.Catalogue;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace MatchCluster.Grains.Placements;

/// <summary>Places partitions on the silos that the catalogue gives them to.</summary>
[Serializable]
[GenerateSerializer]
[Alias("matchcluster.partition-placement")]
public sealed class PartitionPlacement : PlacementStrategy;

/// <summary>Marks the grain whose activations are placed by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>
/// Finds the owner of a partition and waits for nobody longer than a moment. Where the owner that was last heard of
/// is gone, it decides as the catalogue will: by the catalogue's rule, on the silos that are there. A
/// partition that serves at the wrong place is moved later, one that is nowhere is not searched.
/// </summary>
internal sealed class PartitionPlacementDirector(OwnersView owners, ISiloStatusOracle members) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress[] silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint)
        {
            return hint;
        }

        long partition = target.GrainIdentity.GetIntegerKey();
        SortedDictionary<string, SiloAddress> byName = SiloNames.Of(silos, members);
        PartitionOwners heard = await owners.CurrentAsync();
        string[] hosts = [.. byName.Keys.Where(heard.Hosts.Contains)];
        if (partition >= 0 && partition < heard.Silos.Length && hosts.Length > 0)
        {
            return byName.TryGetValue(heard.Silos[partition], out SiloAddress? owner)
                ? owner : byName[Rendezvous.Assign(heard.Silos, hosts)[partition]];
        }

        return byName.Count == 0
            ? throw new SiloUnavailableException("no silo that hosts partitions is active")
            : byName[Rendezvous.Nearest(partition, byName.Keys)];
    }
}
