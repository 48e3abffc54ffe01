using System.Globalization;
using MatchCluster.Matching.Partitions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Placement;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Places partitions by <see cref="Rendezvous"/>. The number of partitions travels in the cluster's manifest, written
/// by the silos that have the store, so that a member without partitions places them alike.
/// </summary>
[Serializable]
[GenerateSerializer]
[Alias("matchcluster.partition-placement")]
public sealed class PartitionPlacement : PlacementStrategy
{
    private const string PartitionsProperty = "matchcluster-partitions";

    /// <summary>Partitions of the store; 0 where no silo has said so.</summary>
    [Id(0)]
    public int Partitions { get; private set; }

    public override void PopulateGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        base.PopulateGrainProperties(services, grainClass, grainType, properties);
        if (services.GetService<PartitionHost>() is { } host)
        {
            properties[PartitionsProperty] = host.PartitionCount.ToString(CultureInfo.InvariantCulture);
        }
    }

    public override void Initialize(GrainProperties properties)
    {
        base.Initialize(properties);
        Partitions = properties.Properties.TryGetValue(PartitionsProperty, out string? text)
            && int.TryParse(text, CultureInfo.InvariantCulture, out int partitions) ? partitions : 0;
    }
}

/// <summary>Marks the grain whose activations are placed by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());
