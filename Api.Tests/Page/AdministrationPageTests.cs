using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MatchCluster.Api.Tests.Administration;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>The administrators' part of the page, as two of them use it.</summary>
public sealed class AdministrationPageTests(GovernedServer server, Browser browser)
    : IClassFixture<GovernedServer>, IClassFixture<Browser>
{
    private const string Scopes = "mc.stats mc.admin mc.audit";

    [SkippableFact]
    public async Task One_proposes_another_approves_and_either_stops_it()
    {
        await server.SignPolicyAsync("watchlist", "police-c");
        await using OpenPage anna = await OpenAsync("anna");
        JsonObject agreement = GovernedServer.Agreement("border-a");
        await anna.Page.FillAsync("#document", agreement.ToJsonString());
        await anna.Page.ClickAsync("#document-form button[type=submit]");
        await Assertions.Expect(anna.Page.Locator("#admin-said")).ToHaveTextAsync(
            "It is proposed; another administrator approves it.");

        // By keyboard alone; what is approved is shown before.
        await ReviewAsync(anna.Page);
        await Assertions.Expect(anna.Page.Locator("#admin-said")).ToContainTextAsync(
            "409: found the administrator who proposed it");
        await using OpenPage berta = await OpenAsync("berta");
        await ReviewAsync(berta.Page);
        await Assertions.Expect(berta.Page.Locator("#admin-said")).ToHaveTextAsync("Version 1 holds now.");
        ILocator row = berta.Page.Locator("#agreement-table tbody tr");
        await Assertions.Expect(row).ToContainTextAsync("live");

        await row.GetByRole(AriaRole.Button, new() { Name = "Suspend border-a-2026" }).PressAsync("Enter");
        await berta.Page.Keyboard.TypeAsync("misuse is suspected");
        await berta.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(row).ToContainTextAsync("suspended");
        await row.GetByRole(AriaRole.Button, new() { Name = "Show border-a-2026" }).PressAsync("Enter");
        await Assertions.Expect(berta.Page.Locator("#admin-detail")).ToContainTextAsync(
            "suspended by berta: misuse is suspected");
        await Assertions.Expect(berta.Page.Locator("#admin-detail pre")).ToContainTextAsync("border-entry");

        await berta.Page.ClickAsync("#audit-form button[type=submit]");
        await Assertions.Expect(berta.Page.Locator("#audit-table tbody tr").Filter(new()
        {
            HasText = "suspendAgreement",
        })).ToContainTextAsync("operator (berta)");
        await ShotAsync(berta.Page, "administration");
        AxeResult axe = await berta.Page.RunAxe();
        Assert.Empty(axe.Violations.Select(Said));

        // A browser notes each refused request; there was one beside those without a token.
        Assert.Equal(1, anna.Troubles.Count(trouble => trouble.Contains("409", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            berta.Troubles, trouble => !trouble.Contains("401", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData(320)]
    [InlineData(1400)]
    public async Task It_fits_any_screen_and_everything_can_be_used(int width)
    {
        JsonNode open = await server.Person("anna").PutAsync(
            "/mc/v1/agreements/wide-2026/proposal", JsonContent.Create(
                GovernedServer.Agreement("wide"))).OkAsync();
        Assert.False((bool)open["holds"]!);
        await using OpenPage page = await OpenAsync("berta", width);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Review version 1 of agreement wide-2026" })
            .ClickAsync();
        await page.Page.ClickAsync("#audit-form button[type=submit]");
        await Assertions.Expect(page.Page.Locator("#audit-table tbody tr").First).ToBeVisibleAsync();
        await ShotAsync(page.Page, $"administration-{width}");
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        AxeResult axe = await page.Page.RunAxe();
        Assert.Empty(axe.Violations.Select(Said));
    }

    [SkippableFact]
    public async Task Whoever_lacks_the_scope_sees_nothing_of_it()
    {
        await using OpenPage open = await browser.OpenAsync(server.Url);
        await open.Page.FillAsync("#token", server.TokenOf("operator", "mc.stats", "clara"));
        await open.Page.ClickAsync("#token-form button");
        await Assertions.Expect(open.Page.Locator("#state")).ToHaveTextAsync("ready");
        await Assertions.Expect(open.Page.Locator("#administration")).ToBeHiddenAsync();
        await Assertions.Expect(open.Page.Locator("#audit")).ToBeHiddenAsync();
        await Assertions.Expect(open.Page.Locator("#token-form")).ToBeHiddenAsync();
    }

    private static string Said(AxeResultItem one) =>
        $"{one.Id}: {string.Join("; ", one.Nodes.Select(node => node.Html))}";

    private async Task<OpenPage> OpenAsync(string person, int width = 1400)
    {
        OpenPage open = await browser.OpenAsync(server.Url, new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        await open.Page.FillAsync("#token", server.TokenOf("operator", Scopes, person));
        await open.Page.ClickAsync("#token-form button");
        await Assertions.Expect(open.Page.Locator("#administration")).ToBeVisibleAsync();
        await Assertions.Expect(open.Page.Locator("#audit")).ToBeVisibleAsync();
        return open;
    }

    private static async Task ReviewAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Review version 1 of agreement border-a-2026" })
            .PressAsync("Enter");
        await Assertions.Expect(page.Locator("#admin-detail")).ToContainTextAsync("Treaty of Nowhere");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve version 1" }).PressAsync("Enter");
    }

    /// <summary>Pictures for people, where a folder is named for them.</summary>
    private static async Task ShotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MATCHCLUSTER_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }
}
