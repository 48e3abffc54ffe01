using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Api.Tests.Images;

/// <summary>Pictures of several fingers at the doors, by the server's own extractor.</summary>
public sealed class SlapDoorTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string RightFour = "PLAIN_RIGHT_FOUR_FINGERS";

    /// <summary>A hand of a glass that is just large enough, which saves time.</summary>
    private static readonly SlapView Usual = new() { Width = 1560, Height = 900 };

    private static readonly string[] Right = ["RIGHT_INDEX", "RIGHT_MIDDLE", "RIGHT_RING", "RIGHT_LITTLE"];

    [Fact]
    public async Task A_person_enrolled_by_a_slap_is_found_by_another_one_at_every_door()
    {
        foreach (ulong person in (ulong[])[21, 22])
        {
            JsonNode ids = await server.PostAsync(
                $"persons/S{person}/encounters/E", Bodies.Encounter("SLAPS", [Slap(person, Usual)])).OkAsync();
            JsonArray extracted = ids["others"]!["extracted"]!.AsArray();
            Assert.Equal(Right, extracted.Select(each => (string)each!["biometricSubType"]!));
            Assert.All(extracted, each => Assert.InRange((int)each!["quality"]!, 50, 100));
            Assert.All(extracted, each => Assert.Equal(4, each!["box"]!["corners"]!.AsArray().Count));
            Assert.Null(ids["others"]!["notStored"]);
        }

        JsonNode stored = await server.GetAsync("persons/S21/encounters/E").OkAsync();
        Assert.Equal(Right, stored["biometricData"]!.AsArray().Select(each => (string)each!["biometricSubType"]!));

        JsonObject probe = Slap(22, Usual with { Degrees = 12, Height = 1200, HasLowerPhalanges = true }, 1);
        using JsonContent body = JsonContent.Create(Bodies.Identify([Clone(probe)]));
        using HttpResponseMessage searched = await server.Http.PostAsync(RunningServer.V1("identify/SLAPS"), body);
        JsonNode found = JsonNode.Parse(await searched.Content.ReadAsStringAsync())!;
        Assert.Equal("S22", (string)Assert.Single(found.AsArray())!["personId"]!);
        string said = Assert.Single(searched.Headers.GetValues("MatchCluster-Extracted"));
        Assert.Equal(4, said.Split("biometricData[0]").Length - 1);
        Assert.All(Right, finger => Assert.Contains($"; {finger}; quality=", said));

        using JsonContent side = JsonContent.Create(
            new JsonObject { ["biometricData"] = new JsonArray(Clone(probe)) });
        using HttpResponseMessage explained = await server.Http.PostAsync("/mc/v1/explain/SLAPS/S22/E", side);
        JsonNode taken = (await JsonNode.ParseAsync(await explained.Content.ReadAsStreamAsync()))!;
        Assert.Equal(4, taken["fingers"]!.AsArray().Count);

        JsonObject line = new() { ["id"] = "a", ["biometricData"] = new JsonArray(Clone(probe)) };
        using StringContent stream = new(line.ToJsonString() + "\n", Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage batch = await server.Http.PostAsync("/mc/v1/identify/SLAPS", stream);
        JsonNode answer = JsonNode.Parse(await batch.Content.ReadAsStringAsync())!;
        Assert.Equal("S22", (string)Assert.Single(answer["candidates"]!.AsArray())!["personId"]!);
        Assert.Equal(4, answer["extracted"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_finger_that_the_caller_says_is_missing_is_not_looked_for_and_is_given_back()
    {
        JsonObject slap = Slap(23, Usual with { Missing = [3] });
        slap["missing"] = new JsonArray(
            new JsonObject { ["biometricSubType"] = "RIGHT_MIDDLE", ["presence"] = "AMPUTATED" });
        JsonNode ids = await server.PostAsync(
            "persons/amputated/encounters/E", Bodies.Encounter("MISSING", [Clone(slap)])).OkAsync();
        Assert.Equal(
            ["RIGHT_INDEX", "RIGHT_RING", "RIGHT_LITTLE"],
            ids["others"]!["extracted"]!.AsArray().Select(each => (string)each!["biometricSubType"]!));

        slap.Remove("missing");
        JsonNode unsaid = await server.PostAsync(
            "persons/unsaid/encounters/E", Bodies.Encounter("MISSING", [Clone(slap)])).OkAsync();
        Assert.All(unsaid["others"]!["extracted"]!.AsArray(), each =>
        {
            Assert.Equal("UNKNOWN", (string)each!["biometricSubType"]!);
            Assert.StartsWith("slap-fingers-unnamed", (string)each["notes"]!.AsArray()[^1]!);
        });
    }

    [Theory]
    [InlineData(
        "RIGHT_INDEX", null,
        ": found several-fingers: ridges on [^;]*, wanted one finger .several go together under the label of a slap")]
    [InlineData(
        "PLAIN_THUMBS", null, ": found finger-count: 4 parts as wide as [0-9, ]+ mm, wanted LEFT_THUMB, RIGHT_THUMB$")]
    [InlineData(RightFour, 2, ": found one-finger: one finger, wanted RIGHT_INDEX, RIGHT_MIDDLE")]
    public async Task A_label_that_the_picture_contradicts_is_refused_with_what_to_do(
        string label, int? only, string why)
    {
        JsonObject item = Slap(24, Usual with { Missing = only is null ? [] : [3, 4, 5] });
        item["biometricSubType"] = label;
        string said = await server.PostAsync("persons/wrong/encounters/E", Bodies.Encounter("WRONG", [item]))
            .ErrorAsync(400, FailureCode.RejectedImage);
        Assert.Matches(why, said);
    }

    private static JsonObject Slap(ulong person, SlapView view, ulong impression = 0)
    {
        GrayImage image = new SyntheticSlap(person).Take(view, impression).Image;
        return new JsonObject
        {
            ["biometricType"] = "FINGER",
            ["biometricSubType"] = RightFour,
            ["resolution"] = 500,
            ["image"] = Convert.ToBase64String(
                [.. Encoding.ASCII.GetBytes($"P5 {image.Width} {image.Height} 255\n"), .. image.Pixels.Span]),
        };
    }

    private static JsonNode Clone(JsonObject item) => item.DeepClone();
}
