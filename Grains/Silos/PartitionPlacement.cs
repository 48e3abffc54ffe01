using MatchCluster.Grains.Catalogue;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace MatchCluster.Grains.Silos;

/// <summary>Places partitions on the silos that the catalogue gives them to.</summary>
[Serializable]
[GenerateSerializer]
[Alias("matchcluster.partition-placement")]
public sealed class PartitionPlacement : PlacementStrategy;

/// <summary>Marks the grain whose activations are placed by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>
/// Asks for the owner of a partition. Where the catalogue cannot be asked, or names a silo that is not there, any
/// silo takes the partition (the same one whoever decides): a partition that serves at the wrong place is moved
/// later, one that is nowhere is not searched.
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
        string[] assigned = (await owners.CurrentAsync()).Silos;
        if (partition >= 0 && partition < assigned.Length
            && byName.TryGetValue(assigned[partition], out SiloAddress? owner))
        {
            return owner;
        }

        return byName.Count == 0
            ? throw new SiloUnavailableException("no silo that hosts partitions is active")
            : byName[Rendezvous.Nearest(partition, byName.Keys)];
    }
}
