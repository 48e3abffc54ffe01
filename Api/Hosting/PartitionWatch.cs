using System.Diagnostics;
using MatchCluster.Api.Health;
using MatchCluster.Api.Http;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Hosting;

/// <summary>
/// Looks at the partitions as long as the server runs: often while one is not ready, seldom otherwise. Logs how far a
/// load is, each partition that stops and each that is back, and feeds the gauges.
/// </summary>
internal sealed class PartitionWatch : BackgroundService
{
    private static readonly TimeSpan WhileNotReady = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    private readonly EncounterRoot root;
    private readonly TimeProvider clock;
    private readonly ILogger<PartitionWatch> log;
    private readonly PartitionNews news;
    private volatile IReadOnlyList<PartitionStatus> latest = [];

    public PartitionWatch(EncounterRoot root, SearchMetrics metrics, TimeProvider clock, ILogger<PartitionWatch> log)
    {
        this.root = root;
        this.clock = clock;
        this.log = log;
        news = new PartitionNews(log);
        metrics.ObservePartitions(() => latest);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                await LookAsync(started, stoppingToken);
                bool ready = latest.Count > 0 && latest.All(one => one.State == PartitionState.Ready);
                await Task.Delay(ready ? Later : WhileNotReady, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>A look that fails is no reason to look away: the host would end with this service.</summary>
    private async Task LookAsync(long started, CancellationToken cancel)
    {
        try
        {
            latest = await root.StatusAsync(cancel);
            news.Tell(latest, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested)
        {
            log.LookFailed(failed);
        }
    }
}

/// <summary>Says in the log what has changed since the last look.</summary>
internal sealed class PartitionNews(ILogger log)
{
    private readonly Dictionary<int, string> failed = [];
    private bool isSettled;

    public void Tell(IReadOnlyList<PartitionStatus> partitions, TimeSpan elapsed)
    {
        foreach (PartitionStatus partition in partitions)
        {
            Tell(partition);
        }

        if (partitions.Any(partition => partition.State == PartitionState.Loading))
        {
            isSettled = false;
            Readiness readiness = Readiness.Of(partitions);
            log.Loading(readiness.Loaded, readiness.ToLoad);
            return;
        }

        if (isSettled)
        {
            return;
        }

        isSettled = true;
        long unreadable = partitions.Sum(partition => partition.Unreadable);
        if (unreadable > 0)
        {
            log.Unreadable(unreadable);
        }

        if (failed.Count > 0)
        {
            log.NotReady(failed.Count, partitions.Count);
            return;
        }

        log.Ready(partitions.Sum(partition => partition.Encounters),
            partitions.Sum(partition => partition.Identities), elapsed.TotalSeconds);
    }

    private void Tell(PartitionStatus partition)
    {
        int number = partition.Partition.Number;
        if (partition.State == PartitionState.Failed)
        {
            string reason = partition.Reason ?? "no reason given";
            if (failed.GetValueOrDefault(number) != reason)
            {
                failed[number] = reason;
                isSettled = false;
                log.PartitionFailed(number, reason);
            }
        }
        else if (partition.State == PartitionState.Ready && failed.Remove(number))
        {
            isSettled = false;
            log.PartitionBack(number, partition.Encounters);
        }
    }
}
