namespace MatchCluster.Grains.Catalogue;

/// <summary>Which silo shall own which partition, as the catalogue decided it.</summary>
/// <param name="version">Grows by one with every change; 0 where no silo hosts partitions yet.</param>
/// <param name="silos">Name of the owner of each partition, by number.</param>
/// <param name="hosts">Names of the silos that were counted; one that is not among them has to join.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.partition-owners")]
public sealed class PartitionOwners(long version, string[] silos, string[] hosts)
{
    public static PartitionOwners None { get; } = new(0, [], []);

    [Id(0)]
    public long Version { get; } = version;

    [Id(1)]
    public string[] Silos { get; } = silos;

    [Id(2)]
    public string[] Hosts { get; } = hosts;
}
