using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MatchCluster.Api.Tests.Access;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>The keys of an encrypted gallery on the page, as an administrator rotates them.</summary>
public sealed class KeysPageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly TestIssuer issuer = new();
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
            data, 1, 1, default, MasterKeySource.OfFile(key));
        long epoch = await store.OpenEpochAsync(new PartitionId(0), default);
        await store.AppendAsync(new PartitionId(0), epoch, [StoredPerson.Put("P", "E", "visa-b")], default);
        server = await RunningServer.StartAsync(issuer.Settings(), data, store);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        issuer.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [SkippableFact]
    public async Task An_administrator_sees_the_keys_and_rotates_one_after_reading_what_that_does()
    {
        await using OpenPage anna = await OpenAsync("mc.stats mc.admin");
        await Assertions.Expect(anna.Page.Locator("#master-key")).ToContainTextAsync("wraps them");
        ILocator rows = anna.Page.Locator("#key-table tbody tr");
        await Assertions.Expect(rows).ToContainTextAsync(["visa-b"]);
        await rows.GetByRole(AriaRole.Button, new() { Name = "Rotate the key of visa-b" }).PressAsync("Enter");
        await Assertions.Expect(anna.Page.Locator("#keys-detail")).ToContainTextAsync("A new key of visa-b is made");
        AxeResult axe = await anna.Page.RunAxe();
        Assert.Empty(axe.Violations.Select(one => one.Id));
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Do it" }).PressAsync("Enter");
        await Assertions.Expect(anna.Page.Locator("#keys-said")).ToHaveTextAsync("A new key is made.");
        await Assertions.Expect(rows.Filter(new() { HasText = "current" })).ToContainTextAsync(["2"]);

        await anna.Page.ClickAsync("#master-again");
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Leave it" }).PressAsync("Enter");
        await Assertions.Expect(anna.Page.Locator("#keys-detail")).ToBeEmptyAsync();
        await anna.Page.ClickAsync("#master-again");
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Do it" }).PressAsync("Enter");
        await Assertions.Expect(anna.Page.Locator("#keys-said")).ToHaveTextAsync(
            "The master key of now wraps every key.");
    }

    [SkippableFact]
    public async Task Whoever_lacks_the_scope_sees_no_keys_and_a_program_rotates_none()
    {
        await using OpenPage other = await OpenAsync("mc.stats");
        await Assertions.Expect(other.Page.Locator("#state")).ToHaveTextAsync("ready");
        await Assertions.Expect(other.Page.Locator("#keys")).ToBeHiddenAsync();

        await using OpenPage program = await OpenAsync("mc.stats mc.admin", isPerson: false);
        await program.Page.GetByRole(AriaRole.Button, new() { Name = "Rotate the key of visa-b" }).ClickAsync();
        await program.Page.GetByRole(AriaRole.Button, new() { Name = "Do it" }).ClickAsync();
        await Assertions.Expect(program.Page.Locator("#keys-said")).ToContainTextAsync("403: found a program");
    }

    private async Task<OpenPage> OpenAsync(string scopes, bool isPerson = true)
    {
        OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        await open.Page.FillAsync("#token", issuer.Token(scopes, token =>
        {
            if (isPerson)
            {
                token.Claims["auth_time"] = 1_790_000_000;
            }
        }));
        await open.Page.ClickAsync("#token-form button");
        return open;
    }
}
