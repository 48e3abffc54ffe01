using MatchCluster.Api.Tests.Access;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>The page over a server that asks who calls.</summary>
public sealed class TokenOnPageTests(Browser browser) : IClassFixture<Browser>
{
    [SkippableFact]
    public async Task It_says_that_it_needs_a_token_and_takes_one_into_memory()
    {
        using TestIssuer issuer = new();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings());
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("needs a token");

        await page.FillAsync("#token", issuer.Token("mc.stats"));
        await page.ClickAsync("#token-form button");
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("ready");
        await Assertions.Expect(page.Locator("#token-form")).ToBeHiddenAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("needs a token");
        await Assertions.Expect(page.Locator("#token")).ToHaveValueAsync("");
    }
}
