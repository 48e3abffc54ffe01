using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests;

/// <summary>
/// A, B: P1 by its finger; C: P1 by its eye; B: P2. A search over all galleries says in which a candidate was found.
/// </summary>
public sealed class SharedGalleries : IAsyncLifetime
{
    public RunningServer Server { get; } = new();

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        JsonObject both = Bodies.Encounter("B", [Bodies.Finger(1, 2)]);
        both["galleries"]!.AsArray().Add("A");
        await Server.PostAsync("persons/P1/encounters/E1", both).OkAsync();
        await Server.PostAsync("persons/P1/encounters/E2", Bodies.Encounter("C", [Bodies.Eye(1, 1)])).OkAsync();
        await Server.PostAsync("persons/P2/encounters/E1", Bodies.Encounter("B", Bodies.Samples(2))).OkAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

public sealed class GalleriesOfCandidatesTests(SharedGalleries shared) : IClassFixture<SharedGalleries>
{
    private readonly RunningServer server = shared.Server;

    [Theory]
    [InlineData("ALL", "E1 FINGER A,B; E2 IRIS C")]
    [InlineData("A", "E1 FINGER A")]
    [InlineData("C", "E2 IRIS C")]
    public async Task A_candidate_names_the_searched_galleries_in_which_it_is(string gallery, string expected)
    {
        JsonNode found = await server.PostAsync(
            $"identify/{gallery}?threshold=0", Bodies.Identify(Bodies.Samples(1, impression: 1))).OkAsync();
        Assert.Equal(expected, Shown(found[0]!));
        Assert.Equal("P1", (string)found[0]!["personId"]!);

        JsonNode byId = await server.PostAsync($"identify/{gallery}/P1?threshold=0", null).OkAsync();
        Assert.Equal(expected, Shown(byId[0]!));

        JsonNode verified = await server.PostAsync(
            $"verify/{gallery}/P1", new JsonObject { ["biometricData"] = Bodies.Samples(1, impression: 1) }).OkAsync();
        Assert.Equal(expected, Shown(verified));

        string line = new JsonObject
        {
            ["id"] = "1",
            ["threshold"] = 0,
            ["biometricData"] = Bodies.Samples(1, impression: 1),
        }.ToJsonString();
        using StringContent body = new(line, Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage batch = await server.Http.PostAsync($"/mc/v1/identify/{gallery}", body);
        JsonNode answer = JsonNode.Parse(await batch.Content.ReadAsStringAsync())!;
        Assert.Equal(expected, Shown(answer["candidates"]![0]!));
    }

    [Fact]
    public async Task Each_candidate_has_its_own_galleries()
    {
        JsonNode found = await server.PostAsync(
            "identify/ALL?threshold=0&accuracyLevel=exhaustive", Bodies.Identify([Bodies.Finger(2, 2, 1)])).OkAsync();
        Assert.Equal(
            ["P2: E1 FINGER B", "P1: E1 FINGER A,B"],
            found.AsArray().Select(one => $"{one!["personId"]}: {Shown(one)}"));
    }

    [Fact]
    public async Task Two_sides_that_are_not_enrolled_have_no_gallery()
    {
        JsonNode compared = await server.PostAsync("verify", new JsonObject
        {
            ["biometricData1"] = Bodies.Samples(1),
            ["biometricData2"] = Bodies.Samples(1, impression: 1),
        }).OkAsync();
        Assert.All(compared["scores"]!.AsArray(), score => Assert.False(score!.AsObject().ContainsKey("galleries")));
    }

    /// <summary>Whoever a search over all galleries shows can be taken apart there too.</summary>
    [Theory]
    [InlineData("ALL", 200)]
    [InlineData("A", 200)]
    [InlineData("C", 404)]
    public async Task A_candidate_is_explained_in_the_gallery_that_was_searched(string gallery, int status)
    {
        using HttpResponseMessage answer = await server.Http.PostAsync(
            $"/mc/v1/explain/{gallery}/P1/E1",
            new StringContent(
                new JsonObject { ["biometricData"] = new JsonArray(Bodies.Finger(1, 2, 1)) }.ToJsonString(),
                Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    private static string Shown(JsonNode scored) => string.Join("; ", scored["scores"]!.AsArray().Select(score =>
        $"{score!["encounterId"]} {score["biometricType"]} "
        + string.Join(',', score["galleries"]!.AsArray().Select(one => (string)one!))));
}
