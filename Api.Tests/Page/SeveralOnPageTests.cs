using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Tests.Images;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>Pictures of several fingers or of both eyes on the page.</summary>
public sealed class SeveralOnPageTests(RunningServer server, Browser browser)
    : IClassFixture<RunningServer>, IClassFixture<Browser>
{
    private static readonly string[] RightFour = ["right index", "right middle", "right ring", "right little"];

    [SkippableFact]
    public async Task Each_finger_of_a_slap_is_drawn_under_its_own_name()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        GrayImage slap = new SyntheticSlap(21).Take(new SlapView { Width = 1560, Height = 900 }, 0).Image;
        await page.SetInputFilesAsync("#files", new FilePayload
        {
            Name = "slap.png",
            MimeType = "image/png",
            Buffer = Pictures.Png(slap),
        });
        await page.GetByLabel("Position of slap.png").SelectOptionAsync("PLAIN_RIGHT_FOUR_FINGERS");
        await page.ClickAsync("#extract");

        ILocator captions = page.Locator("#extracted figcaption");
        await Assertions.Expect(captions).ToHaveCountAsync(4, new() { Timeout = 30_000 });
        string[] said = [.. (await captions.AllInnerTextsAsync()).Select(text => text.Split(':')[0])];
        Assert.Equal(RightFour, said);
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task A_picture_of_an_eye_without_a_position_is_refused_with_the_reason()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        await open.Page.SetInputFilesAsync("#files", new FilePayload
        {
            Name = "eye.png",
            MimeType = "image/png",
            Buffer = Pictures.Png(Pictures.Eye(1)),
        });
        await open.Page.ClickAsync("#extract");

        ILocator card = open.Page.Locator("#extracted > div");
        await Assertions.Expect(card).ToContainTextAsync("1018 RejectedImage");
        await Assertions.Expect(card).ToContainTextAsync("read as a finger, because no position is chosen");
        await open.Page.GetByLabel("Position of eye.png").SelectOptionAsync("EYE_RIGHT");
        await open.Page.ClickAsync("#extract");
        await Assertions.Expect(card).ToContainTextAsync("valid bits");
        await Assertions.Expect(card).Not.ToContainTextAsync("read as a finger");
        Assert.Empty(open.Troubles);
    }

    [SkippableFact]
    public async Task A_picture_may_show_whatever_the_server_takes_apart_and_a_template_may_not()
    {
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        string[] offered = await open.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const { POSITIONS, POSITIONS_OF_PICTURES } = await import("/page/templates.js");
              const single = Object.values(POSITIONS).flat();
              return Object.values(POSITIONS_OF_PICTURES).flat().filter(one => !single.includes(one));
            }
            """);

        string[] taken =
        [
            .. Enum.GetValues<BiometricSubType>()
                .Where(one => Positions.SlapOf(one, Modality.Finger) is not null
                    || Positions.IsBothEyes(one, Modality.Iris))
                .Select(EnumWords<BiometricSubType>.Of),
        ];
        Assert.Equal(taken.Order(), offered.Order());
        Assert.Empty(open.Troubles);
    }
}
