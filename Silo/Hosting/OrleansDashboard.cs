using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dashboard;

namespace MatchCluster.Silo.Hosting;

/// <summary>
/// Orleans' own dashboard: grains, their calls and the silos, for a look while developing. It is off unless it is asked
/// for (<c>--orleans-dashboard</c>), because it asks nobody who they are and because the catalogue's silo then collects
/// numbers from every other one each second. Logs are not shown in it.
/// </summary>
/// <remarks>
/// Its pages live where the pages of health do and its services in the host that joins the cluster, which exists only
/// after Redis was reached. So each call below <see cref="Path"/> is handed to a pipeline over that host's services.
/// </remarks>
internal sealed class OrleansDashboard
{
    /// <summary>Where its pages are.</summary>
    public const string Path = "/orleans";

    private volatile Pipeline? opened;

    /// <summary>What the host that joins the cluster needs for it.</summary>
    public static void AddTo(ISiloBuilder silo)
    {
        silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        silo.Services.AddRouting();
        silo.Services.AddSingleton(_ => new DiagnosticListener(typeof(OrleansDashboard).FullName!)); // routing's
    }

    /// <summary>The host has joined.</summary>
    public void Open(IServiceProvider member)
    {
        ApplicationBuilder pages = new(member);
        pages.UseRouting();
        pages.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(Path));
        opened = new Pipeline(member, pages.Build());
    }

    /// <summary>The host is about to leave.</summary>
    public void Close() => opened = null;

    public void Map(IEndpointRouteBuilder pages) => pages.Map(Path + "/{**page}", ServeAsync);

    private async Task ServeAsync(HttpContext http)
    {
        if (opened is not { } pipeline)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await http.Response.WriteAsync("This silo is no member of the cluster now; /health says how it is.");
            return;
        }

        IServiceProvider outer = http.RequestServices;
        await using AsyncServiceScope scope = pipeline.Services.CreateAsyncScope();
        try
        {
            http.SetEndpoint(null);
            http.Request.RouteValues.Clear();
            http.RequestServices = scope.ServiceProvider;
            await pipeline.Pages(http);
        }
        finally
        {
            http.RequestServices = outer;
        }
    }

    private sealed record Pipeline(IServiceProvider Services, RequestDelegate Pages);
}
