using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MatchCluster.AppHost;

/// <summary>
/// The cluster's end and its repair. At the end front ends stop first, then silos, which hand their partitions over and
/// leave, and Redis last. A silo that ended by itself with a failure, or was killed, is started again; one that was
/// stopped stays down.
/// </summary>
internal sealed partial class ClusterLifetime(
    DistributedApplicationModel model, ResourceNotificationService states, ResourceCommandService commands,
    ILogger<ClusterLifetime> log) : BackgroundService, IHostedLifecycleService
{
    /// <summary>The most that a silo may take to hand its partitions over; its own default is longer.</summary>
    public static readonly TimeSpan SiloDrain = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan BeforeRestart = TimeSpan.FromSeconds(2);

    private bool isStopping;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Stops the cluster before anything else of this host; a host that is stopped twice does it once.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref isStopping, true))
        {
            return;
        }

        foreach (IGrouping<int, IResource> turn in model.Resources.Where(resource => TurnOf(resource) is not null)
            .GroupBy(resource => TurnOf(resource)!.Value).OrderBy(turn => turn.Key))
        {
            await Task.WhenAll(turn.Select(resource => StopAsync(resource, cancellationToken)));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<string> running = [];
        await foreach (ResourceEvent change in states.WatchAsync(stoppingToken))
        {
            string? state = change.Snapshot.State?.Text;
            if (!IsSilo(change.Resource))
            {
                continue;
            }

            if (state == KnownResourceStates.Running)
            {
                running.Add(change.ResourceId);
            }
            else if (KnownResourceStates.TerminalStates.Contains(state) && running.Remove(change.ResourceId)
                && change.Snapshot.ExitCode is not (null or 0) && !Volatile.Read(ref isStopping))
            {
                LogRestart(log, change.Resource.Name, change.Snapshot.ExitCode.Value);
                _ = RestartAsync(change.Resource.Name, stoppingToken);
            }
        }
    }

    /// <summary>Load and front ends, then silos, then what they keep everything in.</summary>
    private static int? TurnOf(IResource resource) => resource switch
    {
        ProjectResource when IsSilo(resource) => 1,
        ProjectResource => 0,
        _ when resource.Name == RedisServer.Name => 2,
        _ => null,
    };

    private static bool IsSilo(IResource resource) => resource.Name.StartsWith("silo-", StringComparison.Ordinal);

    /// <summary>
    /// Stops a resource and returns as soon as it has ended; the command alone returns seconds later, because it looks
    /// with pauses that become longer. Where there is no process it is not asked: it would look for one for 17 seconds.
    /// </summary>
    private async Task StopAsync(IResource resource, CancellationToken cancel)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            ResourceEvent now = await states.WaitForResourceAsync(resource.Name, _ => true, over.Token);
            if (!HasProcess(now.Snapshot))
            {
                return;
            }

            Task<ExecuteCommandResult> asked =
                commands.ExecuteCommandAsync(resource.Name, KnownResourceCommands.StopCommand, over.Token);
            Task<string> ended =
                states.WaitForResourceAsync(resource.Name, KnownResourceStates.TerminalStates, over.Token);
            if (await Task.WhenAny(asked, ended) == asked && !(await asked).Success)
            {
                return; // it has ended by itself
            }

            await ended;
            LogStopped(log, resource.Name);
        }
        catch (OperationCanceledException)
        {
            LogNotStopped(log, resource.Name);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    internal static bool HasProcess(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } state && state != KnownResourceStates.NotStarted
        && state != KnownResourceStates.Waiting && !KnownResourceStates.TerminalStates.Contains(state);

    private async Task RestartAsync(string silo, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(BeforeRestart, stopping);
            await commands.ExecuteCommandAsync(silo, KnownResourceCommands.StartCommand, stopping);
        }
        catch (OperationCanceledException)
        {
            // The cluster ends.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Silo} ended with code {ExitCode}; it is started again")]
    private static partial void LogRestart(ILogger log, string silo, int exitCode);

    [LoggerMessage(2, LogLevel.Information, "{Resource} is stopped")]
    private static partial void LogStopped(ILogger log, string resource);

    [LoggerMessage(3, LogLevel.Warning, "{Resource} was still running when the time for the stop was over")]
    private static partial void LogNotStopped(ILogger log, string resource);
}

internal static class ClusterLifetimeExtensions
{
    /// <summary>A front end, the drain of the silos, and Redis.</summary>
    private static readonly TimeSpan LongestStop = ClusterLifetime.SiloDrain + TimeSpan.FromMinutes(1);

    public static void AddClusterLifetime(this IDistributedApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        builder.Services.AddHostedService<ClusterLifetime>();
    }
}
