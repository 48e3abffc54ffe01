using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tests.Administration;

namespace MatchCluster.Api.Tests.Subscriptions;

/// <summary>What agreements and policies let subscriptions tell, and to whom.</summary>
public sealed class GovernedSubscriptionTests
{
    private const string Scopes = GovernedServer.PartnerScopes + " mc.subscriptions";

    [Fact]
    public async Task An_alert_has_the_partners_own_ids_and_comes_only_while_the_agreement_holds()
    {
        await using GovernedServer server = await StartAsync();
        HttpClient border = Border(server);
        HttpClient home = Home(server);
        string one = await SubscribeAsync(border, 1);
        await EnrolAsync(home, 1);
        JsonNode alert = Assert.Single(await SubscriptionCalls.AlertsAsync(border, 1));
        Assert.StartsWith("p-", (string)alert["personId"]!, StringComparison.Ordinal);
        Assert.Null(alert["encounterId"]);
        Assert.Equal(one, (string)alert["subscriptionId"]!);

        // Nobody else sees the subscription or the alert.
        Assert.Empty(await SubscriptionCalls.AlertsAsync(home, 0));
        Assert.Equal(404, await home.GetAsync($"/mc/v1/subscriptions/{one}").StatusAsync());
        Assert.Equal(404, await home.DeleteAsync($"/mc/v1/subscriptions/{one}").StatusAsync());
        Assert.Equal(404, await home.PostAsync($"/mc/v1/alerts/{alert["alertId"]}/seen", null).StatusAsync());
        Assert.Empty((await home.GetAsync("/mc/v1/subscriptions").OkAsync())["subscriptions"]!.AsArray());

        // What is withheld while the agreement is suspended does not come afterwards either.
        _ = await SubscribeAsync(border, 2);
        string other = await SubscribeAsync(Border(server, "border-c"), 2);
        await server.Person("anna").PostAsync(
            "/mc/v1/agreements/border-a-2026/suspension", JsonContent.Create(new JsonObject { ["reason"] = "r" }))
            .OkAsync();
        await EnrolAsync(home, 2);
        JsonNode told = Assert.Single(await SubscriptionCalls.AlertsAsync(Border(server, "border-c"), 1));
        Assert.Equal(other, (string)told["subscriptionId"]!);
        Assert.Equal(403, await border.PostAsync(
            "/mc/v1/subscriptions", JsonContent.Create(Body(3))).StatusAsync());

        // What was told before is not seen either while nothing that holds names the gallery.
        Assert.Empty((await border.GetAsync("/mc/v1/alerts").OkAsync())["alerts"]!.AsArray());
        await server.SignAgreementAsync(
            GovernedServer.Agreement("border-a", ("id", "border-a-next"), ("search", new JsonArray("watchlist"))));
        Assert.Single(await SubscriptionCalls.AlertsAsync(border, 1));
    }

    [Fact]
    public async Task An_owner_is_told_of_searches_by_others_that_meet_its_persons_and_nobody_else_is()
    {
        await using GovernedServer server = await StartAsync();
        HttpClient border = Border(server);
        HttpClient home = Home(server);
        JsonObject asked = new()
        {
            ["kind"] = "wrapBack",
            ["galleryId"] = "watchlist",
            ["expiresAt"] = TimeProvider.System.GetUtcNow().AddDays(1).ToString("O"),
        };
        Assert.Equal(
            403, await border.PostAsync("/mc/v1/subscriptions", JsonContent.Create(asked)).StatusAsync());
        Assert.Equal(201, await home.PostAsync("/mc/v1/subscriptions", JsonContent.Create(asked)).StatusAsync());
        await EnrolAsync(home, 1);
        await EnrolAsync(home, 2);
        await IdentifyAsync(home, 1);
        await IdentifyAsync(border, 3);
        Assert.Empty(await SubscriptionCalls.AlertsAsync(home, 0));

        // Durable before the answer leaves: it is there without waiting.
        await IdentifyAsync(border, 1);
        JsonNode page = JsonNode.Parse(await home.GetStringAsync("/mc/v1/alerts"))!;
        JsonNode alert = Assert.Single(page["alerts"]!.AsArray())!;
        Assert.Equal(
            ("wrapBack", "watchlist", "P-1", "border-entry"),
            ((string)alert["kind"]!, (string)alert["galleryId"]!, (string)alert["personId"]!,
                (string)alert["purpose"]!));
        Assert.Null(alert["partner"]);
        Assert.Null(alert["score"]);

        await server.SignAsync("gallery-policies/watchlist", new JsonObject
        {
            ["id"] = "watchlist",
            ["owner"] = "home-b",
            ["namesSearchers"] = true,
        });
        await IdentifyAsync(border, 2);
        JsonNode[] both = await SubscriptionCalls.AlertsAsync(home, 2);
        Assert.Equal(("P-2", "border-a"), ((string)both[1]["personId"]!, (string)both[1]["partner"]!));
        Assert.Empty(await SubscriptionCalls.AlertsAsync(border, 0));
    }

    [Fact]
    public async Task What_may_not_be_kept_or_is_wrong_is_refused()
    {
        await using GovernedServer server = await StartAsync();
        await RefusedAsync(
            Border(server, "border-a", ("MC-No-Retain", "true")), Body(1), FailureCode.SubscriptionNotKept);
        HttpClient border = Border(server);
        await RefusedAsync(border, Body(1, ("callback", "http://127.0.0.1:1/")), FailureCode.CallbackRefused);
        await RefusedAsync(border, Body(1, ("threshold", 29)), FailureCode.InvalidParameter);
        await RefusedAsync(border, Body(1, ("targetFPIR", 0.1)), FailureCode.InvalidParameter);
        await RefusedAsync(border, Body(1, ("expiresAt", "2020-01-01T00:00:00Z")), FailureCode.InvalidParameter);
        await RefusedAsync(border, Body(1, ("galleryId", "ALL")), FailureCode.InvalidParameter);
        await RefusedAsync(border, Body(1, ("kind", "all")), FailureCode.InvalidParameter);
        await RefusedAsync(border, Body(1, ("biometricData", new JsonArray())), FailureCode.InvalidBiometricData);
        Assert.Equal(403, await border.PostAsync(
            "/mc/v1/subscriptions", JsonContent.Create(Body(1, ("galleryId", "visa-b")))).StatusAsync());
        Assert.Equal(403, await server.As("border-a").GetAsync("/mc/v1/alerts").StatusAsync());
        Assert.Empty((await border.GetAsync("/mc/v1/subscriptions").OkAsync())["subscriptions"]!.AsArray());
    }

    private static async Task<GovernedServer> StartAsync()
    {
        GovernedServer server = new() { ChangesKept = 1000 };
        await server.InitializeAsync();
        await server.SignPolicyAsync("watchlist", "home-b");
        await server.SignAgreementAsync(GovernedServer.Agreement("border-a"));
        await server.SignAgreementAsync(GovernedServer.Agreement("border-c"));
        await server.SignAgreementAsync(GovernedServer.Agreement("home-b", ("enrol", new JsonArray("watchlist"))));
        return server;
    }

    private static HttpClient Border(
        GovernedServer server, string partner = "border-a", params (string Name, string Value)[] headers) =>
        server.As(partner, Scopes, headers: [("MC-Purpose", "border-entry"), .. headers]);

    private static HttpClient Home(GovernedServer server) =>
        server.As("home-b", Scopes, headers: ("MC-Purpose", "test"));

    private static JsonObject Body(int person, params (string Name, JsonNode Value)[] changed)
    {
        JsonObject body = SubscriptionCalls.Body(person);
        body["galleryId"] = "watchlist";
        foreach ((string name, JsonNode value) in changed)
        {
            body[name] = value;
        }

        return body;
    }

    private static async Task<string> SubscribeAsync(HttpClient http, int person)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/mc/v1/subscriptions", Body(person));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return (string)JsonNode.Parse(text)!["subscriptionId"]!;
    }

    private static async Task EnrolAsync(HttpClient http, int person)
    {
        using HttpResponseMessage made = await http.PostAsJsonAsync(
            $"/v1/persons/P-{person}/encounters/E-1?transactionId=T",
            Bodies.Encounter("watchlist", [Bodies.Finger(person, 2)]));
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }

    private static async Task IdentifyAsync(HttpClient http, int person)
    {
        using HttpResponseMessage made = await http.PostAsJsonAsync(
            "/v1/identify/watchlist?transactionId=T&threshold=60",
            new JsonObject
            {
                ["biometricData"] = new JsonArray(Bodies.Finger(person, 2)),
                ["filter"] = new JsonObject(),
            });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }

    private static async Task RefusedAsync(HttpClient http, JsonObject body, FailureCode code)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/mc/v1/subscriptions", body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int?)JsonNode.Parse(text)!["code"] == (int)code, $"wanted {code}: {text}");
    }
}
