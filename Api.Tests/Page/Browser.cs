using MatchCluster.Matching.Tests;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>One headless Chromium for all tests of a class; each page is a visitor of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>A page that can reach its own server and nothing else; what goes wrong in it is kept.</summary>
    /// <remarks>The test is skipped where there is no Chromium on the PATH.</remarks>
    internal async Task<OpenPage> OpenAsync(Uri server, BrowserNewContextOptions? screen = null)
    {
        IBrowserContext visitor = await (browser ??= await LaunchAsync()).NewContextAsync(screen);
        IPage page = await visitor.NewPageAsync();
        OpenPage open = new(page);
        await page.RouteAsync("**/*", route =>
        {
            if (new Uri(route.Request.Url).Authority == server.Authority)
            {
                return route.ContinueAsync();
            }

            open.Troubles.Add($"asked elsewhere: {route.Request.Url}");
            return route.AbortAsync();
        });
        await page.GotoAsync(server.ToString());
        return open;
    }

    /// <summary>Started by the first test: only a test can skip, its fixture would fail it.</summary>
    private async Task<IBrowser> LaunchAsync()
    {
        string program = Needs.OnPath("chromium", "chromium-browser", "google-chrome");
        playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,

            // Chromium's own sandbox refuses to run as root, as containers do; it only ever loads our page.
            Args = ["--no-sandbox"],
        });
    }
}

internal sealed class OpenPage : IAsyncDisposable
{
    public OpenPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => Troubles.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Troubles.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, refused contents, requests to other servers.</summary>
    public List<string> Troubles { get; } = [];

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());
}
