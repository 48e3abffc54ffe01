using Microsoft.Extensions.Hosting;

namespace MatchCluster.Grains.Placements;

/// <summary>
/// Keeps the owners that a front end knows as fresh as those that a silo knows: it asks every second, and at once when
/// a member comes or goes. What a dead silo had is then opened where the catalogue wants it, and not moved again.
/// </summary>
internal sealed class OwnersRefresh(OwnersView owners, IClusterMembershipService membership, TimeProvider clock)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(LookAsync(stoppingToken), WatchAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The member stops.
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Look, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await owners.AskAsync().WaitAsync(stopping);
        }
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        await foreach (ClusterMembershipSnapshot _ in membership.MembershipUpdates.WithCancellation(stopping))
        {
            await owners.AskAsync().WaitAsync(stopping);
        }
    }
}
