using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Tests.Images;

/// <summary>An image goes wherever a template goes; what is made of it is said, and it is not stored.</summary>
public sealed class ImageDoorTests : IAsyncLifetime
{
    private RunningServer server = new();

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(ImageSettings.Default with
    {
        Extractor = modality => modality == Modality.Finger ? new FakeExtractor() : null,
    });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_person_enrolled_by_an_image_is_found_by_another_one()
    {
        JsonNode ids = await server.PostAsync(
            "persons/P/encounters/E", Bodies.Encounter("G", [Image(3, resolution: 500)])).OkAsync();
        JsonNode extracted = Assert.Single(ids["others"]!["extracted"]!.AsArray())!;
        Assert.Equal("biometricData[0]", (string)extracted["item"]!);
        Assert.Equal("RIGHT_INDEX", (string)extracted["biometricSubType"]!);
        Assert.Equal(60, (int)extracted["quality"]!);
        Assert.InRange((int)extracted["features"]!, 10, 100);
        Assert.Null(extracted["notes"]);
        Assert.Null(ids["others"]!["notStored"]);

        JsonNode stored = (await server.GetAsync("persons/P/encounters/E").OkAsync())["biometricData"]![0]!;
        Assert.Null(stored["image"]);
        Assert.Equal("ISO_19794_2", (string)stored["templateFormat"]!);
        Assert.Equal(60, (int)stored["quality"]!);

        foreach (JsonNode probe in (JsonNode[])[Image(3, quality: 33), Bodies.Finger(3, 2)])
        {
            JsonNode found = await server.PostAsync(
                "identify/G?threshold=20", Bodies.Identify([probe.DeepClone()])).OkAsync();
            Assert.Equal("P", (string)found[0]!["personId"]!);
        }

        JsonNode verified = await server.PostAsync(
            "verify/G/P", new JsonObject { ["biometricData"] = new JsonArray(Image(3)) }).OkAsync();
        Assert.True((bool)verified["decision"]!);
        JsonNode pair = await server.PostAsync("verify", new JsonObject
        {
            ["biometricData1"] = new JsonArray(Image(3)),
            ["biometricData2"] = new JsonArray(Image(3, quality: 40)),
        }).OkAsync();
        Assert.True((bool)pair["decision"]!);
    }

    [Fact]
    public async Task A_search_says_in_a_header_what_was_extracted()
    {
        using JsonContent body = JsonContent.Create(Bodies.Identify([Image(5, quality: 20)]));
        using HttpResponseMessage answer = await server.Http.PostAsync(RunningServer.V1("identify/ALL"), body);
        string said = Assert.Single(answer.Headers.GetValues("MatchCluster-Extracted"));
        Assert.StartsWith("biometricData[0]; quality=20; features=", said, StringComparison.Ordinal);
        Assert.EndsWith("; resolution-assumed; too-dark", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_take_images_line_by_line()
    {
        JsonObject encounter = Bodies.Encounter("S", [Image(9)]);
        encounter["encounterId"] = "E";
        JsonObject line = new() { ["personId"] = "S", ["encounter"] = encounter };
        using StringContent enrol = new(line.ToJsonString() + "\n", Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage enrolled = await server.Http.PostAsync("/mc/v1/enrol", enrol);
        string text = await enrolled.Content.ReadAsStringAsync();
        JsonNode first = JsonNode.Parse(text.Split('\n')[0])!;
        Assert.True(first["others"] is not null, text);
        Assert.Equal(60, (int)first["others"]!["extracted"]![0]!["quality"]!);

        JsonObject probe = new() { ["id"] = "a", ["biometricData"] = new JsonArray(Image(9)), ["threshold"] = 20 };
        JsonObject bad = new() { ["id"] = "b", ["biometricData"] = new JsonArray(Image(0)) };
        using StringContent stream = new($"{probe.ToJsonString()}\n{bad.ToJsonString()}\n", Encoding.UTF8,
            "application/x-ndjson");
        using HttpResponseMessage batch = await server.Http.PostAsync("/mc/v1/identify/S", stream);
        string all = await batch.Content.ReadAsStringAsync();
        JsonNode[] answers = [.. all.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries).Select(each => JsonNode.Parse(each)!)];
        JsonNode good = answers.First(answer => (string)answer["id"]! == "a");
        Assert.True(good["candidates"] is not null, all);
        Assert.Equal("S", (string)good["candidates"]![0]!["personId"]!);
        Assert.Equal(60, (int)good["extracted"]![0]!["quality"]!);
        Assert.Equal(
            (int)FailureCode.RejectedImage,
            (int)answers.First(answer => (string)answer["id"]! == "b")["error"]!["code"]!);
    }

    [Fact]
    public async Task A_defect_in_one_line_of_a_stream_is_that_lines_answer()
    {
        JsonNode[] enrolled = await LinesAsync("enrol", new[] { 9, FakeExtractor.Defect, 9 }.Select((person, i) =>
        {
            JsonObject encounter = Bodies.Encounter("S", [Image(person)]);
            encounter["encounterId"] = "E";
            return new JsonObject { ["personId"] = $"defect{i}", ["encounter"] = encounter };
        }));
        JsonNode[] probes = await LinesAsync("identify/S", new[] { 9, FakeExtractor.Defect, 9 }.Select((person, i) =>
            new JsonObject { ["id"] = $"{i}", ["biometricData"] = new JsonArray(Image(person)) }));
        Assert.Equal(3, probes.Length);
        JsonNode[] failed = [.. probes.Concat(enrolled).Where(each => each["error"] is not null)];
        Assert.Equal(2, failed.Length);
        Assert.All(failed, each => Assert.Equal((int)FailureCode.Unexpected, (int)each["error"]!["code"]!));
        JsonNode done = enrolled.Single(each => each["done"] is not null)["done"]!;
        Assert.Equal(2, (int)done["applied"]!);
    }

    [Fact]
    public async Task A_slap_gives_its_fingers()
    {
        JsonObject slap = Image(4);
        slap["biometricSubType"] = "PLAIN_RIGHT_FOUR_FINGERS";
        JsonNode ids = await server.PostAsync("persons/slap/encounters/E", Bodies.Encounter("G", [slap])).OkAsync();
        Assert.Equal(
            ["RIGHT_INDEX", "RIGHT_MIDDLE", "RIGHT_RING", "RIGHT_LITTLE"],
            ids["others"]!["extracted"]!.AsArray().Select(each => (string)each!["biometricSubType"]!));
        JsonNode stored = await server.GetAsync("persons/slap/encounters/E").OkAsync();
        Assert.Equal(4, stored["biometricData"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(null, "biometricData.image", 8)]
    [InlineData("template", "biometricData.image", 8)]
    [InlineData("image", "biometricData.template", 6)]
    public async Task Of_a_template_and_an_image_one_counts(string? prefer, string leftOut, int person)
    {
        JsonObject both = Bodies.Finger(8, 2);
        both["image"] = Image(6)["image"]!.DeepClone();
        JsonNode ids = await SendAsync($"persons/both-{prefer}/encounters/E", [both], "MatchCluster-Prefer", prefer)
            .OkAsync();
        Assert.Equal(leftOut, (string)Assert.Single(ids["others"]!["notStored"]!.AsArray())!);
        JsonNode verified = await server.PostAsync(
            $"verify/G/both-{prefer}",
            new JsonObject { ["biometricData"] = new JsonArray(Bodies.Finger(person, 2, impression: 2)) }).OkAsync();
        Assert.True((bool)verified["decision"]!);
    }

    [Fact]
    public async Task A_caller_who_wants_nothing_left_out_is_told_that_a_template_is_beside_the_image()
    {
        JsonObject both = Bodies.Finger(8, 2);
        both["image"] = Image(6)["image"]!.DeepClone();
        string message = await SendAsync("persons/strict/encounters/E", [both], "MatchCluster-Unsupported", "refuse")
            .ErrorAsync(400, FailureCode.UnsupportedBiometricData);
        Assert.Contains("biometricData[0].image: not used, because a template", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MatchCluster-Quality-Min", "61", FailureCode.QualityTooLow, "found quality 60, wanted at least 61")]
    [InlineData("MatchCluster-Quality-Min", "sixty", FailureCode.InvalidParameter, "wanted 0..100")]
    [InlineData("MatchCluster-Quality-Min", "101", FailureCode.InvalidParameter, "wanted 0..100")]
    [InlineData("MatchCluster-Resolution", "stated", FailureCode.RejectedImage, "whose resolution nobody states")]
    [InlineData("MatchCluster-Resolution", "guess", FailureCode.InvalidParameter, "wanted assumed or stated")]
    [InlineData("MatchCluster-Prefer", "both", FailureCode.InvalidParameter, "wanted template or image")]
    internal async Task Headers_ask_for_more(string header, string value, FailureCode code, string message) =>
        Assert.Contains(
            message,
            await SendAsync("persons/asked/encounters/E", [Image(3)], header, value).ErrorAsync(400, code),
            StringComparison.Ordinal);

    [Fact]
    public async Task Pictures_that_give_nothing_are_refused_with_the_reason()
    {
        foreach ((JsonObject item, string why) in (IEnumerable<(JsonObject, string)>)
            [
                (Image(0), "no-fingerprint"), (Image(3, resolution: 72), "72 pixels per inch"),
                (With("AAAA"), "bytes that begin with 000000"), (With("not base64!"), "wanted base64"),
                (With(Convert.ToBase64String("GIF89a"u8)), "a GIF"),
                (With(Convert.ToBase64String("FMR\0 20\0"u8)), "a minutiae record"),
            ])
        {
            string message = await server.PostAsync("persons/bad/encounters/E", Bodies.Encounter("G", [item]))
                .ErrorAsync(400, FailureCode.RejectedImage);
            Assert.Contains(why, message, StringComparison.Ordinal);
            Assert.StartsWith("biometricData[0].image: ", message, StringComparison.Ordinal);
        }

        Assert.Equal(404, await server.GetAsync("persons/bad/encounters").StatusAsync());
    }

    [Fact]
    public async Task Pixels_alone_have_the_stated_size()
    {
        JsonObject raw = With(Convert.ToBase64String(FakeExtractor.Pixels(11)));
        raw["width"] = FakeExtractor.Side;
        raw["height"] = FakeExtractor.Side;
        raw["compression"] = "NONE";
        raw["resolution"] = 500;
        JsonNode ids = await server.PostAsync("persons/raw/encounters/E", Bodies.Encounter("G", [raw])).OkAsync();
        Assert.Equal(60, (int)ids["others"]!["extracted"]![0]!["quality"]!);
        raw["height"] = FakeExtractor.Side + 1;
        Assert.Contains(
            "one byte each",
            await server.PostAsync("persons/raw2/encounters/E", Bodies.Encounter("G", [raw.DeepClone()]))
                .ErrorAsync(400, FailureCode.RejectedImage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_in_a_wrapper_is_read()
    {
        JsonObject item = Bodies.Finger(12, 2);
        string inner = (string)item["template"]!;
        item["template"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"<BIR><BIR><BDB>{inner}</BDB></BIR></BIR>"));
        JsonNode ids = await server.PostAsync("persons/bir/encounters/E", Bodies.Encounter("G", [item])).OkAsync();
        Assert.Equal(
            "biometricData.template: its wrapper", (string)Assert.Single(ids["others"]!["notStored"]!.AsArray())!);
        JsonNode stored = await server.GetAsync("persons/bir/encounters/E").OkAsync();
        Assert.Equal(inner, (string)stored["biometricData"]![0]!["template"]!);
    }

    [Fact]
    public async Task An_image_of_what_nothing_extracts_is_left_out_as_before()
    {
        JsonObject eye = With("AAAA");
        eye["biometricType"] = "IRIS";
        eye["biometricSubType"] = "EYE_LEFT";
        JsonNode ids = await server.PostAsync(
            "persons/eye/encounters/E", Bodies.Encounter("G", [Image(3, resolution: 500), eye])).OkAsync();
        Assert.Equal("biometricData[1]: image", (string)Assert.Single(ids["others"]!["notStored"]!.AsArray())!);
    }

    private async Task<JsonNode[]> LinesAsync(string path, IEnumerable<JsonObject> lines)
    {
        using StringContent stream = new(
            string.Concat(lines.Select(line => $"{line.ToJsonString()}\n")), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answer = await server.Http.PostAsync($"/mc/v1/{path}", stream);
        string all = await answer.Content.ReadAsStringAsync();
        return [.. all.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(each => JsonNode.Parse(each)!)];
    }

    private async Task<HttpResponseMessage> SendAsync(string path, JsonArray items, string header, string? value)
    {
        using JsonContent body = JsonContent.Create(Bodies.Encounter("G", items));
        using HttpRequestMessage request = new(HttpMethod.Post, RunningServer.V1(path)) { Content = body };
        if (value is not null)
        {
            request.Headers.Add(header, value);
        }

        return await server.Http.SendAsync(request);
    }

    private static JsonObject Image(int person, int quality = 60, int? resolution = null)
    {
        JsonObject item = With(Convert.ToBase64String(FakeExtractor.Picture(person, quality)));
        item["biometricSubType"] = "RIGHT_INDEX";
        if (resolution is { } ppi)
        {
            item["resolution"] = ppi;
        }

        return item;
    }

    private static JsonObject With(string image) => new()
    {
        ["biometricType"] = "FINGER",
        ["image"] = image,
    };
}
