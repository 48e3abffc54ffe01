using System.Diagnostics;
using MatchCluster.Grains.Catalogue;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Joins the catalogue as soon as the silo is active, and hands its partitions on before it stops. A silo that may
/// not join does not start.
/// </summary>
internal sealed partial class SiloMembership(
    CatalogueMembership seat, PartitionKeeper keeper, ILogger<SiloMembership> log)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>
    /// A silo that was killed is still active to the others until they have missed its answers; started again under
    /// its name, it waits for that.
    /// </summary>
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SiloMembership), ServiceLifecycleStage.Active, JoinAsync, LeaveAsync);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partitions could not be handed on before the stop: {Reason}")]
    private static partial void LogNotDrained(ILogger log, string reason);

    private async Task JoinAsync(CancellationToken cancel)
    {
        long began = Stopwatch.GetTimestamp();
        while (await seat.JoinAsync() is { } refusal)
        {
            if (!refusal.MayRetry || Stopwatch.GetElapsedTime(began) > JoinWithin)
            {
                throw new ClusterRefusedException(refusal.Reason);
            }

            await Task.Delay(Pause, cancel);
        }
    }

    private async Task LeaveAsync(CancellationToken cancel)
    {
        try
        {
            await keeper.DrainAsync(cancel);
        }
        catch (Exception failed)
        {
            // What was not handed on is closed now and loaded elsewhere.
            LogNotDrained(log, failed.Message);
        }
    }
}
