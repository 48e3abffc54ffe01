using Microsoft.Extensions.Hosting;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>
/// Builds the pipeline with the host, before the first request: an instrument is only heard from then on.
/// (The package that does this for OpenTelemetry is one more dependency for six lines.)
/// </summary>
internal sealed class TelemetryStarter(TelemetryPipeline pipeline) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => pipeline.FlushAsync();
}
