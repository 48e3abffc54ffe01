using MatchCluster.Grains.Clients;
using MatchCluster.Matching;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Finishes moves of encounters between persons that a crash cut off. The embedded engine does it at its start, when
/// nobody can be moving anything; here a front end may still be busy with one, so that only old ones are finished.
/// </summary>
internal sealed class UnfinishedMoves(
    HostedPartitions hosted, PartitionHost host, IGrainFactory grains, TimeProvider clock)
{
    private readonly Lazy<EncounterRoot> root = new(
        () => new EncounterRoot(new GrainDirectory(grains, host.PartitionCount), clock));

    /// <summary>
    /// Looks once at every partition that has been loaded. Moves that live take milliseconds; one that is seen here and
    /// is decided may be finished by anybody, one that is not waits until its mover is certainly gone.
    /// </summary>
    public async Task FinishAsync()
    {
        foreach (HostedPartition here in hosted.Active.Values)
        {
            if (here.Partition.Loading.IsCompleted && !here.Partition.HasFailed
                && here.Partition.Moved is { Count: > 0 } moved)
            {
                await root.Value.FinishMovesAsync(moved, SearchBudget.Of(Limits.LongestDeadline));
            }
        }
    }
}
