using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>The page as an operator has it: in a browser, over a real server.</summary>
public sealed class OperatorPageTests(RunningServer server, Browser browser)
    : IClassFixture<RunningServer>, IClassFixture<Browser>
{
    private const string Gallery = "watched <b>gallery</b>";

    [SkippableFact]
    public async Task It_shows_what_is_held_and_what_happens_and_loads_nothing_from_elsewhere()
    {
        await EnrolAsync("shown", 1);
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;

        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("ready");
        await Assertions.Expect(page.Locator("#gallery-table tbody tr").Filter(new() { HasText = Gallery }))
            .ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#partition-table tbody tr"))
            .ToHaveCountAsync(RunningServer.Partitions);

        await server.PostAsync("identify/ALL", Bodies.Identify(Bodies.Samples(1, 1))).OkAsync();
        await Assertions.Expect(page.Locator("#tile-searches")).Not.ToHaveTextAsync("0");
        await Assertions.Expect(page.Locator("#chart-rate rect.complete")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#tile-p95")).ToContainTextAsync("s");
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task Templates_are_searched_and_a_candidate_is_drawn()
    {
        await EnrolAsync("drawn", 2);
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await page.SetInputFilesAsync("#files", Bodies.Samples(2, 1).Select((item, number) => File(
            $"{number}.bin", Convert.FromBase64String((string)item!["template"]!))));
        await page.FillAsync("#gallery", Gallery);
        await page.FillAsync("#threshold", "40");

        await page.ClickAsync("#submit");

        ILocator rows = page.Locator("#candidates tbody tr");
        await Assertions.Expect(rows.First).ToContainTextAsync("drawn");
        await Assertions.Expect(page.Locator("#verdict")).ToContainTextAsync("1 candidate · complete search");
        await rows.First.GetByRole(AriaRole.Button).ClickAsync();
        JsonNode explained = await server.Http.PostAsync(
            $"/mc/v1/explain/{Uri.EscapeDataString(Gallery)}/drawn/E",
            new StringContent(
                new JsonObject { ["biometricData"] = Bodies.Samples(2, 1) }.ToJsonString(), Encoding.UTF8,
                "application/json")).OkAsync();
        int mates = explained["fingers"]![0]!["alignment"]!["mates"]!.AsArray().Count;
        await Assertions.Expect(page.Locator("#comparison .mate")).ToHaveCountAsync(mates);
        await Assertions.Expect(page.Locator("#comparison canvas")).ToHaveCountAsync(1);
        int differing = await RedPixelsAsync(page);
        Assert.Equal((int)explained["irises"]![0]!["differingBits"]!, differing);
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task A_turned_finger_is_found_where_the_box_is_ticked_and_the_page_says_how()
    {
        await EnrolAsync("turned", 3);
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        JsonObject upsideDown = Bodies.Finger(3, 2, 1, quarters: 2);
        await page.SetInputFilesAsync(
            "#files", [File("0.fmr", Convert.FromBase64String((string)upsideDown["template"]!))]);
        await page.FillAsync("#gallery", Gallery);
        await page.FillAsync("#threshold", "40");
        await page.CheckAsync("#rotation");

        await page.ClickAsync("#submit");

        ILocator row = page.Locator("#candidates tbody tr").Filter(new() { HasText = "turned 180\u00b0" }).First;
        await Assertions.Expect(row).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#verdict"))
            .ToContainTextAsync("fingers and eyes turned by 0, 90, 180, 270 degrees");
        await row.GetByRole(AriaRole.Button).First.ClickAsync();
        await Assertions.Expect(page.Locator("#comparison"))
            .ToContainTextAsync("compared with the probe turned by 180\u00b0");
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task The_keyboard_is_enough()
    {
        await EnrolAsync("by keyboard", 3);
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("#gallery")).ToHaveValueAsync(Gallery);

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("by keyboard");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("E");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#candidates tbody tr").First).ToContainTextAsync("by keyboard");
        for (int i = 0; i < 7; i++)
        {
            await page.Keyboard.PressAsync("Tab"); // gallery, most, threshold, exhaustive, rotation, search, compare
        }

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#comparison .compared")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#comparison")).ToBeFocusedAsync();
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task What_cannot_be_searched_with_is_said_in_the_servers_words()
    {
        await EnrolAsync("unharmed", 4);
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        ILocator verdict = page.Locator("#verdict");
        await page.FillAsync("#gallery", Gallery);

        await page.ClickAsync("#submit");
        await Assertions.Expect(verdict).ToHaveTextAsync("choose a file first");

        await page.SetInputFilesAsync("#files", [File("print.png", [0x89, 0x50, 0x4e, 0x47, 1, 2, 3])]);
        await page.ClickAsync("#submit");
        await Assertions.Expect(verdict).ToContainTextAsync("biometricData[0].image");

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove print.png" }).ClickAsync();
        await page.SetInputFilesAsync("#files", [File("broken.fmr", "FMR\0 20\0broken"u8.ToArray())]);
        await page.ClickAsync("#submit");
        await Assertions.Expect(verdict).ToContainTextAsync("biometricData[0]");
        await Assertions.Expect(verdict).ToHaveClassAsync("bad");
        await Assertions.Expect(page.Locator("#result")).ToBeHiddenAsync();

        // The browser itself notes each answer of 400; nothing else may have gone wrong.
        Assert.All(open.Troubles, trouble => Assert.Contains("400", trouble));
    }

    [SkippableFact]
    public async Task A_server_that_is_gone_is_said_to_be_gone()
    {
        await using RunningServer other = await RunningServer.StartAsync(
            new MatchCluster.Matching.Storage.MemoryGalleryStore(1));
        await using OpenPage open = await browser.OpenAsync(other.Http.BaseAddress!);
        await Assertions.Expect(open.Page.Locator("#state")).ToHaveTextAsync("ready");

        await other.DisposeAsync();

        await Assertions.Expect(open.Page.Locator("#state")).ToContainTextAsync("no answer from the server");
    }

    /// <summary>Pixels of the drawn code that have the colour of a difference.</summary>
    private static Task<int> RedPixelsAsync(IPage page) => page.EvaluateAsync<int>(
        """
        () => {
          const canvas = document.querySelector("#comparison canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const bad = getComputedStyle(document.documentElement).getPropertyValue("--bad").trim();
          const wanted = [1, 3, 5].map(at => parseInt(bad.slice(at, at + 2), 16));
          let found = 0;
          for (let i = 0; i < data.length; i += 4) {
            found += wanted.every((value, part) => data[i + part] === value) ? 1 : 0;
          }
          return found;
        }
        """);

    private static FilePayload File(string name, byte[] content) =>
        new() { Name = name, MimeType = "application/octet-stream", Buffer = content };

    private async Task EnrolAsync(string person, int seed)
    {
        using HttpResponseMessage enrolled = await server.PostAsync(
            $"persons/{Uri.EscapeDataString(person)}/encounters/E", Bodies.Encounter(Gallery, Bodies.Samples(seed)));
        Assert.Equal(200, (int)enrolled.StatusCode);
    }
}
