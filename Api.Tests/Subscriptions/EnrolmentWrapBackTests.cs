using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests.Administration;

namespace MatchCluster.Api.Tests.Subscriptions;

/// <summary>Owners who are told when another partner enrols somebody who is like one of their persons.</summary>
public sealed class EnrolmentWrapBackTests
{
    private const string Scopes =
        GovernedServer.PartnerScopes + " mc.subscriptions mc.enrol-if-unique mc.bulk-enrol";

    [Fact]
    public async Task An_owner_is_told_of_enrolments_by_others_as_far_as_its_agreements_go()
    {
        await using GovernedServer server = await StartAsync();
        HttpClient home = As(server, "home-b");
        HttpClient border = As(server, "border-a");
        await SubscribeAsync(home, ("threshold", 60));
        for (int person = 1; person <= 4; person++)
        {
            await EnrolAsync(home, $"P-{person}", "watchlist", person);
        }

        // Into galleries that the owner may not search, and its own enrolments elsewhere: nothing.
        await EnrolAsync(As(server, "border-d"), "C-1", "closed", 1);
        await EnrolAsync(home, "H-1", "own", 1);
        await EnrolAsync(border, "V-9", "visa", 9);

        await EnrolAsync(border, "V-1", "visa", 1);
        JsonNode alert = Assert.Single(await SubscriptionCalls.AlertsAsync(home, 1));
        Assert.Equal(
            ("wrapBack", "enrolment", "watchlist", "P-1", "border-entry"),
            ((string)alert["kind"]!, (string)alert["cause"]!, (string)alert["galleryId"]!, (string)alert["personId"]!,
                (string)alert["purpose"]!));
        Assert.Null(alert["partner"]);
        Assert.Null(alert["score"]);
        Assert.DoesNotContain("V-1", alert.ToJsonString(), StringComparison.Ordinal);

        // Into the owner's gallery itself: somebody like a person of it, and a further encounter of one.
        HttpClient writer = As(server, "border-c");
        await EnrolAsync(writer, "Q-2", "watchlist", 2);
        Assert.Equal("P-2", (string)(await SubscriptionCalls.AlertsAsync(home, 2))[1]["personId"]!);
        await EnrolAsync(writer, "P-3", "watchlist", 30, "E-2");
        Assert.Equal("P-3", (string)(await SubscriptionCalls.AlertsAsync(home, 3))[2]["personId"]!);

        // The same call again, and a change of what it brought, tell nothing new; a partner may be named.
        await EnrolAsync(border, "V-1", "visa", 1);
        Assert.Equal(204, await border.PutAsync(
            "/v1/persons/V-1/encounters/E-1/status?status=INACTIVE&transactionId=T", null).StatusAsync());
        Assert.Equal(204, await border.PutAsync(
            "/v1/persons/V-1/encounters/E-1/status?status=ACTIVE&transactionId=T", null).StatusAsync());
        await server.SignAsync("gallery-policies/watchlist", new JsonObject
        {
            ["id"] = "watchlist",
            ["owner"] = "home-b",
            ["namesSearchers"] = true,
        });
        await EnrolAsync(border, "V-4", "visa", 4);
        JsonNode last = (await SubscriptionCalls.AlertsAsync(home, 4))[3];
        Assert.Equal(("P-4", "border-a"), ((string)last["personId"]!, (string)last["partner"]!));
        Assert.Empty(await SubscriptionCalls.AlertsAsync(border, 0));
    }

    [Fact]
    public async Task Whoever_was_refused_brought_nobody()
    {
        await using GovernedServer server = await StartAsync();
        HttpClient home = As(server, "home-b");
        HttpClient border = As(server, "border-a");
        HttpClient writer = As(server, "border-c");
        await SubscribeAsync(home, ("threshold", 60));
        await server.SignAsync("gallery-policies/watchlist", new JsonObject
        {
            ["id"] = "watchlist",
            ["owner"] = "home-b",
            ["namesSearchers"] = true,
        });
        await EnrolAsync(border, "V-1", "visa", 1);

        // The ids are taken: neither call brings anybody.
        Assert.Equal(409, await writer.PostAsync(
            "/v1/persons/V-1/encounters/E-1?transactionId=T-9", Content("watchlist", 1)).StatusAsync());
        Assert.Equal(409, await home.PostAsync(
            "/v1/persons/V-1/encounters/E-1?transactionId=T-9", Content("own", 1)).StatusAsync());

        // A change that brings nothing is compared as what its partner brought, with whoever is there by now.
        await EnrolAsync(home, "P-1", "watchlist", 1);
        foreach (string status in (string[])["INACTIVE", "ACTIVE"])
        {
            Assert.Equal(204, await border.PutAsync(
                $"/v1/persons/V-1/encounters/E-1/status?status={status}&transactionId=T", null).StatusAsync());
        }

        JsonNode alert = Assert.Single(await SubscriptionCalls.AlertsAsync(home, 1));
        Assert.Equal(("P-1", "border-a"), ((string)alert["personId"]!, (string)alert["partner"]!));
    }

    [Fact]
    public async Task It_is_told_whatever_door_they_come_in_by_and_not_without_a_threshold()
    {
        await using GovernedServer server = await StartAsync();
        HttpClient home = As(server, "home-b");
        HttpClient border = As(server, "border-a");
        string wanted = await SubscribeAsync(home, ("threshold", 60));
        string searchesAlone = await SubscribeAsync(home);
        for (int person = 1; person <= 3; person++)
        {
            await EnrolAsync(home, $"P-{person}", "watchlist", person);
        }

        Assert.Equal("enrolled", (string)(await border.PostAsync(
            "/mc/v1/enrol-if-unique?transactionId=T-1&threshold=60", Content("visa", 1)).OkAsync())["outcome"]!);
        JsonObject encounter = Bodies.Encounter("visa", [Bodies.Finger(2, 2)]);
        encounter["encounterId"] = "E-1";
        await GovernedServer.StreamAsync(
            border, "/mc/v1/enrol", new JsonObject { ["personId"] = "S-2", ["encounter"] = encounter });

        // Enrolled elsewhere, and put into the gallery later.
        await EnrolAsync(border, "V-3", "visa-b", 3);
        using HttpResponseMessage moved = await border.PutAsync(
            "/v1/persons/V-3/encounters/E-1/galleries?transactionId=T",
            JsonContent.Create(new JsonArray("visa")));
        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync());

        JsonNode[] alerts = await SubscriptionCalls.AlertsAsync(home, 3);
        Assert.Equal(
            ["P-1", "P-2", "P-3"], alerts.Select(alert => (string)alert["personId"]!).Order());
        Assert.All(alerts, alert => Assert.Equal(wanted, (string)alert["subscriptionId"]!));
        Assert.NotEqual(wanted, searchesAlone);
    }

    private static async Task<GovernedServer> StartAsync()
    {
        GovernedServer server = new() { ChangesKept = 1000 };
        await server.InitializeAsync();
        foreach ((string gallery, string owner) in ((string, string)[])
            [("watchlist", "home-b"), ("own", "home-b"), ("visa", "border-a"), ("visa-b", "border-a"),
                ("closed", "border-d")])
        {
            await server.SignPolicyAsync(gallery, owner);
        }

        foreach ((string partner, string[] search, string[] enrol) in ((string, string[], string[])[])
            [("home-b", ["visa"], ["watchlist", "own"]), ("border-a", ["visa"], ["visa", "visa-b"]),
                ("border-c", ["watchlist"], ["watchlist"]), ("border-d", ["closed"], ["closed"])])
        {
            await server.SignAgreementAsync(GovernedServer.Agreement(
                partner, ("search", Names(search)), ("enrol", Names(enrol))));
        }

        return server;
    }

    private static JsonArray Names(string[] names) => [.. names.Select(name => (JsonNode)name)];

    private static HttpClient As(GovernedServer server, string partner) =>
        server.As(partner, Scopes, headers: ("MC-Purpose", "border-entry"));

    private static async Task<string> SubscribeAsync(HttpClient http, params (string Name, JsonNode Value)[] more)
    {
        JsonObject asked = new()
        {
            ["kind"] = "wrapBack",
            ["galleryId"] = "watchlist",
            ["expiresAt"] = TimeProvider.System.GetUtcNow().AddDays(1).ToString("O"),
        };
        foreach ((string name, JsonNode value) in more)
        {
            asked[name] = value;
        }

        using HttpResponseMessage answer = await http.PostAsJsonAsync("/mc/v1/subscriptions", asked);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return (string)JsonNode.Parse(text)!["subscriptionId"]!;
    }

    private static JsonContent Content(string gallery, int finger) =>
        JsonContent.Create(Bodies.Encounter(gallery, [Bodies.Finger(finger, 2)]));

    private static async Task EnrolAsync(
        HttpClient http, string person, string gallery, int finger, string encounter = "E-1")
    {
        using HttpResponseMessage made = await http.PostAsync(
            $"/v1/persons/{person}/encounters/{encounter}?transactionId=T", Content(gallery, finger));
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }
}
