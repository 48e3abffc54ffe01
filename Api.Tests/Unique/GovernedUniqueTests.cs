using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests.Administration;

namespace MatchCluster.Api.Tests.Unique;

/// <summary>Enrolment of the unique under agreements: who may, what is shown, what is recorded.</summary>
public sealed class GovernedUniqueTests(GovernedServer server) : IClassFixture<GovernedServer>
{
    private const string Scopes = GovernedServer.PartnerScopes + " mc.enrol-if-unique";
    private const string Url = "/mc/v1/enrol-if-unique?threshold=60&transactionId=";

    [Fact]
    public async Task It_needs_the_search_and_the_enrolment_and_shows_what_the_agreement_releases()
    {
        await server.SignAgreementAsync(GovernedServer.Agreement(
            "both", ("search", new JsonArray("once")), ("enrol", new JsonArray("once")),
            ("release", "hit")));
        await server.SignAgreementAsync(GovernedServer.Agreement(
            "searcher", ("search", new JsonArray("once")), ("enrol", new JsonArray("other"))));
        await server.SignAgreementAsync(GovernedServer.Agreement(
            "writer", ("search", new JsonArray("other")), ("enrol", new JsonArray("once"))));
        HttpClient both = As("both");
        JsonNode enrolled = await PostAsync(both, "T1", 1).OkAsync();
        Assert.Equal("enrolled", (string)enrolled["outcome"]!);
        Assert.Equal("enrolled", (string)(await PostAsync(both, "T1", 1).OkAsync())["outcome"]!);

        JsonNode duplicate = await PostAsync(both, "T2", 1, impression: 1).OkAsync();
        Assert.Equal("duplicate", (string)duplicate["outcome"]!);
        Assert.DoesNotContain((string)enrolled["personId"]!, duplicate.ToJsonString());
        Assert.NotNull(duplicate["searched"]![0]!["caseId"]);

        Assert.Equal(403, await PostAsync(As("searcher"), "T3", 1, impression: 1).StatusAsync());
        Assert.Equal(403, await PostAsync(As("writer"), "T4", 2).StatusAsync());
        Assert.Equal(403, await PostAsync(
            server.As("both", GovernedServer.PartnerScopes, headers: ("MC-Purpose", "test")), "T5", 3).StatusAsync());

        JsonNode[] rows =
        [
            .. (await server.RowsAsync()).Where(row => (string)row["operation"]! == "enrolIfUnique"
                && (string)row["caller"]! == "both"),
        ];
        Assert.Equal(4, rows.Length);
        Assert.All(rows[..3], row => Assert.NotNull(row["persons"]));
        Assert.Equal("both-2026", (string)rows[0]["agreement"]!["id"]!);
        Assert.Equal("test", (string)rows[0]["purpose"]!);
        Assert.NotNull(rows[0]["searched"]);
        Assert.Single(rows[2]["candidates"]!.AsArray());
    }

    private HttpClient As(string partner) => server.As(partner, Scopes, headers: ("MC-Purpose", "test"));

    private static Task<HttpResponseMessage> PostAsync(
        HttpClient client, string transaction, int person, int impression = 0) => client.PostAsync(
        Url + transaction,
        JsonContent.Create(Bodies.Encounter("once", [Bodies.Finger(person, 2, impression)])));
}
