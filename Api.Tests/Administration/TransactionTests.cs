using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests.Administration;

/// <summary>A transaction names a call of one partner: others may use the same names.</summary>
public sealed class TransactionTests
{
    [Fact]
    public async Task Each_partner_has_transactions_of_its_own()
    {
        await using GovernedServer server = new();
        await server.InitializeAsync();
        await server.SignPolicyAsync("watchlist", "home-b");
        foreach (string partner in (string[])["border-a", "home-b"])
        {
            await server.SignAgreementAsync(
                GovernedServer.Agreement(partner, ("release", "full"), ("enrol", new JsonArray("watchlist"))));
        }

        string border = await CreateAsync(server, "border-a", 1);
        string home = await CreateAsync(server, "home-b", 2);

        Assert.NotEqual(border, home);
        Assert.Equal(border, await CreateAsync(server, "border-a", 1));
        Assert.Equal(home, await CreateAsync(server, "home-b", 2));
    }

    private static async Task<string> CreateAsync(GovernedServer server, string partner, int seed)
    {
        HttpClient http = server.As(partner, headers: ("MC-Purpose", "test"));
        using HttpResponseMessage answer = await http.PostAsync(
            "/v1/persons?transactionId=T1",
            JsonContent.Create(Bodies.Encounter("watchlist", [Bodies.Finger(1, seed)])));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return text;
    }
}
