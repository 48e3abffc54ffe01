using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>Identifiers on the page: none turns, hides or joins what stands beside it.</summary>
public sealed class IdentifiersOnPageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Hebrew = "\u05D0\u05D1 12";
    private const string Turned = "\u202Eabc";

    [SkippableFact]
    public async Task Each_is_isolated_and_what_is_not_seen_is_spelled_out()
    {
        await using RunningServer server = await RunningServer.StartAsync(await StoreAsync());
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await SearchAsync(page, Search.AllGalleries);

        // Both have the same finger: ordered by their identifiers.
        ILocator names = page.Locator("#candidates tbody td.name bdi");
        await Assertions.Expect(names).ToHaveTextAsync([Hebrew, "[U+202E]abc"]);
        foreach (ILocator one in await page.Locator("#candidates tbody bdi").AllAsync())
        {
            Assert.Equal("isolate", await one.EvaluateAsync<string>("one => getComputedStyle(one).unicodeBidi"));
        }

        // Person, encounter and, of a search over all galleries, the gallery.
        await Assertions.Expect(page.Locator("#candidates tbody tr").First.Locator("bdi"))
            .ToHaveTextAsync([Hebrew, "E", Hebrew]);
        await Assertions.Expect(page.Locator("#gallery-table tbody bdi")).ToHaveTextAsync([Hebrew]);
        Assert.DoesNotContain("\u202E", await page.InnerTextAsync("body"), StringComparison.Ordinal);

        await page.Locator("#candidates tbody tr").First.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#comparison h3 bdi")).ToHaveTextAsync([Hebrew, "E"]);
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task Dots_are_refused_on_the_page_before_the_browser_resolves_them()
    {
        await using RunningServer server = await RunningServer.StartAsync(await StoreAsync());
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        await SearchAsync(open.Page, "..");
        await Assertions.Expect(open.Page.Locator("#verdict")).ToContainTextAsync("“..” is no identifier");
        Assert.Empty(open.Troubles);
    }

    private static async Task SearchAsync(IPage page, string gallery)
    {
        await page.SetInputFilesAsync("#files", new FilePayload
        {
            Name = "finger.fmr",
            MimeType = "application/octet-stream",
            Buffer = Convert.FromBase64String((string)Bodies.Finger(1, 2, impression: 1)["template"]!),
        });
        await page.FillAsync("#gallery", gallery);
        await page.FillAsync("#threshold", "40");
        await page.ClickAsync("#submit");
    }

    /// <summary>One person with an identifier of today and one that only older versions took.</summary>
    private static async Task<IGalleryStore> StoreAsync()
    {
        MemoryGalleryStore store = new(1);
        PartitionId only = new(0);
        long epoch = await store.OpenEpochAsync(only, CancellationToken.None);
        await store.AppendAsync(
            only, epoch, [StoredPerson.Put(Hebrew, "E", Hebrew), StoredPerson.Put(Turned, "E", Hebrew)],
            CancellationToken.None);
        return store;
    }
}
