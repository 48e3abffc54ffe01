using System.Text.Json.Nodes;
using MatchCluster.Api.Demo;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>Something to try the page with: people of the demo, who do not exist.</summary>
public sealed class DemoPersonTests(DemoServer server, Browser browser)
    : IClassFixture<DemoServer>, IClassFixture<Browser>
{
    [SkippableFact]
    public async Task A_person_is_picked_searched_for_found_and_compared()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("#gallery")).ToHaveValueAsync(DemoPeople.Gallery);
        await page.CheckAsync("input[value=demo]");
        string person = new DemoPeople(only: null).IdOf(1);
        await page.SelectOptionAsync("#demo-person", new SelectOptionValue { Label = person });

        await page.ClickAsync("#submit");

        ILocator rows = page.Locator("#candidates tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows.First).ToContainTextAsync(person);
        await rows.First.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#comparison .compared")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#comparison")).ToContainTextAsync($"Probe against {person}");
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task Somebody_who_is_not_enrolled_is_not_found()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("#gallery")).ToHaveValueAsync(DemoPeople.Gallery);
        await page.CheckAsync("input[value=demo]");
        await page.Locator("#demo-person option", new() { HasText = "not enrolled" }).WaitForAsync(
            new() { State = WaitForSelectorState.Attached });
        string stranger = await page.Locator("#demo-person option", new() { HasText = "not enrolled" })
            .GetAttributeAsync("value") ?? "";
        await page.SelectOptionAsync("#demo-person", stranger);

        await page.ClickAsync("#submit");

        await Assertions.Expect(page.Locator("#verdict")).ToContainTextAsync("No candidate");
        await Assertions.Expect(page.Locator("#result")).ToBeHiddenAsync();
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task Every_file_is_one_that_the_server_finds_its_person_by()
    {
        JsonNode list = await server.ReadAsync("/page/people");
        JsonNode person = list["people"]!.AsArray().First(one => (bool)one!["isEnrolled"]!)!;
        JsonArray places = list["places"]!.AsArray();
        Assert.Equal(12, places.Count);
        foreach (JsonNode? place in places)
        {
            string position = (string)place!["position"]!;
            using HttpResponseMessage file = await server.Http.GetAsync($"/page/people/{person["index"]}/{position}");
            Assert.Equal(200, (int)file.StatusCode);
            Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
            JsonObject item = Bodies.Item(
                position.StartsWith("EYE", StringComparison.Ordinal) ? "IRIS" : "FINGER", position,
                (string)place["format"]!, await file.Content.ReadAsByteArrayAsync());
            JsonNode found = await server.Http.PostAsync(
                RunningServer.V1($"identify/{list["gallery"]}?maxNbCand=1&threshold=0"),
                System.Net.Http.Json.JsonContent.Create(Bodies.Identify([item]))).OkAsync();
            Assert.Equal((string)person["personId"]!, (string)found[0]!["personId"]!);
        }
    }

    [Theory]
    [InlineData("/page/people/8/RIGHT_INDEX")]
    [InlineData("/page/people/-1/RIGHT_INDEX")]
    [InlineData("/page/people/0/RIGHT_TOE")]
    public async Task Nobody_else_has_files(string path)
    {
        using HttpResponseMessage answer = await server.Http.GetAsync(path);
        Assert.Equal(404, (int)answer.StatusCode);
    }
}
