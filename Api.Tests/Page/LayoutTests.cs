using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>
/// The page after a search with twelve samples and a comparison, on a telephone and on a desk, in light, dark and the
/// system's own colours: nothing lies beyond the edge, and axe finds nothing that somebody could not use.
/// </summary>
public sealed class LayoutTests(DemoServer server, Browser browser)
    : IClassFixture<DemoServer>, IClassFixture<Browser>
{
    [SkippableTheory]
    [InlineData(320, "light")]
    [InlineData(320, "dark")]
    [InlineData(320, "forced")]
    [InlineData(390, "light")]
    [InlineData(390, "dark")]
    [InlineData(390, "forced")]
    [InlineData(1400, "light")]
    [InlineData(1400, "dark")]
    [InlineData(1400, "forced")]
    public async Task Twelve_samples_fit_and_everything_can_be_used(int width, string colours)
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!, new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            ColorScheme = colours == "light" ? ColorScheme.Light : ColorScheme.Dark,
            ForcedColors = colours == "forced" ? ForcedColors.Active : ForcedColors.None,
        });
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("#gallery")).ToHaveValueAsync(Demo.DemoPeople.Gallery);
        await Assertions.Expect(page.Locator("#partition-table tbody tr")).ToHaveCountAsync(2);
        await page.CheckAsync("input[value=demo]");
        await page.SelectOptionAsync("#demo-places", "12");
        await Assertions.Expect(page.Locator("#demo-files a")).ToHaveCountAsync(12);
        await page.ClickAsync("#submit");

        ILocator compare = page.Locator("#candidates tbody button").First;
        await Assertions.Expect(page.Locator("#candidates tbody li")).ToHaveCountAsync(12);
        LocatorBoundingBoxResult box = (await compare.BoundingBoxAsync())!;
        Assert.InRange(box.X + box.Width, 0, width);
        await compare.ClickAsync();
        await Assertions.Expect(page.Locator("#comparison .compared")).ToHaveCountAsync(12);

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("main *")]
              .filter(one => !one.closest(".scroll") && one.getBoundingClientRect().right > innerWidth + 1)
              .map(one => `${one.tagName} ${one.id} ${one.className} lies beyond the edge`)
            """));
        AxeResult axe = await page.RunAxe();
        Assert.Empty(axe.Violations.Select(one =>
            $"{one.Id}: {string.Join("; ", one.Nodes.Select(node => node.Html))}"));
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task Legends_keep_their_colours_where_the_system_chooses_all_others()
    {
        await using OpenPage open = await browser.OpenAsync(
            server.Http.BaseAddress!, new BrowserNewContextOptions { ForcedColors = ForcedColors.Active });

        string[] colours = await open.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll(".key")]
              .map(key => getComputedStyle(key, "::before").backgroundColor)
            """);

        // complete, partial and refused; p50 and p95.
        Assert.Equal(5, colours.Length);
        Assert.Equal(3, colours[..3].Distinct().Count());
        Assert.Equal(2, colours[3..].Distinct().Count());
    }

    [SkippableFact]
    public async Task No_partition_scans_more_than_the_whole_time()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        int looks = 0;
        await page.RouteAsync("**/mc/v1/live", async route =>
        {
            // Two scans at a time, each counted when it ends: twice the time that has passed.
            IAPIResponse answer = await route.FetchAsync();
            System.Text.Json.Nodes.JsonNode live = System.Text.Json.Nodes.JsonNode.Parse(await answer.TextAsync())!;
            looks++;
            live["partitions"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
            {
                ["partition"] = 0,
                ["batches"] = looks,
                ["comparisons"] = 1000 * looks,
                ["scanSeconds"] = 100 * looks,
            });
            await route.FulfillAsync(new() { Response = answer, Body = live.ToJsonString() });
        });

        await Assertions.Expect(page.Locator("#partition-table tbody tr").First.Locator("td").Nth(8))
            .ToHaveTextAsync("100 %", new() { Timeout = 20_000 });
    }
}
