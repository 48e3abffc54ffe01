using MatchCluster.Api.Http;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Hosting;

/// <summary>Deletes the probes of cases whose time has ended, as long as the server runs.</summary>
internal sealed class CaseHousekeeping(CaseBook cases, TimeProvider clock, ILogger<CaseHousekeeping> log)
    : BackgroundService
{
    /// <summary>A probe is no longer read when its time ends; after so long its bytes are gone too.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await PurgeAsync(stoppingToken);
                await Task.Delay(Every, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task PurgeAsync(CancellationToken cancel)
    {
        try
        {
            int purged = await cases.PurgeAsync(cancel);
            if (purged > 0)
            {
                log.CasesPurged(purged);
            }
        }
        catch (StoreException fault)
        {
            log.CasesNotPurged(fault.Message);
        }
    }
}
