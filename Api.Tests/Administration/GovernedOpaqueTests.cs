using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tests.Osia;

namespace MatchCluster.Api.Tests.Administration;

/// <summary>Items that nothing here compares are kept as agreements and galleries' policies say, and no more.</summary>
public sealed class GovernedOpaqueTests : IDisposable
{
    private readonly string keys = Directory.CreateTempSubdirectory("matchcluster-key-").FullName;

    public void Dispose() => Directory.Delete(keys, recursive: true);

    [Fact]
    public async Task They_are_kept_where_the_agreement_says_so_and_no_gallery_forbids_it()
    {
        await using GovernedServer server = new() { MasterKey = OpaqueItemTests.KeyIn(keys) };
        await server.InitializeAsync();
        await server.SignPolicyAsync("own", "border-a");
        await server.SignPolicyAsync("strict", "border-a");
        HttpClient border = Client(server);
        await server.SignAgreementAsync(GovernedServer.Agreement("border-a", ("release", "full")));
        await AssertLeftOutAsync(border, "A");
        Assert.Equal(400, await PostAsync(border, "A", "own", Face(20)).StatusAsync());

        await SignAsync(40, 90);
        Assert.Equal("biometricData[0]: FACE", await KeptAsync(border, "B", "own"));
        Assert.Equal("FACE", await TypeAsync(border, "B"));
        using (HttpResponseMessage large = await PostAsync(border, "C", "own", Face(80)))
        {
            Assert.Equal((int)FailureCode.OpaqueTooLarge, (int)(await large.JsonAsync())["code"]!);
        }

        // A policy forbids it from the next request on, also to show what is there; joining the gallery erases it.
        await server.SignAsync("gallery-policies/strict", new JsonObject
        {
            ["id"] = "strict",
            ["owner"] = "border-a",
            ["forbidsOpaque"] = true,
        });
        Assert.Equal(400, await PostAsync(border, "D", "strict", Face(20)).StatusAsync());
        Assert.Equal("FACE", await TypeAsync(border, "B"));
        Assert.Equal(204, await GalleriesAsync(border, "B", "own", "open"));
        Assert.Equal("FACE", await TypeAsync(border, "B"));
        Assert.Equal(204, await GalleriesAsync(border, "B", "own", "strict"));
        Assert.Null(await TypeAsync(border, "B"));
        Assert.Equal(204, await GalleriesAsync(border, "B", "own"));
        Assert.Null(await TypeAsync(border, "B"));

        // Another version of the agreement keeps none again; what was stored under the older one stays.
        Assert.NotNull(await KeptAsync(border, "E", "own"));
        await server.SignAgreementAsync(Agreement(null));
        Assert.Equal("FACE", await TypeAsync(border, "E"));
        await AssertLeftOutAsync(border, "F");

        Task SignAsync(int item, int encounter) => server.SignAgreementAsync(
            Agreement(new JsonObject { ["itemBytes"] = item, ["encounterBytes"] = encounter }));
    }

    [Theory]
    [InlineData(0, 10, "keepsOpaque.itemBytes: found 0")]
    [InlineData(20, 10, "keepsOpaque.encounterBytes: found 10")]
    [InlineData(20, 100_000_000, "keepsOpaque.encounterBytes: found 100000000")]
    public async Task What_makes_no_sense_is_not_signed(int item, int encounter, string words)
    {
        await using GovernedServer server = new() { MasterKey = OpaqueItemTests.KeyIn(keys) };
        await server.InitializeAsync();
        using HttpResponseMessage answer = await ProposeAsync(
            server, new JsonObject { ["itemBytes"] = item, ["encounterBytes"] = encounter });
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_master_key_no_agreement_that_keeps_them_is_signed()
    {
        await using GovernedServer server = new();
        await server.InitializeAsync();
        using HttpResponseMessage answer = await ProposeAsync(
            server, new JsonObject { ["itemBytes"] = 10, ["encounterBytes"] = 10 });
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("master key", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> ProposeAsync(GovernedServer server, JsonObject limits) =>
        server.Person("anna").PutAsync(
            "/mc/v1/agreements/border-a-2026/proposal", JsonContent.Create(Agreement(limits)));

    private static JsonObject Agreement(JsonNode? limits)
    {
        JsonObject agreement = GovernedServer.Agreement("border-a", ("release", "full"));
        agreement["administer"] = new JsonArray("open");
        if (limits is not null)
        {
            agreement["keepsOpaque"] = limits;
        }

        return agreement;
    }

    private static HttpClient Client(GovernedServer server) => server.As(
        "border-a", GovernedServer.PartnerScopes + " abis.encounter.read abis.encounter.write", null,
        ("MC-Purpose", "border-entry"));

    private static JsonObject Face(int bytes) => new()
    {
        ["biometricType"] = "FACE",
        ["image"] = Convert.ToBase64String(new byte[bytes]),
    };

    private static Task<HttpResponseMessage> PostAsync(
        HttpClient client, string person, string gallery, params JsonNode[] items) => client.PostAsync(
        RunningServer.V1($"persons/{person}/encounters/E"),
        JsonContent.Create(Bodies.Encounter(gallery, new JsonArray(items))));

    private static async Task<string?> KeptAsync(HttpClient client, string person, string gallery) =>
        (string?)(await PostAsync(client, person, gallery, Face(1), Bodies.Finger(1, 2)).OkAsync())["others"]!["opaque"]
            ?[0];

    private static async Task AssertLeftOutAsync(HttpClient client, string person)
    {
        JsonNode said = await PostAsync(client, person, "own", Face(1), Bodies.Finger(1, 2)).OkAsync();
        Assert.Equal("biometricData[0]: FACE", (string)said["others"]!["notStored"]![0]!);
        Assert.Null(said["others"]!["opaque"]);
        Assert.Null(await TypeAsync(client, person));
    }

    private static async Task<string?> TypeAsync(HttpClient client, string person) =>
        (string?)(await client.GetAsync(RunningServer.V1($"persons/{person}/encounters/E")).OkAsync())
            ["biometricData"]!.AsArray().SingleOrDefault(item => item!["image"] is not null)?["biometricType"];

    private static Task<int> GalleriesAsync(HttpClient client, string person, params string[] galleries) =>
        client.PutAsync(
            RunningServer.V1($"persons/{person}/encounters/E/galleries"),
            JsonContent.Create(new JsonArray([.. galleries.Select(name => (JsonNode)name)]))).StatusAsync();
}
