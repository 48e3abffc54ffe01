using System.Net;
using MatchCluster.LoadTest.Workload;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.LoadTest;

/// <summary>A server on a free port that answers every request as a test says.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private StubServer(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.Single() + "/");

    public static async Task<StubServer> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new StubServer(app);
    }

    /// <summary>A short run against this server: finger probes alone, every one of them mated.</summary>
    public LoadOptions Options() => OptionsFor(Url);

    public static LoadOptions OptionsFor(Uri url)
    {
        Assert.True(ProbeMix.TryParse("finger=1", out ProbeMix? mix, out _));
        return new LoadOptions
        {
            Url = url,
            Rate = 300,
            Duration = TimeSpan.FromMilliseconds(200),
            People = 3,
            Seed = 1,
            Gallery = "demo",
            Mix = mix,
            Mated = 1,
            EnrolRate = 0,
            Fingers = 1,
            Deadline = TimeSpan.FromSeconds(10),
            MaxInFlight = 4096,
            Pool = 4,
        };
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
