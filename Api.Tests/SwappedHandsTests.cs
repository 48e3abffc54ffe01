using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests;

/// <summary>Fingers that bear each other's labels: how a caller asks for such people, and is told of them.</summary>
public sealed class SwappedHandsTests(SwappedGallery gallery) : IClassFixture<SwappedGallery>
{
    private const string Path = $"identify/{SwappedGallery.Name}?threshold=40";
    private readonly RunningServer server = gallery.Server;

    [Fact]
    public async Task Hands_swapped_altogether_are_found_when_OSIA_identify_asks_and_flagged()
    {
        JsonArray probe = [Bodies.Finger(3, 2, 1, label: 7), Bodies.Finger(3, 7, 1, label: 2)];

        JsonNode labelled = await server.PostAsync(Path, Bodies.Identify([.. Copies(probe)])).OkAsync();
        JsonNode both =
            await server.PostAsync($"{Path}&swappedHands=true", Bodies.Identify([.. Copies(probe)])).OkAsync();

        Assert.Empty(labelled.AsArray());
        JsonNode found = Assert.Single(both.AsArray())!;
        Assert.Equal("P3", (string)found["personId"]!);
        Assert.True((bool)found["others"]!["swappedFingers"]!);
        AssertPairs(found, ("LEFT_INDEX", "RIGHT_INDEX", true), ("RIGHT_INDEX", "LEFT_INDEX", true));
    }

    [Fact]
    public async Task A_batch_line_asks_for_swapped_hands_by_itself()
    {
        JsonArray probe = [Bodies.Finger(5, 2, 1, label: 7), Bodies.Finger(5, 7, 1, label: 2)];
        JsonObject plain = new() { ["id"] = "labelled", ["threshold"] = 40, ["biometricData"] = probe };
        JsonObject asking = plain.DeepClone().AsObject();
        asking["id"] = "both";
        asking["swappedHands"] = true;
        using StringContent lines =
            new($"{plain.ToJsonString()}\n{asking.ToJsonString()}\n", Encoding.UTF8, "application/x-ndjson");

        using HttpResponseMessage response =
            await server.Http.PostAsync($"/mc/v1/identify/{SwappedGallery.Name}", lines);

        Dictionary<string, JsonNode> answers = (await response.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .ToDictionary(answer => (string)answer["id"]!);
        Assert.Empty(answers["labelled"]["candidates"]!.AsArray());
        JsonNode found = Assert.Single(answers["both"]["candidates"]!.AsArray())!;
        Assert.Equal("P5", (string)found["personId"]!);
        Assert.True((bool)found["others"]!["swappedFingers"]!);
        AssertPairs(found, ("LEFT_INDEX", "RIGHT_INDEX", true), ("RIGHT_INDEX", "LEFT_INDEX", true));
    }

    [Fact]
    public async Task A_finalist_with_some_fingers_swapped_is_flagged_unasked_and_one_labelled_rightly_is_not()
    {
        JsonNode crossed = Assert.Single((await server.PostAsync(Path, Bodies.Identify(
        [
            Bodies.Finger(7, 1, 1), Bodies.Finger(7, 6, 1),
            Bodies.Finger(7, 2, 1, label: 7), Bodies.Finger(7, 7, 1, label: 2),
        ])).OkAsync()).AsArray())!;
        JsonNode right = Assert.Single((await server.PostAsync(Path, Bodies.Identify(
        [
            Bodies.Finger(7, 2, 1), Bodies.Finger(7, 7, 1),
        ])).OkAsync()).AsArray())!;

        Assert.Equal(("P7", "P7"), ((string)crossed["personId"]!, (string)right["personId"]!));
        Assert.True((bool)crossed["others"]!["swappedFingers"]!);
        AssertPairs(
            crossed,
            ("RIGHT_THUMB", "RIGHT_THUMB", false),
            ("LEFT_THUMB", "LEFT_THUMB", false),
            ("LEFT_INDEX", "RIGHT_INDEX", true),
            ("RIGHT_INDEX", "LEFT_INDEX", true));
        Assert.Null(right["others"]!["swappedFingers"]);
        AssertPairs(right, ("RIGHT_INDEX", "RIGHT_INDEX", false), ("LEFT_INDEX", "LEFT_INDEX", false));
    }

    private static IEnumerable<JsonNode> Copies(JsonArray samples) => samples.Select(sample => sample!.DeepClone());

    /// <summary>
    /// Labels in the probe, the labels they met, and whether the answer calls them swapped.
    /// </summary>
    private static void AssertPairs(JsonNode candidate, params (string Probe, string Met, bool Swapped)[] pairs) =>
        Assert.Equal(
            pairs.Order(),
            candidate["scores"]!.AsArray().Select(score => (
                (string)score!["others"]!["probeSubType"]!,
                (string)score["biometricSubType"]!,
                (bool?)score["others"]!["swapped"] ?? false)).Order());
}

/// <summary>A gallery of people with thumbs and index fingers; each test only reads it.</summary>
public sealed class SwappedGallery : IAsyncLifetime
{
    public const string Name = "thumbs-and-index-fingers";

    private const int People = 10;

    public RunningServer Server { get; } = new();

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        for (int person = 0; person < People; person++)
        {
            JsonArray samples = [.. new[] { 1, 2, 6, 7 }.Select(finger => Bodies.Finger(person, finger))];
            await Server.PostAsync($"persons/P{person}/encounters/E1", Bodies.Encounter(Name, samples)).OkAsync();
        }
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
