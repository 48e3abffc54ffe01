using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests;

/// <summary>Eyes upside down, with swapped labels, and two that contradict each other, at every door.</summary>
public sealed class MisplacedEyesTests(EyeGallery gallery) : IClassFixture<EyeGallery>
{
    private const string Path = $"identify/{EyeGallery.Name}?threshold=40";
    private readonly RunningServer server = gallery.Server;

    [Theory]
    [InlineData(false, true, "&swappedEyes=true")]
    [InlineData(true, false, "&rotation=full")]
    [InlineData(true, true, "&swappedEyes=true&rotation=full")]
    public async Task OSIA_identify_finds_them_when_asked_and_says_how(bool turned, bool swapped, string asking)
    {
        Assert.Empty((await server.PostAsync(Path, Bodies.Identify(Probe(3, turned, swapped))).OkAsync()).AsArray());
        JsonNode found = Assert.Single((await server.PostAsync(
            Path + asking, Bodies.Identify(Probe(3, turned, swapped))).OkAsync()).AsArray())!;
        AssertSaid(found, "P3", turned, swapped);
    }

    [Fact]
    public async Task A_batch_line_asks_by_itself()
    {
        JsonObject plain = new() { ["id"] = "plain", ["threshold"] = 40, ["biometricData"] = Probe(4, true, true) };
        JsonObject asking = plain.DeepClone().AsObject();
        (asking["id"], asking["swappedEyes"], asking["rotation"]) = ("asking", true, "full");
        using StringContent lines =
            new($"{plain.ToJsonString()}\n{asking.ToJsonString()}\n", Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage response =
            await server.Http.PostAsync($"/mc/v1/identify/{EyeGallery.Name}", lines);
        Dictionary<string, JsonNode> answers = (await response.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .ToDictionary(answer => (string)answer["id"]!);
        Assert.Empty(answers["plain"]["candidates"]!.AsArray());
        AssertSaid(Assert.Single(answers["asking"]["candidates"]!.AsArray())!, "P4", true, true);
    }

    [Fact]
    public async Task A_verification_always_looks_and_says_how()
    {
        JsonNode answer = await VerifyAsync("P5", Probe(5, true, true));
        Assert.True((bool)answer["decision"]!);
        Assert.All(answer["scores"]!.AsArray(), score =>
        {
            Assert.Equal(180, (int)score!["others"]!["turned"]!);
            Assert.True((bool)score["others"]!["swapped"]!);
        });
        Assert.False((bool)(await VerifyAsync("P5", Probe(6, true, true)))["decision"]!);
    }

    [Fact]
    public async Task Two_eyes_that_contradict_each_other_are_said_to()
    {
        int said = 0;
        foreach (int other in (int[])[1, 2, 3, 8, 9])
        {
            JsonArray mixed = [Bodies.Eye(7, 1, 1), Bodies.Eye(other, 2, 1)];
            JsonArray found =
                (await server.PostAsync(Path, Bodies.Identify(mixed.DeepClone().AsArray())).OkAsync()).AsArray();
            Assert.Equal(
                new[] { $"P{other}", "P7" }.Order(), found.Select(one => (string)one!["personId"]!).Order());
            foreach (JsonNode? one in found)
            {
                double[] scores = [.. one!["scores"]!.AsArray().Select(score => (double)score!["score"]!)];
                bool disagree = scores.Max() >= 40 && scores.Min() < 10;
                Assert.Equal(disagree ? true : null, (bool?)one["others"]!["eyesDisagree"]);
                said += disagree ? 1 : 0;
            }

            JsonArray verified = (await VerifyAsync("P7", mixed))["scores"]!.AsArray();
            Assert.Equal(
                [null, (double)verified[1]!["score"]! < 10 ? true : null],
                verified.Select(score => (bool?)score!["others"]!["disagrees"]));
        }

        Assert.InRange(said, 5, 10);
        JsonNode whole = Assert.Single((await server.PostAsync(
            Path, Bodies.Identify(Probe(7, false, false))).OkAsync()).AsArray())!;
        Assert.Null(whole["others"]!["eyesDisagree"]);
    }

    private static JsonArray Probe(int person, bool turned, bool swapped) =>
    [
        Bodies.Eye(person, 1, 1, swapped ? 2 : 1, turned), Bodies.Eye(person, 2, 1, swapped ? 1 : 2, turned),
    ];

    private static void AssertSaid(JsonNode found, string person, bool turned, bool swapped)
    {
        Assert.Equal(person, (string)found["personId"]!);
        Assert.Equal(
            (turned ? true : null, swapped ? true : null),
            ((bool?)found["others"]!["turnedEyes"], (bool?)found["others"]!["swappedEyes"]));
        Assert.Null(found["others"]!["turnedFingers"]);
        Assert.Null(found["others"]!["swappedFingers"]);
        Assert.Equal(turned ? [0, 180] : null, found["others"]!["turns"]?.AsArray().Select(turn => (int)turn!));
        Assert.All(found["scores"]!.AsArray(), score =>
        {
            Assert.Equal(turned ? 180 : null, (int?)score!["others"]!["turned"]);
            Assert.Equal(swapped ? true : null, (bool?)score["others"]!["swapped"]);
        });
    }

    private async Task<JsonNode> VerifyAsync(string person, JsonArray probe) => await server.PostAsync(
        $"verify/{EyeGallery.Name}/{person}", new JsonObject { ["biometricData"] = probe.DeepClone() }).OkAsync();
}

/// <summary>A gallery of people with both eyes; each test only reads it.</summary>
public sealed class EyeGallery : IAsyncLifetime
{
    public const string Name = "eyes";

    private const int People = 10;

    public RunningServer Server { get; } = new();

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        for (int person = 0; person < People; person++)
        {
            JsonArray samples = [Bodies.Eye(person, 1), Bodies.Eye(person, 2)];
            await Server.PostAsync($"persons/P{person}/encounters/E1", Bodies.Encounter(Name, samples)).OkAsync();
        }
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
