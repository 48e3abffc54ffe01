using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Hosting;

/// <summary>What stands behind the front end: partitions of this process or of a cluster.</summary>
/// <param name="Directory">The partitions.</param>
/// <param name="StoreBytes">Bytes on disk.</param>
/// <param name="Cluster">The cluster, where there is one.</param>
internal sealed record Backend(
    IPartitionDirectory Directory, Func<CancellationToken, ValueTask<long>> StoreBytes, ClusterView? Cluster = null);

/// <summary>A cluster as an operator sees it.</summary>
/// <param name="SiloOf">Name of the silo that a partition was last found on.</param>
/// <param name="Members">Everybody who takes part; null while nobody can say.</param>
internal sealed record ClusterView(
    Func<PartitionId, string?> SiloOf, Func<CancellationToken, Task<IReadOnlyList<MemberStats>?>> Members);

/// <param name="Name">The same at every start.</param>
/// <param name="Address">Where other members reach it.</param>
/// <param name="HostsPartitions">False for a front end.</param>
internal sealed record MemberStats(string Name, string Address, bool HostsPartitions);
