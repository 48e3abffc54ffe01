using MatchCluster.Grains.Silos;
using MatchCluster.Matching;
using MatchCluster.ServiceDefaults.Hosting;
using MatchCluster.ServiceDefaults.Telemetry;
using MatchCluster.Silo.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Silo.Hosting;

/// <summary>The silo's pages for operators: it answers no search over HTTP.</summary>
internal static class SiloPages
{
    private const string Service = "matchcluster-silo";

    /// <param name="standing">How the silo is.</param>
    /// <param name="urls">Where to listen; checked already.</param>
    /// <param name="dashboard">Orleans' own, where it is asked for.</param>
    public static WebApplication Build(SiloReadiness standing, string urls, OrleansDashboard? dashboard)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(SiloPages).Assembly.GetName().Name,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = OpenFiles.Connections();
            ListenAddresses.Read(urls).Bind(kestrel);
        });
        builder.Logging.AddConsoleLog(LogLevel.Information);
        builder.AddTelemetry(
            Service, EngineVersion.Number,
            SiloInstruments.Source, "Microsoft.Orleans", "Microsoft.Orleans.Application");
        builder.Services.AddRouting();

        // A page of somebody else whose name was made to point here must not read them.
        builder.Services.AddHostFiltering(
            filter => filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(standing);
        builder.Services.AddSingleton<SiloMetrics>();
        builder.Services.AddSingleton<SiloInstruments>();

        WebApplication pages = builder.Build();
        pages.Services.GetRequiredService<SiloMetrics>().Observe(standing);
        pages.UseHostFiltering();
        pages.UseRouting();
        pages.MapHealth();
        pages.MapMetrics();
        dashboard?.Map(pages);
        return pages;
    }
}
