using MatchCluster.Matching;
using MatchCluster.ServiceDefaults.Hosting;
using MatchCluster.ServiceDefaults.Telemetry;
using MatchCluster.Silo.Health;
using MatchCluster.Silo.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Silo.Hosting;

/// <summary>The silo's pages for operators: it answers no search over HTTP.</summary>
internal static class SiloPages
{
    private const string Service = "matchcluster-silo";

    public static WebApplication Build(SiloStanding standing, string urls)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(SiloPages).Assembly.GetName().Name,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddConsoleLog(LogLevel.Information).AddTelemetry(Service, EngineVersion.Number);
        builder.Services.AddRouting();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(standing);
        builder.Services.AddSingleton<SiloMetrics>();
        builder.Services.AddTelemetry(
            Service, EngineVersion.Number,
            SiloMetrics.Source, "Microsoft.Orleans", "Microsoft.Orleans.Application");

        WebApplication pages = builder.Build();
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            pages.Urls.Add(url);
        }

        pages.Services.GetRequiredService<SiloMetrics>().Observe(standing);
        pages.UseRouting();
        pages.MapHealth();
        pages.MapMetrics();
        return pages;
    }
}
