using Orleans.Runtime.Placement;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Finds the owner of a partition among the silos that can host it, by their names: an address changes at every
/// start, a name does not.
/// </summary>
internal sealed class PartitionPlacementDirector(ISiloStatusOracle members) : IPlacementDirector
{
    private volatile Assignment? last;

    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress[] silos = context.GetCompatibleSilos(target);
        SiloAddress? hint = IPlacementDirector.GetPlacementHint(target.RequestContextData, silos);
        return Task.FromResult(hint ?? OwnerOf(
            target.GrainIdentity.GetIntegerKey(), ((PartitionPlacement)strategy).Partitions, ByName(silos)));
    }

    private SiloAddress OwnerOf(long partition, int partitions, SortedDictionary<string, SiloAddress> silos)
    {
        if (partition < 0 || partition >= partitions)
        {
            // No silo has such a partition; wherever it lands, the activation says so.
            return silos.First().Value;
        }

        // A start activates every partition at once: they share one assignment.
        Assignment? assignment = last;
        if (assignment is null
            || assignment.Owners.Length != partitions
            || !assignment.Names.SequenceEqual(silos.Keys))
        {
            string[] names = [.. silos.Keys];
            last = assignment = new Assignment(names, Rendezvous.Assign(partitions, names));
        }

        return silos[assignment.Owners[partition]];
    }

    /// <summary>Of two silos of one name the one that started last: the other is a restart's leftover.</summary>
    private SortedDictionary<string, SiloAddress> ByName(SiloAddress[] silos)
    {
        SortedDictionary<string, SiloAddress> byName = new(StringComparer.Ordinal);
        foreach (SiloAddress silo in silos.OrderBy(silo => silo.Generation))
        {
            byName[members.TryGetSiloName(silo, out string? name) ? name : silo.ToString()] = silo;
        }

        return byName;
    }

    private sealed record Assignment(string[] Names, string[] Owners);
}
