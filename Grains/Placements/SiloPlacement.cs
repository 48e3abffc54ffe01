using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace MatchCluster.Grains.Placements;

/// <summary>Places a grain on the silo whose name is its key.</summary>
[Serializable]
[GenerateSerializer]
[Alias("matchcluster.silo-placement")]
public sealed class SiloPlacement : PlacementStrategy;

/// <summary>Marks the grain whose activations are placed by <see cref="SiloPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SiloPlacementAttribute() : PlacementAttribute(new SiloPlacement());

/// <summary>Finds the silo of a name; of two, the one that started last: the other is a restart's leftover.</summary>
internal sealed class SiloPlacementDirector(ISiloStatusOracle members) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        string name = target.GrainIdentity.Key.ToString()!;
        SiloAddress? silo = SiloNames.Of(context.GetCompatibleSilos(target), members).GetValueOrDefault(name);
        return silo is null
            ? Task.FromException<SiloAddress>(new SiloUnavailableException($"no silo named {name} is active"))
            : Task.FromResult(silo);
    }
}

internal static class SiloNames
{
    /// <summary>Silos by name; an address changes at every start, a name does not.</summary>
    public static SortedDictionary<string, SiloAddress> Of(IEnumerable<SiloAddress> silos, ISiloStatusOracle members)
    {
        SortedDictionary<string, SiloAddress> byName = new(StringComparer.Ordinal);
        foreach (SiloAddress silo in silos.OrderBy(silo => silo.Generation))
        {
            byName[members.TryGetSiloName(silo, out string? name) ? name : silo.ToString()] = silo;
        }

        return byName;
    }
}
