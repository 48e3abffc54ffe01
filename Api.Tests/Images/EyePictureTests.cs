using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Api.Tests.Images;

/// <summary>Pictures of eyes at every door, by the server's own encoder.</summary>
public sealed class EyePictureTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly EyeView Usual = new(320, 240, 160, 122, 70);
    private static readonly EyeView Poor = new(320, 240, 160, 120, 50) { Contrast = 0.4, PupilRatio = 0.28 };

    [Fact]
    public async Task A_person_enrolled_by_pictures_of_eyes_is_found_at_every_door()
    {
        for (ulong person = 1; person <= 3; person++)
        {
            JsonNode ids = await server.PostAsync(
                $"persons/E{person}/encounters/E", Bodies.Encounter("EYES", [Eye(person, Usual)])).OkAsync();
            JsonNode extracted = Assert.Single(ids["others"]!["extracted"]!.AsArray())!;
            Assert.Equal("EYE_LEFT", (string)extracted["biometricSubType"]!);
            Assert.InRange((int)extracted["features"]!, 1000, 2048);
        }

        JsonObject probe = Eye(2, Usual with { X = 150, Radius = 66, Capture = 5 });
        JsonNode found = await server.PostAsync("identify/EYES", Bodies.Identify([Clone(probe)])).OkAsync();
        Assert.Equal("E2", (string)Assert.Single(found.AsArray())!["personId"]!);

        JsonNode verified = await server.PostAsync(
            "verify/EYES/E2", new JsonObject { ["biometricData"] = new JsonArray(Clone(probe)) }).OkAsync();
        Assert.True((bool)verified["decision"]!);

        using JsonContent side = JsonContent.Create(
            new JsonObject { ["biometricData"] = new JsonArray(Clone(probe)) });
        using HttpResponseMessage explained = await server.Http.PostAsync("/mc/v1/explain/EYES/E2/E", side);
        JsonNode taken = (await JsonNode.ParseAsync(await explained.Content.ReadAsStreamAsync()))!;
        Assert.True((double)taken["irises"]![0]!["score"]! > 50, taken.ToJsonString());

        JsonObject line = new() { ["id"] = "a", ["biometricData"] = new JsonArray(Clone(probe)) };
        using StringContent stream = new(line.ToJsonString() + "\n", Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage batch = await server.Http.PostAsync("/mc/v1/identify/EYES", stream);
        JsonNode answer = JsonNode.Parse(await batch.Content.ReadAsStringAsync())!;
        Assert.Equal("E2", (string)Assert.Single(answer["candidates"]!.AsArray())!["personId"]!);
    }

    [Fact]
    public async Task Each_shortcoming_of_an_eye_is_in_the_answer_and_its_code_once_in_the_header()
    {
        JsonNode ids = await server.PostAsync(
            "persons/poor/encounters/E", Bodies.Encounter("POOR", [Eye(7, Poor)])).OkAsync();
        string[] notes = [.. ids["others"]!["extracted"]![0]!["notes"]!.AsArray().Select(note => (string)note!)];
        Assert.InRange(notes.Count(note => note.StartsWith("iris-quality: ", StringComparison.Ordinal)), 2, 10);

        using JsonContent body = JsonContent.Create(Bodies.Identify([Eye(7, Poor)]));
        using HttpResponseMessage searched = await server.Http.PostAsync(RunningServer.V1("identify/POOR"), body);
        string said = Assert.Single(searched.Headers.GetValues("MatchCluster-Extracted"));
        Assert.Equal(2, said.Split("iris-quality").Length);
    }

    [Fact]
    public async Task An_eye_below_the_least_quality_is_refused_with_what_falls_short()
    {
        using JsonContent body = JsonContent.Create(Bodies.Encounter("GATE", [Eye(7, Poor)]));
        using HttpRequestMessage request = new(HttpMethod.Post, RunningServer.V1("persons/gate/encounters/E"))
        {
            Content = body,
        };
        request.Headers.Add("MatchCluster-Quality-Min", "95");
        string message = await server.Http.SendAsync(request).ErrorAsync(400, FailureCode.QualityTooLow);
        Assert.Contains("wanted at least 95", message, StringComparison.Ordinal);
        Assert.Contains("iris-quality: iris radius, pixels: found ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_printed_eye_is_searched_and_the_answer_says_what_was_noticed()
    {
        GrayImage printed = EyeAttack.Printed(new SyntheticEye(5).Take(Usual), period: 4.4, turns: 0.125, seen: 0.15);
        JsonObject item = Item(
            [.. Encoding.ASCII.GetBytes($"P5 {printed.Width} {printed.Height} 255\n"), .. printed.Pixels.Span]);
        using JsonContent body = JsonContent.Create(Bodies.Identify([item]));
        using HttpResponseMessage searched = await server.Http.PostAsync(RunningServer.V1("identify/EYES"), body);
        Assert.Equal(200, (int)searched.StatusCode);
        Assert.Contains(
            "; print-pattern", Assert.Single(searched.Headers.GetValues("MatchCluster-Extracted")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FINGER", "LEFT_INDEX", "no-fingerprint|too-light|several-fingers|too-small")]
    [InlineData("IRIS", "EYE_BOTH", "one-eye: a picture of one eye")]
    public async Task An_eye_under_a_wrong_label_is_refused_with_a_reason(string type, string subType, string why)
    {
        JsonObject item = Eye(4, Usual);
        (item["biometricType"], item["biometricSubType"]) = (type, subType);
        using HttpResponseMessage answer = await server.PostAsync(
            "persons/wrong/encounters/E", Bodies.Encounter("EYES", [item]));
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Matches(why, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("EYE_BOTH", "EYE_RIGHT EYE_LEFT")]
    [InlineData("EYE_UNDEF", "EYE_RIGHT EYE_LEFT")]
    [InlineData("EYE_RIGHT", "EYE_RIGHT")]
    [InlineData("EYE_LEFT", "EYE_LEFT")]
    public async Task A_picture_of_both_eyes_gives_those_of_its_label(string label, string stored)
    {
        JsonObject item = Both(20, 21);
        item["biometricSubType"] = label;
        JsonNode ids = await server.PostAsync(
            $"persons/{label}/encounters/E", Bodies.Encounter($"PAIR_{label}", [item.DeepClone()])).OkAsync();
        JsonArray extracted = ids["others"]!["extracted"]!.AsArray();
        Assert.Equal(
            stored.Split(' '), extracted.Select(one => (string)one!["biometricSubType"]!));
        Assert.All(extracted, one => Assert.StartsWith(
            "two-eyes: ", (string)one!["notes"]![0]!, StringComparison.Ordinal));

        // The right eye is on the left of the picture.
        JsonObject probe = Eye(label == "EYE_LEFT" ? 21UL : 20UL, Usual with { Capture = 6 });
        probe["biometricSubType"] = label == "EYE_LEFT" ? label : "EYE_RIGHT";
        JsonNode found = await server.PostAsync(
            $"identify/PAIR_{label}?threshold=40", Bodies.Identify([probe])).OkAsync();
        Assert.Single(found.AsArray());

        using HttpResponseMessage answer = await server.PostAsync(
            $"identify/PAIR_{label}?threshold=40", Bodies.Identify([item]));
        string said = Assert.Single(answer.Headers.GetValues("MatchCluster-Extracted"));
        Assert.Equal(
            stored.Contains(' ', StringComparison.Ordinal) ? stored.Split(' ') : [],
            said.Split("; ").Where(part => part.StartsWith("EYE_", StringComparison.Ordinal)));
        JsonNode both = await Task.FromResult(answer).OkAsync();
        Assert.Equal(2 * stored.Split(' ').Length, Assert.Single(both.AsArray())!["scores"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_template_under_the_label_of_both_eyes_is_refused_before_it_is_read()
    {
        JsonObject item = Bodies.Eye(3, 1);
        item["biometricSubType"] = "EYE_BOTH";
        await server.PostAsync("persons/both/encounters/E", Bodies.Encounter("EYES", [item]))
            .ErrorAsync(400, FailureCode.InvalidBiometricData);
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(10_000, 16)]
    [InlineData(96, 96)]
    [InlineData(10_000, 97)]
    [InlineData(97, 3_201)]
    public async Task Noise_of_any_form_is_no_eye(int width, int height)
    {
        byte[] noise = new byte[width * height];
        new Random(5).NextBytes(noise);
        string message = await server.PostAsync("persons/none/encounters/E", Bodies.Encounter(
            "EYES", [Item([.. Encoding.ASCII.GetBytes($"P5 {width} {height} 255\n"), .. noise])]))
            .ErrorAsync(400, FailureCode.RejectedImage);
        Assert.Contains("no-iris: ", message, StringComparison.Ordinal);
    }

    private static JsonObject Eye(ulong person, EyeView view) => Item(
        [
            .. Encoding.ASCII.GetBytes($"P5 {view.Width} {view.Height} 255\n"),
            .. new SyntheticEye(person).Take(view).Pixels.Span,
        ]);

    /// <summary>Two frames side by side.</summary>
    private static JsonObject Both(ulong onTheLeft, ulong onTheRight)
    {
        byte[] left = new SyntheticEye(onTheLeft).Take(Usual).Pixels.ToArray();
        byte[] right = new SyntheticEye(onTheRight).Take(Usual).Pixels.ToArray();
        byte[] pixels =
        [
            .. Enumerable.Range(0, Usual.Height).SelectMany(row => left.Skip(row * Usual.Width).Take(Usual.Width)
                .Concat(right.Skip(row * Usual.Width).Take(Usual.Width))),
        ];
        return Item([.. Encoding.ASCII.GetBytes($"P5 {2 * Usual.Width} {Usual.Height} 255\n"), .. pixels]);
    }

    private static JsonObject Item(byte[] image) => new()
    {
        ["biometricType"] = "IRIS",
        ["biometricSubType"] = "EYE_LEFT",
        ["image"] = Convert.ToBase64String(image),
    };

    private static JsonObject Clone(JsonObject item) => (JsonObject)item.DeepClone();
}
