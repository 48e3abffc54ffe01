using MatchCluster.Grains.Partitions;
using MatchCluster.Matching;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Grains.Clients;

/// <summary>The partitions of a cluster, by number. Which silo has which is the cluster's business.</summary>
public sealed class GrainDirectory : IPartitionDirectory
{
    /// <param name="grains">A client of the cluster or a member of it.</param>
    /// <param name="partitions">Partitions of the cluster's store, 1..<see cref="Limits.Partitions"/>.</param>
    public GrainDirectory(IGrainFactory grains, int partitions)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, Limits.Partitions);
        SearchFrames frames = new();
        All =
        [
            .. Enumerable.Range(0, partitions).Select(number => new GrainPartition(
                new PartitionId(number), grains.GetGrain<IIdentityPartitionGrain>(number), frames)),
        ];
    }

    public IReadOnlyList<IPartition> All { get; }

    /// <summary>
    /// Asks the cluster how many partitions it has: a front end that was told another number would search too few or
    /// place persons where nobody looks for them.
    /// </summary>
    public static async Task<GrainDirectory> ConnectAsync(IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return new GrainDirectory(grains, await grains.GetGrain<IIdentityPartitionGrain>(0).CountPartitionsAsync());
    }
}
