using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MatchCluster.Api.Tests.Cases;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>The queue of cases as a person has it who decides with the keyboard alone.</summary>
public sealed class CasesOnPageTests(CaseServer server, Browser browser)
    : IClassFixture<CaseServer>, IClassFixture<Browser>
{
    [SkippableFact]
    public async Task Two_persons_decide_with_the_keyboard_and_neither_sees_the_other()
    {
        CaseServer own = new();
        await own.InitializeAsync();
        try
        {
            await DecideTwiceAsync(own);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private async Task DecideTwiceAsync(CaseServer own)
    {
        string first = await own.SearchAsync();
        string second = await own.SearchAsync(person: 2);
        await using OpenPage anna = await OpenAsync(own, "anna");
        IPage page = anna.Page;

        // The pairing is drawn, and the first case of the queue is there at once.
        await Assertions.Expect(page.Locator("#case-title")).ToContainTextAsync("First decision needed");
        await Assertions.Expect(page.Locator("#case-title")).ToContainTextAsync(first);
        await Assertions.Expect(page.Locator("#case-comparison .mate").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#case-queue button")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#case-desk")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("#case-title")).ToContainTextAsync(second);
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(page.Locator("#case-title")).ToContainTextAsync(first);

        // A verdict is recorded after it was confirmed with a reason; Escape goes back.
        await Assertions.Expect(page.Locator("#case-s")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("d");
        await Assertions.Expect(page.Locator("#case-reason")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#case-decide")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("s");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#case-decide")).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync("dots: s d i j k");
        await Assertions.Expect(page.Locator("#case-confirm")).ToHaveTextAsync("Record SAME");
        await ShootAsync(page, "decide");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#cases-note")).ToContainTextAsync("another person is needed");
        await Assertions.Expect(page.Locator("#case-queue button")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#case-title")).ToContainTextAsync(second);

        await using OpenPage berta = await OpenAsync(own, "berta");
        page = berta.Page;
        await Assertions.Expect(page.Locator("#case-title")).ToContainTextAsync("Second decision needed");
        await Assertions.Expect(page.Locator("#case-blind")).ToContainTextAsync("not shown before you have");
        await Assertions.Expect(page.Locator("#case-comparison .mate").First).ToBeVisibleAsync();
        Assert.DoesNotContain("dots", await page.InnerTextAsync("body"), StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#case-s")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("s");
        await page.Keyboard.TypeAsync("clear");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#cases-note")).ToContainTextAsync("the candidate is CONFIRMED");

        JsonNode kept = await own.GetAsync(
            $"/mc/v1/cases/{first}", own.Decider("police-c", "anna")).OkAsync();
        Assert.Equal("CONFIRMED", (string?)kept["state"]);
        Assert.Equal(
            ["dots: s d i j k", "clear"],
            kept["candidates"]![0]!["decisions"]!.AsArray().Select(one => (string?)one!["reason"]));
        Assert.Empty(anna.Troubles);
        Assert.Empty(berta.Troubles);
    }

    [SkippableTheory]
    [InlineData(320, "light")]
    [InlineData(1400, "dark")]
    [InlineData(1400, "forced")]
    public async Task It_fits_and_can_be_used_by_everybody(int width, string colours)
    {
        await server.SearchAsync();
        await using OpenPage open = await OpenAsync(server, "clara", new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = colours == "light" ? ColorScheme.Light : ColorScheme.Dark,
            ForcedColors = colours == "forced" ? ForcedColors.Active : ForcedColors.None,
        });
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("#case-s")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("i");
        await Assertions.Expect(page.Locator("#case-decide")).ToBeVisibleAsync();
        await ShootAsync(page, $"{width}-{colours}");

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        AxeResult axe = await page.Locator("#cases").RunAxe();
        Assert.Empty(axe.Violations.Select(one =>
            $"{one.Id}: {string.Join("; ", one.Nodes.Select(node => node.Html))}"));
        Assert.Empty(open.Troubles);
    }

    private async Task<OpenPage> OpenAsync(CaseServer at, string person, BrowserNewContextOptions? screen = null)
    {
        OpenPage open = await browser.OpenAsync(at.Server.Http.BaseAddress!, screen);
        await Assertions.Expect(open.Page.Locator("#state")).ToContainTextAsync("needs a token");
        open.Troubles.Clear();
        await open.Page.FillAsync(
            "#token", at.Token("police-c", "mc.stats mc.case.read mc.decide", person));
        await open.Page.ClickAsync("#token-form button");
        await Assertions.Expect(open.Page.Locator("#state")).ToHaveTextAsync("ready");
        await open.Page.ClickAsync("#cases-open");
        return open;
    }

    /// <summary>Takes a picture of the section where somebody wants to look at it.</summary>
    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MATCHCLUSTER_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.Locator("#cases").ScreenshotAsync(
                new LocatorScreenshotOptions { Path = Path.Combine(folder, $"cases-{name}.png") });
        }
    }
}
