using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Feeds;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tests.Administration;

namespace MatchCluster.Api.Tests.Feeds;

/// <summary>What agreements say to a caller that waits for changes.</summary>
public sealed class GovernedChangesTests
{
    [Fact]
    public async Task A_suspended_agreement_ends_a_wait_for_changes()
    {
        await using GovernedServer server = new() { ChangesKept = 1000 };
        await server.InitializeAsync();
        await server.SignPolicyAsync("watchlist", "home-b");
        await server.SignAgreementAsync(GovernedServer.Agreement(
            "border-a", ("release", "full"), ("administer", new JsonArray("watchlist"))));
        await server.SignAgreementAsync(GovernedServer.Agreement("home-b", ("enrol", new JsonArray("watchlist"))));
        HttpClient border = server.As(
            "border-a", GovernedServer.PartnerScopes + " mc.changes", headers: ("MC-Purpose", "border-entry"));
        HttpClient home = server.As("home-b", headers: ("MC-Purpose", "test"));

        Task<HttpResponseMessage> waiting = border.GetAsync("/mc/v1/galleries/watchlist/changes?after=0&wait=20");
        while (ChangesRead.Waiting == 0 && !waiting.IsCompleted)
        {
            await Task.Delay(5);
        }

        Assert.False(waiting.IsCompleted);
        await server.Person("anna").PostAsync(
            "/mc/v1/agreements/border-a-2026/suspension",
            JsonContent.Create(new JsonObject { ["reason"] = "r" })).OkAsync();
        await home.PostAsync(
            "/v1/persons/P-1/encounters/E-1?transactionId=T1",
            JsonContent.Create(Bodies.Encounter("watchlist", [Bodies.Finger(1, 2)]))).OkAsync();
        using HttpResponseMessage answer = await waiting;
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 403, $"{(int)answer.StatusCode} {text}");
        Assert.Equal((int)FailureCode.AgreementSuspended, (int)JsonNode.Parse(text)!["code"]!);
    }
}
