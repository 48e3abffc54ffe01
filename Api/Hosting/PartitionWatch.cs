using System.Diagnostics;
using MatchCluster.Api.Health;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Hosting;

/// <summary>
/// Looks at the partitions: often while they load, to log how far they are; seldom later, for the gauges.
/// </summary>
internal sealed class PartitionWatch : BackgroundService
{
    private static readonly TimeSpan WhileLoading = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    private readonly EncounterRoot root;
    private readonly TimeProvider clock;
    private readonly ILogger<PartitionWatch> log;
    private volatile IReadOnlyList<PartitionStatus> latest = [];

    public PartitionWatch(EncounterRoot root, SearchMetrics metrics, TimeProvider clock, ILogger<PartitionWatch> log)
    {
        this.root = root;
        this.clock = clock;
        this.log = log;
        metrics.ObservePartitions(() => latest);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long started = Stopwatch.GetTimestamp();
        bool loading = true;
        try
        {
            while (true)
            {
                latest = await root.StatusAsync(stoppingToken);
                if (loading)
                {
                    loading = !SayHowFar(Stopwatch.GetElapsedTime(started));
                }

                await Task.Delay(loading ? WhileLoading : Later, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>True when there is nothing more to wait for.</summary>
    private bool SayHowFar(TimeSpan elapsed)
    {
        if (latest.Any(partition => partition.State == PartitionState.Loading))
        {
            Readiness readiness = Readiness.Of(latest);
            log.Loading(readiness.Loaded, readiness.ToLoad);
            return false;
        }

        foreach (PartitionStatus failed in latest.Where(partition => partition.State == PartitionState.Failed))
        {
            log.PartitionFailed(failed.Partition.Number, failed.Reason ?? "no reason given");
        }

        long unreadable = latest.Sum(partition => partition.Unreadable);
        if (unreadable > 0)
        {
            log.Unreadable(unreadable);
        }

        log.Ready(latest.Sum(partition => partition.Encounters), latest.Sum(partition => partition.Identities),
            elapsed.TotalSeconds);
        return true;
    }
}
