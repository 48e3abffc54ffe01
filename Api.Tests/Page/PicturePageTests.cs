using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MatchCluster.Api.Tests.Images;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>Pictures on the page: what is extracted of them, and comparisons over them.</summary>
public sealed class PicturePageTests(RunningServer server, Browser browser)
    : IClassFixture<RunningServer>, IClassFixture<Browser>
{
    internal static readonly byte[] Print = Pictures.Png(Pictures.Print(1));
    private static readonly byte[] PrintAgain = Pictures.Png(Pictures.Print(1, noise: 30));
    internal static readonly byte[] Eye = Pictures.Png(Pictures.Eye(1));
    private static readonly byte[] EyeAgain = Pictures.Png(Pictures.Eye(1, capture: 4));

    [SkippableFact]
    public async Task What_is_extracted_of_each_picture_is_drawn_with_its_quality_or_the_reason_is_said()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("#extract")).ToBeHiddenAsync();
        await ChooseAsync(page, ("finger.png", Print, "RIGHT_INDEX"), ("eye.png", Eye, "EYE_LEFT"),
            ("mistaken.png", Print, "EYE_RIGHT"));
        await page.Locator("#extract").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        ILocator cards = page.Locator("#extracted > div");
        await Assertions.Expect(cards.Nth(2))
            .ToContainTextAsync("1018 RejectedImage: biometricData[0].image: found no-iris");
        await Assertions.Expect(page.Locator("#extracted")).ToBeFocusedAsync();
        await Assertions.Expect(cards.Nth(0).Locator("img"))
            .ToHaveAttributeAsync("alt", "right index: minutiae over the picture, 21 minutiae");
        await Assertions.Expect(cards.Nth(0)).ToContainTextAsync("quality 76 of 100");
        await Assertions.Expect(cards.Nth(0)).ToContainTextAsync("resolution-assumed: nobody states");
        await Assertions.Expect(cards.Nth(1).Locator("img")).ToHaveAttributeAsync("alt", ContoursOfLeftEye());
        Assert.Equal("224, 320", await WidthsAsync(page));

        foreach (string kind in (string[])["skeleton", "orientation", "enhanced", "quality", "image"])
        {
            await cards.Nth(0).GetByLabel("What to show of finger.png").SelectOptionAsync(kind);
            await Assertions.Expect(cards.Nth(0).Locator("img")).ToHaveAttributeAsync(
                "src", new System.Text.RegularExpressions.Regex(
                    kind == "image" ? "^data:image/png" : "^data:image/svg"));
        }

        await cards.Nth(1).GetByLabel("What to show of eye.png").SelectOptionAsync("code");
        await Assertions.Expect(cards.Nth(1).Locator("figcaption")).ToContainTextAsync("black is 1, white is 0");
        Assert.Equal("224, 768", await WidthsAsync(page));
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task A_picture_that_is_dropped_is_listed_as_if_it_had_been_chosen()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        IJSHandle dropped = await page.EvaluateHandleAsync(
            """
            bytes => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(bytes), one => one.charCodeAt(0))], "dropped.png"));
              return transfer;
            }
            """,
            Convert.ToBase64String(Print));
        await page.DispatchEventAsync("#source-files", "drop", new { dataTransfer = dropped });

        await Assertions.Expect(page.Locator("#samples li")).ToContainTextAsync("image/png");
        await page.GetByLabel("Pixels per inch of dropped.png").FillAsync("100");
        await page.ClickAsync("#extract");
        await Assertions.Expect(page.Locator("#extracted"))
            .ToContainTextAsync("found 100 pixels per inch, wanted 250..1200");
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task A_comparison_lies_over_the_pictures_that_its_templates_were_made_of_and_over_no_others()
    {
        await EnrolAsync("over pictures", "PAIRED");
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await CompareAsync(page, "PAIRED");

        ILocator finger = page.Locator("#comparison .compared").First;
        await Assertions.Expect(finger.Locator("image.under")).ToHaveCountAsync(1);
        ILocator file = finger.GetByLabel("The stored picture of right index");
        await file.SetInputFilesAsync(File("other.png", PrintAgain));
        await Assertions.Expect(finger).ToContainTextAsync("the stored template was not made of this picture");
        await Assertions.Expect(finger.Locator("image.under")).ToHaveCountAsync(1);
        await file.SetInputFilesAsync(File("same.png", Print));
        await Assertions.Expect(finger.Locator("image.under")).ToHaveCountAsync(2);

        ILocator eye = page.Locator("#comparison .compared").Nth(1);
        await Assertions.Expect(eye).ToContainTextAsync("eye left against eye left, 2,048 bits");
        await Assertions.Expect(eye.Locator("canvas.over")).ToHaveCountAsync(1);
        file = eye.GetByLabel("The stored picture of eye left");
        await file.SetInputFilesAsync(File("other.png", EyeAgain));
        await Assertions.Expect(eye).ToContainTextAsync("the stored template was not made of this picture");
        await file.SetInputFilesAsync(File("same.png", Eye));
        await Assertions.Expect(eye.Locator("canvas.over")).ToHaveCountAsync(2);
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task What_was_not_compared_is_never_green_and_a_turned_probe_is_drawn_turned_back()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        string[] found = await open.Page.EvaluateAsync<string[]>(
            """
            async eye => {
              const { drawEye } = await import("/page/overlay.js");
              const { extract } = await import("/page/extraction.js");
              const [{ picture }] = await extract(
                { biometricType: "IRIS", biometricSubType: "EYE_LEFT", image: eye }, "image");
              const iris = { columns: 128, rows: 8, bitsPerCell: 2 };
              const painted = async (state, shift) => {
                const canvas = document.createElement("canvas");
                await drawEye(canvas, picture, iris, state, shift, ["#00ff00", "#ff0000", "#888888"]);
                const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                const places = { green: [], red: [] };
                for (let i = 0; i < data.length; i += 4) {
                  const [r, g, b] = data.slice(i, i + 3);
                  const at = [i / 4 % canvas.width, Math.floor(i / 4 / canvas.width)];
                  if (g > r + 20 && g > b + 20) places.green.push(at);
                  if (r > g + 20 && r > b + 20) places.red.push(at);
                }
                return places;
              };
              const none = await painted(() => 2, 0);
              const all = await painted(() => 0, 0);
              const one = await painted(column => column === 40 ? 1 : 2, 8);
              const middle = axis => one.red.reduce((sum, at) => sum + at[axis], 0) / one.red.length;
              return [none.green.length, none.red.length, all.green.length > 8000, one.green.length,
                Math.round(middle(0)), Math.round(middle(1))].map(String);
            }
            """,
            Convert.ToBase64String(Eye));

        // The stored code's column 40 is the probe's column 32 of 128, a quarter of a turn: above the middle.
        Assert.Equal(["0", "0", "true", "0"], found[..4]);
        Assert.InRange(int.Parse(found[4]), 157, 165);
        Assert.InRange(int.Parse(found[5]), 60, 85);
        Assert.Empty(open.Troubles);
    }

    [SkippableTheory]
    [InlineData(320, "light")]
    [InlineData(320, "forced")]
    [InlineData(1280, "dark")]
    public async Task Nothing_of_it_lies_beyond_the_edge_and_axe_finds_nothing(int width, string colours)
    {
        await EnrolAsync($"person {width} {colours}", "LAYOUT");
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!, new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            ColorScheme = colours == "light" ? ColorScheme.Light : ColorScheme.Dark,
            ForcedColors = colours == "forced" ? ForcedColors.Active : ForcedColors.None,
        });
        IPage page = open.Page;
        await CompareAsync(page, "LAYOUT");
        await page.ClickAsync("#extract");
        await Assertions.Expect(page.Locator("#extracted img")).ToHaveCountAsync(2);
        await page.Locator("#comparison").GetByLabel("The stored picture of right index").First
            .SetInputFilesAsync(File("same.png", Print));
        await Assertions.Expect(page.Locator("#comparison image.under")).ToHaveCountAsync(2);

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        AxeResult axe = await page.RunAxe();
        Assert.Empty(axe.Violations.Select(one =>
            $"{one.Id}: {string.Join("; ", one.Nodes.Select(node => node.Html[..Math.Min(200, node.Html.Length)]))}"));
        Assert.Empty(open.Troubles);
    }

    /// <summary>The picture's own widths of all drawings, when they are there.</summary>
    private static Task<string> WidthsAsync(IPage page) => page.EvaluateAsync<string>(
        """
        async () => {
          const images = [...document.querySelectorAll("#extracted img")];
          await Promise.all(images.map(one => one.decode()));
          return images.map(one => one.naturalWidth).join(", ");
        }
        """);

    private static System.Text.RegularExpressions.Regex ContoursOfLeftEye() =>
        new("^eye left: contours over the picture, 1,[0-9]{3} valid bits$");

    internal static async Task ChooseAsync(IPage page, params (string Name, byte[] Bytes, string Position)[] files)
    {
        await page.SetInputFilesAsync("#files", files.Select(file => File(file.Name, file.Bytes)));
        foreach ((string name, _, string position) in files)
        {
            await page.GetByLabel($"Position of {name}").SelectOptionAsync(position);
        }
    }

    /// <summary>Searches with other pictures of both and compares with the one candidate.</summary>
    internal static async Task CompareAsync(IPage page, string gallery)
    {
        await ChooseAsync(page, ("finger.png", PrintAgain, "RIGHT_INDEX"), ("eye.png", EyeAgain, "EYE_LEFT"));
        await page.FillAsync("#gallery", gallery);
        await page.FillAsync("#threshold", "40");
        await page.ClickAsync("#submit");
        await page.Locator("#candidates tbody button").First.ClickAsync();
        await Assertions.Expect(page.Locator("#comparison .compared")).ToHaveCountAsync(3, new() { Timeout = 30_000 });
    }

    private static FilePayload File(string name, byte[] content) =>
        new() { Name = name, MimeType = "application/octet-stream", Buffer = content };

    private async Task EnrolAsync(string person, string gallery)
    {
        JsonArray items =
        [
            Pictures.Item("FINGER", "RIGHT_INDEX", Print), Pictures.Item("IRIS", "EYE_LEFT", Eye),
        ];
        await server.PostAsync(
            $"persons/{Uri.EscapeDataString(person)}/encounters/E", Bodies.Encounter(gallery, items)).OkAsync();
    }
}
