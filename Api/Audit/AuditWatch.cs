using System.Diagnostics.Metrics;
using MatchCluster.Api.Http;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching;
using MatchCluster.Matching.Audit;

namespace MatchCluster.Api.Audit;

/// <summary>Says in the server's log and in its metrics when the audit log needs an operator.</summary>
internal sealed class AuditWatch(AuditLog audit, IMeterFactory meters, TimeProvider clock, ILogger<AuditWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private string? said;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Meter meter = meters.Create(SearchMetrics.Source, EngineVersion.Number);
        meter.CreateObservableGauge(
            "matchcluster.audit.unsigned", () => audit.Unsigned, "{row}", "Rows after the last signed checkpoint");
        meter.CreateObservableGauge(
            "matchcluster.audit.failing", () => audit.IsWell ? 0 : 1, "{log}",
            "1 while the audit log cannot be written and nothing is answered");
        meter.CreateObservableGauge(
            "matchcluster.audit.checkpoint.failing", () => audit.CheckpointFailure is null ? 0 : 1, "{file}",
            "1 while checkpoints of the audit log cannot be signed");
        using PeriodicTimer timer = new(Pause, clock);
        do
        {
            Look();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Once for each reason, and once when all is well again.</summary>
    internal void Look()
    {
        string? now = audit.CheckpointFailure;
        if (now == said)
        {
            return;
        }

        said = now;
        if (now is null)
        {
            log.CheckpointsAreBack();
        }
        else
        {
            log.CheckpointFailed(now);
        }
    }
}
