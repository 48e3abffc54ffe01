using MatchCluster.Matching.Seam;
using MatchCluster.Silo.Health;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Silo.Hosting;

/// <summary>Looks at the silo's partitions: often while they load, seldom later; says what has changed.</summary>
internal static class ReadinessWatch
{
    private static readonly TimeSpan WhileLoading = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    /// <summary>Looks until the silo is stopped.</summary>
    public static async Task RunAsync(SiloReadiness standing, ILogger log, CancellationToken stopping)
    {
        string said = "";
        HashSet<(int, string)> failures = [];
        try
        {
            while (true)
            {
                bool isReady = false;
                try
                {
                    ReadinessReport now = await standing.LookAsync(stopping);
                    isReady = now.IsReady;
                    if (now.Sentence != said)
                    {
                        log.Stands(said = now.Sentence);
                    }

                    foreach (PartitionStatus partition in now.Partitions.Where(p => p.State == PartitionState.Failed))
                    {
                        if (failures.Add((partition.Partition.Number, partition.Reason ?? "")))
                        {
                            log.PartitionFailed(partition.Partition.Number, partition.Reason ?? "no reason given");
                        }
                    }
                }
                catch (Exception failed) when (!stopping.IsCancellationRequested)
                {
                    // One look that fails is no reason to look away for good.
                    log.LookFailed(failed);
                }

                await Task.Delay(isReady ? Later : WhileLoading, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The silo stops.
        }
    }
}
