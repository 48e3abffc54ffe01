using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Tests;

/// <summary>Fingers that were turned: how callers ask for such people, and are told of them.</summary>
public sealed class RotationTests(TurnedGallery gallery) : IClassFixture<TurnedGallery>
{
    private const string Path = $"identify/{TurnedGallery.Name}?threshold=40";
    private const string Header = "MatchCluster-Turns";
    private readonly RunningServer server = gallery.Server;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Full_rotation_finds_a_finger_at_every_turn_and_says_what_was_searched(int quarters)
    {
        using HttpResponseMessage answer = await server.PostAsync(
            $"{Path}&rotation=full", Bodies.Identify([Bodies.Finger(3, 2, 1, quarters: quarters)]));

        JsonNode found = Assert.Single((await answer.JsonAsync()).AsArray())!;
        Assert.Equal("P3", (string)found["personId"]!);
        Assert.Equal("0, 90, 180, 270", Assert.Single(answer.Headers.GetValues(Header)));
        Assert.Equal([0, 90, 180, 270], found["others"]!["turns"]!.AsArray().Select(turn => (int)turn!));
        if (quarters == 2)
        {
            Assert.True((bool)found["others"]!["turnedFingers"]!);
            Assert.Equal(180, (int)found["scores"]![0]!["others"]!["turned"]!);
        }
    }

    [Fact]
    public async Task A_search_that_finds_nobody_looks_upside_down_where_the_fingers_look_so_and_says_it()
    {
        using HttpResponseMessage turned = await server.PostAsync(
            Path, Bodies.Identify([Bodies.Finger(4, 2, 1, quarters: 2), Bodies.Finger(4, 7, 1, quarters: 2)]));
        using HttpResponseMessage upright = await server.PostAsync(
            Path, Bodies.Identify([Bodies.Finger(4, 2, 1), Bodies.Finger(4, 7, 1)]));
        using HttpResponseMessage stranger = await server.PostAsync(
            Path, Bodies.Identify([Bodies.Finger(90, 2, quarters: 2), Bodies.Finger(90, 7, quarters: 2)]));

        JsonNode found = Assert.Single((await turned.JsonAsync()).AsArray())!;
        Assert.Equal(("P4", true), ((string)found["personId"]!, (bool)found["others"]!["turnedFingers"]!));
        Assert.Equal("0, 180", Assert.Single(turned.Headers.GetValues(Header)));
        JsonNode plain = Assert.Single((await upright.JsonAsync()).AsArray())!;
        Assert.Null(plain["others"]!["turnedFingers"]);
        Assert.Null(plain["others"]!["turns"]);
        Assert.False(upright.Headers.Contains(Header));
        Assert.Empty((await stranger.JsonAsync()).AsArray());
        Assert.Equal("0, 180", Assert.Single(stranger.Headers.GetValues(Header)));
    }

    [Fact]
    public async Task A_batch_line_asks_for_full_rotation_by_itself()
    {
        JsonObject plain = new()
        {
            ["id"] = "normal",
            ["threshold"] = 40,
            ["biometricData"] = new JsonArray(Bodies.Finger(5, 2, 1)),
            ["rotation"] = "normal",
        };
        JsonObject asking = plain.DeepClone().AsObject();
        asking["id"] = "full";
        asking["rotation"] = "full";
        asking["biometricData"] = new JsonArray(Bodies.Finger(5, 2, 1, quarters: 2));
        JsonObject wrong = plain.DeepClone().AsObject();
        wrong["id"] = "wrong";
        wrong["rotation"] = "round";

        Dictionary<string, JsonNode> answers = await BatchAsync(plain, asking, wrong);

        Assert.Null(answers["normal"]["turns"]);
        Assert.Equal("P5", (string)Assert.Single(answers["normal"]["candidates"]!.AsArray())!["personId"]!);
        Assert.Equal([0, 90, 180, 270], answers["full"]["turns"]!.AsArray().Select(turn => (int)turn!));
        JsonNode found = Assert.Single(answers["full"]["candidates"]!.AsArray())!;
        Assert.Equal(180, (int)found["scores"]![0]!["others"]!["turned"]!);
        Assert.Equal((int)FailureCode.InvalidParameter, (int)answers["wrong"]["error"]!["code"]!);
        Assert.Equal(
            "rotation: found 'round', wanted normal or full", (string)answers["wrong"]["error"]!["detail"]!);
    }

    [Theory]
    [InlineData("identify/" + TurnedGallery.Name, "filter biometricData")]
    [InlineData("identify/" + TurnedGallery.Name + "/P1", "")]
    [InlineData("identify/" + TurnedGallery.Name + "/P1/encounters/E1", "")]
    [InlineData("verify/" + TurnedGallery.Name + "/P1", "biometricData")]
    [InlineData("verify", "biometricData1 biometricData2")]
    public async Task An_unknown_rotation_is_refused_at_every_door(string door, string keys)
    {
        JsonObject body = [];
        foreach (string key in keys.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            body[key] = key == "filter" ? new JsonObject() : new JsonArray(Bodies.Finger(1, 2));
        }

        string message = await server.PostAsync($"{door}?rotation=half", body)
            .ErrorAsync(400, FailureCode.InvalidParameter);

        Assert.Equal("rotation: found 'half', wanted normal or full", message);
    }

    [Fact]
    public async Task A_stored_person_is_searched_for_at_every_turn()
    {
        using HttpResponseMessage person =
            await server.PostAsync($"identify/{TurnedGallery.Name}/P6?threshold=40&rotation=full", new JsonObject());
        using HttpResponseMessage encounter = await server.PostAsync(
            $"identify/{TurnedGallery.Name}/P6/encounters/E1?threshold=40&rotation=full", new JsonObject());

        foreach (HttpResponseMessage answer in (HttpResponseMessage[])[person, encounter])
        {
            Assert.Equal("P6", (string)Assert.Single((await answer.JsonAsync()).AsArray())!["personId"]!);
            Assert.Equal("0, 90, 180, 270", Assert.Single(answer.Headers.GetValues(Header)));
        }
    }

    [Fact]
    public async Task Verifications_look_at_every_turn_and_an_explanation_shows_the_turn_that_counted()
    {
        JsonObject probe = Bodies.Finger(3, 2, 1, quarters: 2);
        JsonObject stranger = Bodies.Finger(91, 2, 1, quarters: 2);

        JsonNode own = await VerifyAsync("P3", probe);
        JsonNode other = await VerifyAsync("P3", stranger);
        JsonNode two = await server.PostAsync("verify", new JsonObject
        {
            ["biometricData1"] = new JsonArray(probe.DeepClone()),
            ["biometricData2"] = new JsonArray(Bodies.Finger(3, 2)),
        }).OkAsync();
        using StringContent body = new(
            new JsonObject { ["biometricData"] = new JsonArray(probe.DeepClone()) }.ToJsonString(), Encoding.UTF8,
            "application/json");
        JsonNode explained =
            await server.Http.PostAsync($"/mc/v1/explain/{TurnedGallery.Name}/P3/E1", body).OkAsync();

        Assert.True((bool)own["decision"]!);
        Assert.Equal(180, (int)own["scores"]![0]!["others"]!["turned"]!);
        Assert.False((bool)other["decision"]!);
        Assert.Equal(own["scores"]![0]!["score"]!.ToJsonString(), two["scores"]![0]!["score"]!.ToJsonString());
        JsonNode finger = Assert.Single(explained["fingers"]!.AsArray())!;
        Assert.Equal(180, (int)finger["turned"]!);
        Assert.Equal((double)own["scores"]![0]!["score"]!, (double)finger["score"]!);

        // The reference lies on the probe as sent after half a turn, and the paired minutiae are those of the records.
        Assert.InRange(Math.Abs((double)finger["alignment"]!["turn"]!), 150, 180);
        JsonArray probes = finger["probe"]!["minutiae"]!.AsArray();
        JsonArray references = finger["reference"]!["minutiae"]!.AsArray();
        Assert.All(finger["alignment"]!["mates"]!.AsArray(), mate =>
        {
            double between = (double)probes[(int)mate!["probe"]!]!["angle"]!
                - (double)references[(int)mate["reference"]!]!["angle"]!;
            Assert.InRange(Math.Abs(Math.IEEERemainder(between - 180, 360)), 0, 60);
        });
    }

    private async Task<JsonNode> VerifyAsync(string person, JsonObject probe) => await server.PostAsync(
        $"verify/{TurnedGallery.Name}/{person}",
        new JsonObject { ["biometricData"] = new JsonArray(probe.DeepClone()) }).OkAsync();

    private async Task<Dictionary<string, JsonNode>> BatchAsync(params JsonObject[] lines)
    {
        using StringContent body = new(
            string.Concat(lines.Select(line => line.ToJsonString() + "\n")), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage response =
            await server.Http.PostAsync($"/mc/v1/identify/{TurnedGallery.Name}", body);
        return (await response.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .ToDictionary(answer => (string)answer["id"]!);
    }
}

/// <summary>A gallery of people with two index fingers; each test only reads it.</summary>
public sealed class TurnedGallery : IAsyncLifetime
{
    public const string Name = "upright";

    private const int People = 10;

    public RunningServer Server { get; } = new();

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        for (int person = 0; person < People; person++)
        {
            JsonArray samples = [Bodies.Finger(person, 2), Bodies.Finger(person, 7)];
            await Server.PostAsync($"persons/P{person}/encounters/E1", Bodies.Encounter(Name, samples)).OkAsync();
        }
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
