using System.Numerics;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests;

public sealed class ExplainTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Gallery = "explained";

    [Fact]
    public async Task A_candidate_is_taken_apart_with_the_score_the_search_gave()
    {
        await EnrolAsync("X1", 1);
        JsonObject probe = Bodies.Finger(1, 2, impression: 1);
        JsonNode candidate = (await server.Http.PostAsync(
            $"/v1/identify/{Gallery}?transactionId=T&threshold=20",
            Json(Bodies.Identify([probe.DeepClone()]))).OkAsync())[0]!;

        JsonNode answer = await ExplainAsync("X1", probe).OkAsync();

        JsonNode finger = Assert.Single(answer["fingers"]!.AsArray())!;
        Assert.Equal((double)candidate["score"]!, (double)finger["score"]!);
        Assert.Equal((double)candidate["scores"]![0]!["others"]!["raw"]!, (double)finger["similarity"]!);
        Assert.Equal("RIGHT_INDEX", (string)finger["biometricSubType"]!);
        JsonArray mates = finger["alignment"]!["mates"]!.AsArray();
        Assert.InRange(mates.Count, 5, 64);
        Assert.True(mates.Count > (double)finger["alignment"]!["expectedByChance"]!);
        int minutiae = finger["probe"]!["minutiae"]!.AsArray().Count;
        Assert.Equal(mates.Count, mates.Select(mate => (int)mate!["probe"]!).Distinct().Count());
        Assert.All(mates, mate => Assert.InRange((int)mate!["probe"]!, 0, minutiae - 1));
    }

    [Fact]
    public async Task An_eye_is_taken_apart_bit_by_bit()
    {
        await EnrolAsync("X4", 4);
        JsonObject probe = Bodies.Eye(4, 1, impression: 1);
        JsonNode candidate = (await server.Http.PostAsync(
            $"/v1/identify/{Gallery}?transactionId=T&threshold=20",
            Json(Bodies.Identify([probe.DeepClone()]))).OkAsync())[0]!;

        JsonNode eye = Assert.Single((await ExplainAsync("X4", probe).OkAsync())["irises"]!.AsArray())!;

        JsonNode shown = candidate["scores"]![0]!;
        Assert.Equal((double)candidate["score"]!, (double)eye["score"]!);
        Assert.Equal((double)shown["others"]!["raw"]!, (double)eye["distance"]!);
        Assert.Equal((double)shown["others"]!["normalised"]!, (double)eye["normalisedDistance"]!);
        Assert.Equal((int)shown["others"]!["validBits"]!, Bits(eye["compared"]!));
        Assert.Equal((int)eye["differingBits"]!, Bits(eye["differing"]!));
        Assert.Equal((int)eye["validBits"]!, Bits(eye["compared"]!));
        Assert.Equal(2048, (int)eye["rows"]! * (int)eye["columns"]! * (int)eye["bitsPerCell"]!);
    }

    [Fact]
    public async Task A_finger_too_small_to_be_compared_is_not_explained()
    {
        await EnrolAsync("X9", 9);
        JsonObject small = Bodies.Item("FINGER", "RIGHT_INDEX", "ISO_19794_2", FingerRecords.Encode(
            TemplateFormat.Iso19794v2005,
            [
                new FingerView
                {
                    Position = BiometricPosition.OfFinger(2),
                    Width = 300,
                    Height = 400,
                    ResolutionX = 197,
                    ResolutionY = 197,
                    Minutiae = [.. Enumerable.Range(0, 3).Select(i => new Minutia(
                        (ushort)(100 + (20 * i)), (ushort)(100 + (9 * i)), 0, 50, MinutiaKind.RidgeEnding))],
                },
            ]));

        using HttpResponseMessage alone = await ExplainAsync("X9", small);
        Assert.Equal(400, (int)alone.StatusCode);
        Assert.Equal((int)FailureCode.NothingComparable, (int)(await alone.JsonAsync())["code"]!);
        JsonObject both = new() { ["biometricData"] = new JsonArray(small.DeepClone(), Bodies.Finger(9, 2)) };
        JsonNode answer = await server.Http.PostAsync($"/mc/v1/explain/{Gallery}/X9/E", Json(both)).OkAsync();
        Assert.True((double)Assert.Single(answer["fingers"]!.AsArray())!["score"]! > 40);
    }

    [Fact]
    public async Task Another_eye_or_another_finger_is_not_comparable()
    {
        await EnrolAsync("X2", 2);

        foreach (JsonObject other in (JsonObject[])[Bodies.Eye(2, 2), Bodies.Finger(2, 3)])
        {
            using HttpResponseMessage answer = await ExplainAsync("X2", other);
            Assert.Equal(400, (int)answer.StatusCode);
            Assert.Equal((int)FailureCode.NothingComparable, (int)(await answer.JsonAsync())["code"]!);
        }
    }

    [Fact]
    public async Task Whoever_a_search_of_the_gallery_would_not_show_is_unknown()
    {
        await EnrolAsync("X3", 3);

        using HttpResponseMessage nobody = await ExplainAsync("nobody", Bodies.Finger(3, 2));
        using HttpResponseMessage elsewhere = await ExplainAsync("X3", Bodies.Finger(3, 2), "another");

        Assert.Equal(404, (int)nobody.StatusCode);
        Assert.Equal(404, (int)elsewhere.StatusCode);
        Assert.Equal((int)FailureCode.Unknown, (int)(await elsewhere.JsonAsync())["code"]!);
    }

    private async Task EnrolAsync(string person, int seed)
    {
        using HttpResponseMessage enrolled = await server.Http.PostAsync(
            $"/v1/persons/{person}/encounters/E?transactionId=T",
            Json(Bodies.Encounter(Gallery, Bodies.Samples(seed))));
        Assert.Equal(200, (int)enrolled.StatusCode);
    }

    private static int Bits(JsonNode base64) =>
        Convert.FromBase64String((string)base64!).Sum(value => BitOperations.PopCount(value));

    private Task<HttpResponseMessage> ExplainAsync(string person, JsonObject sample, string gallery = Gallery) =>
        server.Http.PostAsync(
            $"/mc/v1/explain/{gallery}/{person}/E", Json(new JsonObject { ["biometricData"] = new JsonArray(sample) }));

    private static StringContent Json(JsonObject body) =>
        new(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
}
