using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>One headless Chromium for all tests of a class; each page is a visitor of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>The program on the PATH, or null.</summary>
    public static string? Program { get; } = Find();

    public async Task InitializeAsync()
    {
        if (Program is null)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,

            // Chromium's own sandbox refuses to run as root, as containers do; it only ever loads our page.
            Args = ["--no-sandbox"],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>A page that can reach its own server and nothing else; what goes wrong in it is kept.</summary>
    internal async Task<OpenPage> OpenAsync(Uri server, BrowserNewContextOptions? screen = null)
    {
        IBrowserContext visitor = await browser!.NewContextAsync(screen);
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

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }
            .Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
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

/// <summary>A fact that needs a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Browser.Program is null)
        {
            Skip = "needs chromium on the PATH";
        }
    }
}

/// <summary>A theory that needs a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Browser.Program is null)
        {
            Skip = "needs chromium on the PATH";
        }
    }
}
