using MatchCluster.Api.Http;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Audit;

/// <summary>
/// Writes what silos erase into the audit log. Any front end may: who takes notes has them alone for a while. A front
/// end that ends between row and removal leaves notes that are recorded once more.
/// </summary>
internal sealed class ErasureIntake(
    IErasureOutbox outbox, AuditLog audit, TimeProvider clock, ILogger<ErasureIntake> log) : BackgroundService
{
    /// <summary>Between two looks.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Notes of one look's step, which are one append.</summary>
    private const int AtOnce = 32;

    private readonly ErasureRows rows = new(audit, clock);
    private bool hasBegun;
    private string? said;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Pause, clock);
        do
        {
            Say(await LookAsync(stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Writes rows of all notes that wait.</summary>
    /// <returns>Why some are left; null where none are.</returns>
    internal async Task<string?> LookAsync(CancellationToken cancel)
    {
        try
        {
            if (!hasBegun)
            {
                await outbox.BeginAsync(cancel);
                hasBegun = true;
            }

            while (await outbox.TakeAsync(AtOnce, cancel) is { Count: > 0 } taken)
            {
                if (await rows.RecordAsync(taken) is { } outage)
                {
                    return outage.Reason;
                }

                await outbox.RemoveAsync(taken, cancel);
            }

            return null;
        }
        catch (StoreException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>Once for each reason.</summary>
    private void Say(string? reason)
    {
        if (reason is not null && reason != said)
        {
            log.ErasuresWait(reason);
        }

        said = reason;
    }
}
