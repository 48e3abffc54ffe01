using System.Runtime.CompilerServices;
using MatchCluster.Grains.Clients;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Finishes moves of encounters between persons that a crash cut off. The embedded engine does it at its start, when
/// nobody can be moving anything; here a front end may still be busy with one, so that only old ones are finished.
/// </summary>
internal sealed class CutOffMoves(
    HostedPartitions hosted, PartitionHost host, IGrainFactory grains, TimeProvider clock)
{
    private readonly ConditionalWeakTable<LocalPartition, Encounter[]> young = [];
    private readonly Lazy<EncounterRoot> root = new(
        () => new EncounterRoot(new GrainDirectory(grains, host.PartitionCount)));

    /// <summary>Looks once at every partition that has been loaded, and again at what was too young.</summary>
    public async Task FinishAsync()
    {
        DateTimeOffset old = clock.GetUtcNow() - Limits.LongestMove;
        foreach (HostedPartition here in hosted.Active.Values)
        {
            if (!here.Partition.Loading.IsCompleted || here.Partition.HasFailed)
            {
                continue;
            }

            Encounter[] moved = young.TryGetValue(here.Partition, out Encounter[]? left)
                ? left : [.. here.Partition.Moved];
            Encounter[] due = [.. moved.Where(encounter => encounter.Updated < old)];
            if (due.Length > 0)
            {
                await root.Value.FinishMovesAsync(due, SearchBudget.Of(Limits.LongestDeadline));
            }

            young.AddOrUpdate(here.Partition, [.. moved.Except(due)]);
        }
    }
}
