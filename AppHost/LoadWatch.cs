using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace MatchCluster.AppHost;

/// <summary>
/// Follows the api, whose health decides which commands can be used, and the ladder, whose report becomes a link as
/// soon as it is written.
/// </summary>
internal sealed class LoadWatch(
    DistributedApplicationModel model, ResourceNotificationService states, LoadRuns runs, ReportPages reports)
    : BackgroundService
{
    private const string LinkText = "Report of ";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await reports.StartAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (ResourceEvent change in states.WatchAsync(stoppingToken))
        {
            if (change.Resource.Name == Members.Api)
            {
                await FollowAsync(change.Snapshot.HealthStatus == HealthStatus.Healthy);
            }
            else if (change.Resource.Name == Load.Ladder)
            {
                await LinkAsync(change);
            }
        }
    }

    /// <summary>
    /// A command's state is computed again when its resource changes: the resource is told that it has.
    /// </summary>
    private async Task FollowAsync(bool isHealthy)
    {
        if (runs.ApiIsHealthy == isHealthy)
        {
            return;
        }

        runs.ApiIsHealthy = isHealthy;
        foreach (IResource generator in model.Resources.Where(each => each.Name is Load.Seed or Load.Ladder))
        {
            await states.PublishUpdateAsync(generator, snapshot => snapshot);
        }
    }

    /// <summary>
    /// Aspire builds the links of a resource again now and then, without ours: it is added wherever it is
    /// missing.
    /// </summary>
    private async Task LinkAsync(ResourceEvent ladder)
    {
        if (reports.Newest() is not { } newest
            || ladder.Snapshot.Urls.Any(url => url.Url == newest.Address && !url.IsInactive))
        {
            return;
        }

        await states.PublishUpdateAsync(ladder.Resource, ladder.ResourceId, snapshot => snapshot with
        {
            Urls =
            [
                .. snapshot.Urls.Where(
                    url => !url.DisplayProperties.DisplayName.StartsWith(LinkText, StringComparison.Ordinal)),
                new UrlSnapshot(Name: null, newest.Address, IsInternal: false)
                {
                    DisplayProperties = new UrlDisplayPropertiesSnapshot(LinkText + newest.Time),
                },
            ],
        });
    }
}
