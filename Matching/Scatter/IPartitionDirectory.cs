using MatchCluster.Matching.Partitions;

namespace MatchCluster.Matching.Scatter;

/// <summary>Turns a gallery into partitions: in this process or on many machines.</summary>
public interface IPartitionDirectory
{
    /// <summary>Every partition, ordered by number.</summary>
    IReadOnlyList<IPartition> All { get; }

    /// <summary>The partition that owns a person, by <see cref="Placement"/>.</summary>
    IPartition Of(string personId) => All[Placement.PartitionOf(personId, All.Count).Number];
}
