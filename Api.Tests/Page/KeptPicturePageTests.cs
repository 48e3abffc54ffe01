using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Tests.Images;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>A comparison on the page over the candidate's own picture, which its gallery keeps.</summary>
public sealed class KeptPicturePageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private RunningServer server = new();

    public async Task InitializeAsync()
    {
        string key = Path.Combine(directory, "master.key");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[MasterKey.Bytes]));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        string data = Path.Combine(directory, "data");
        SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            data, null, 2, default, MasterKeySource.OfFile(key));
        server = await RunningServer.StartAsync(store, data, ImageSettings.Default, "KEPT");
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [SkippableFact]
    public async Task The_pairing_lies_over_the_probes_picture_and_the_stored_one_without_a_file_being_chosen()
    {
        JsonArray items =
        [
            Pictures.Item("FINGER", "RIGHT_INDEX", PicturePageTests.Print),
            Pictures.Item("IRIS", "EYE_LEFT", PicturePageTests.Eye),
        ];
        await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("KEPT", items)).OkAsync();
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await PicturePageTests.CompareAsync(page, "KEPT");

        ILocator finger = page.Locator("#comparison .compared").First;
        await Assertions.Expect(finger.Locator("image.under")).ToHaveCountAsync(2);
        await Assertions.Expect(finger.Locator("line.mate").First).ToBeAttachedAsync();
        await Assertions.Expect(finger.GetByLabel("The stored picture of right index")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#comparison .compared").Nth(1).Locator("canvas.over"))
            .ToHaveCountAsync(2);
        if (Environment.GetEnvironmentVariable("MATCHCLUSTER_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.Locator("#comparison").ScreenshotAsync(
                new LocatorScreenshotOptions { Path = Path.Combine(folder, "kept-pictures.png") });
        }

        Assert.Empty(open.Troubles);
    }
}
