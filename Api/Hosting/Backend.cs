using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Hosting;

/// <summary>What stands behind the front end: partitions of this process or of a cluster.</summary>
/// <param name="Directory">The partitions.</param>
/// <param name="StoreBytes">Bytes on disk.</param>
internal sealed record Backend(
    IPartitionDirectory Directory, Func<CancellationToken, ValueTask<long>> StoreBytes);
