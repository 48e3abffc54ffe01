using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Tests.Images;

namespace MatchCluster.Api.Tests.Images;

/// <summary>/mc/v1/extract: what the other doors make of pictures, without a search and without an enrolment.</summary>
public sealed class ExtractDoorTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly byte[] Print = Pictures.Png(Pictures.Print(1));
    private static readonly byte[] Eye = Pictures.Png(Pictures.Eye(1));

    [Fact]
    public async Task Templates_are_those_that_an_enrolment_keeps_and_nothing_is_stored()
    {
        JsonArray items =
        [
            Pictures.Item("FINGER", "RIGHT_INDEX", Print), Pictures.Item("IRIS", "EYE_LEFT", Eye),
        ];
        JsonNode before = await StatsAsync();
        JsonNode answer = await ExtractAsync("", items).OkAsync();
        Assert.True(JsonNode.DeepEquals(before["partitions"], (await StatsAsync())["partitions"]));
        Assert.StartsWith("matchcluster/", (string)answer["engine"]!, StringComparison.Ordinal);

        JsonNode ids = await server.PostAsync(
            "persons/EX/encounters/E", Bodies.Encounter("EXTRACT", (JsonArray)items.DeepClone())).OkAsync();
        JsonArray stored = (await server.GetAsync("persons/EX/encounters/E").OkAsync())["biometricData"]!.AsArray();
        for (int i = 0; i < items.Count; i++)
        {
            JsonNode template = Assert.Single(answer["items"]![i]!["templates"]!.AsArray())!;
            JsonNode extracted = ids["others"]!["extracted"]![i]!;
            foreach (string name in (string[])["biometricType", "biometricSubType", "template", "templateFormat"])
            {
                Assert.Equal((string)stored[i]![name]!, (string)template[name]!);
            }

            Assert.Equal($"biometricData[{i}]", (string)answer["items"]![i]!["item"]!);
            Assert.Equal((int)extracted["quality"]!, (int)template["quality"]!);
            Assert.Equal((int)extracted["features"]!, (int)template["features"]!);
            Assert.True(JsonNode.DeepEquals(extracted["notes"], template["notes"]));
            Assert.Null(template["picture"]);
            Assert.Null(answer["items"]![i]!["error"]);
        }

        Assert.Contains("resolution-assumed", (string)answer["items"]![0]!["templates"]![0]!["notes"]![0]!);
    }

    [Fact]
    public async Task What_gives_no_template_says_why_beside_the_others()
    {
        JsonObject face = Pictures.Item("FINGER", "RIGHT_INDEX", Print);
        (face["biometricType"], face["biometricSubType"]) = ("FACE", null);
        JsonObject hidden = Bodies.Finger(1, 2);
        hidden.Remove("template");
        hidden["imageRef"] = "http://192.0.2.1/finger.png";
        JsonObject both = Bodies.Finger(1, 2);
        both["image"] = Convert.ToBase64String(Print);
        JsonNode answer = await ExtractAsync("", [
            Pictures.Item("FINGER", "RIGHT_INDEX", Print), Pictures.Item("FINGER", "RIGHT_INDEX", Eye),
            Pictures.Item("IRIS", "EYE_LEFT", Print), Pictures.Item("IRIS", "RIGHT_THUMB", Eye), face, hidden,
            Bodies.Finger(1, 2), Pictures.Item("FINGER", "RIGHT_INDEX", [1, 2, 3]), both,
        ]).OkAsync();
        JsonArray items = answer["items"]!.AsArray();
        (FailureCode Code, string Says)[] wanted =
        [
            (FailureCode.RejectedImage, "biometricData[1].image: found "),
            (FailureCode.RejectedImage, "biometricData[2].image: found no-iris: "),
            (FailureCode.InvalidBiometricData, "biometricData[3].biometricSubType: found RIGHT_THUMB"),
            (FailureCode.UnsupportedBiometricData, "biometricData[4].biometricType: FACE is not supported"),
            (FailureCode.UnsupportedBiometricData, "biometricData[5].imageRef: not supported"),
            (FailureCode.InvalidBiometricData, "biometricData[6].image: found nothing, wanted a picture"),
            (FailureCode.RejectedImage, "biometricData[7].image: at byte 0: found "),
        ];
        Assert.Equal(wanted.Length + 2, items.Count);
        Assert.NotNull(items[0]!["templates"]);
        for (int i = 0; i < wanted.Length; i++)
        {
            JsonNode error = items[i + 1]!["error"]!;
            Assert.Null(items[i + 1]!["templates"]);
            Assert.Equal((int)wanted[i].Code, (int)error["code"]!);
            Assert.Equal(wanted[i].Code.ToString(), (string)error["title"]!);
            Assert.StartsWith(wanted[i].Says, (string)error["detail"]!, StringComparison.Ordinal);
        }

        // Here an image is what is asked about, whatever lies beside it.
        Assert.NotNull(items[^1]!["templates"]);
    }

    [Theory]
    [InlineData("MatchCluster-Quality-Min", "100", FailureCode.QualityTooLow, "wanted at least 100")]
    [InlineData("MatchCluster-Resolution", "stated", FailureCode.RejectedImage, "whose resolution nobody states")]
    [InlineData("MatchCluster-Prefer", "template", FailureCode.UnsupportedBiometricData, "a template is beside it")]
    internal async Task Headers_of_pictures_count_item_by_item(
        string header, string value, FailureCode code, string says)
    {
        JsonObject item = Bodies.Finger(1, 2);
        item["image"] = Convert.ToBase64String(Print);
        JsonNode answer = await ExtractAsync("", [item], header, value).OkAsync();
        JsonNode error = answer["items"]![0]!["error"]!;
        Assert.Equal((int)code, (int)error["code"]!);
        Assert.Contains(says, (string)error["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_beside_the_picture_is_named_as_left_out_and_the_header_says_what_was_extracted()
    {
        JsonObject item = Bodies.Finger(1, 2);
        item["image"] = Convert.ToBase64String(Print);
        using HttpResponseMessage answer = await ExtractAsync("", [item]);
        Assert.Equal("biometricData.template", Assert.Single(answer.Headers.GetValues("MatchCluster-Not-Used")));
        Assert.StartsWith(
            "biometricData[0]; quality=", Assert.Single(answer.Headers.GetValues("MatchCluster-Extracted")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ISO_19794_2_CS")]
    [InlineData("ISO_19794_2_NS")]
    [InlineData("ISO_19794_2_2011")]
    [InlineData("ANSI_378_2009")]
    public async Task A_finger_comes_in_the_format_that_is_asked_for(string format)
    {
        JsonArray items = [Pictures.Item("FINGER", "RIGHT_INDEX", Print), Pictures.Item("IRIS", "EYE_LEFT", Eye)];
        JsonNode answer = await ExtractAsync($"?templateFormat={format},OPEN_IRIS_JSON", items).OkAsync();
        JsonNode finger = answer["items"]![0]!["templates"]![0]!;
        JsonNode eye = answer["items"]![1]!["templates"]![0]!;
        Assert.Equal((format, "OPEN_IRIS_JSON"), ((string)finger["templateFormat"]!, (string)eye["templateFormat"]!));
        Assert.Equal((byte)'{', Convert.FromBase64String((string)eye["template"]!)[0]);

        // It goes back in as what it is, and is the same finger.
        JsonObject probe = new()
        {
            ["biometricType"] = "FINGER",
            ["biometricSubType"] = "RIGHT_INDEX",
            ["templateFormat"] = format,
            ["template"] = (string)finger["template"]!,
        };
        JsonNode verified = await server.PostAsync("verify", new JsonObject
        {
            ["biometricData1"] = new JsonArray(probe),
            ["biometricData2"] = new JsonArray(Pictures.Item("FINGER", "RIGHT_INDEX", Print)),
        }).OkAsync();
        Assert.True((bool)verified["decision"]!);
    }

    [Fact]
    public async Task Drawings_come_with_what_lies_where_in_them()
    {
        JsonNode answer = await ExtractAsync("?picture=image,contours,minutiae,quality",
        [
            Pictures.Item("FINGER", "RIGHT_INDEX", Print), Pictures.Item("IRIS", "EYE_LEFT", Eye),
        ]).OkAsync();
        JsonNode finger = answer["items"]![0]!["templates"]![0]!;
        JsonNode picture = finger["picture"]!;
        Assert.Equal(
            ["image", "minutiae", "quality"], picture["drawings"]!.AsArray().Select(each => (string)each!["kind"]!));
        FingerView view = FingerRecords.Decode(
            TemplateFormat.Iso19794v2005, Convert.FromBase64String((string)finger["template"]!)).Value!.Views[0];
        Assert.Equal((view.Width, view.Height), ((int)picture["width"]!, (int)picture["height"]!));
        Assert.Equal(
            view.Minutiae.Select(one => ((int)one.X, (int)one.Y, (int)one.Quality)),
            picture["minutiae"]!.AsArray().Select(one => ((int)one!["x"]!, (int)one["y"]!, (int)one["quality"]!)));
        Assert.All(picture["minutiae"]!.AsArray(), one => Assert.Contains((string)one!["kind"]!, "ending bifurcation"));
        GrayImage shown = ImageDecoder.Decode(
            Convert.FromBase64String((string)picture["drawings"]![0]!["data"]!)).Value!;
        Assert.Equal(Pictures.Print(1).Pixels.ToArray(), shown.Pixels.ToArray());

        JsonNode eye = answer["items"]![1]!["templates"]![0]!["picture"]!;
        Assert.Equal(["image", "contours"], eye["drawings"]!.AsArray().Select(each => (string)each!["kind"]!));
        Assert.Equal("image/svg+xml", (string)eye["drawings"]![1]!["mediaType"]!);
        Assert.Null(eye["minutiae"]);
        Assert.Equal("pupil", (string)eye["lines"]![0]!["name"]!);
        Assert.Equal(256, eye["lines"]![1]!["points"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_list_of_missing_fingers_is_held_to_its_limit_before_the_picture_is_read()
    {
        JsonObject many = Pictures.Item("FINGER", "PLAIN_RIGHT_FOUR_FINGERS", Print);
        JsonObject empty = (JsonObject)many.DeepClone();
        many["missing"] = new JsonArray(
            [.. Enumerable.Repeat(0, 17).Select(_ => new JsonObject { ["biometricSubType"] = "RIGHT_INDEX" })]);
        empty["missing"] = new JsonArray((JsonNode?)null);
        JsonArray items = (await ExtractAsync("", [many, empty]).OkAsync())["items"]!.AsArray();
        Assert.All(
            items, each => Assert.Equal((int)FailureCode.InvalidBiometricData, (int)each!["error"]!["code"]!));
        Assert.Equal(
            "biometricData[0].missing: found 17 parts, wanted at most 16", (string)items[0]!["error"]!["detail"]!);
        Assert.Contains("[1].missing: found null", (string)items[1]!["error"]!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_of_several_pictures_gives_a_template_of_each()
    {
        GrayImage one = Pictures.Print(1);
        GrayImage other = Pictures.Print(2);
        byte[] record = RecordBytes.Finger2005(
            isAnsi: false, compression: 0, ppi: 500,
            new(2, one.Width, one.Height, 80, one.Pixels.ToArray()),
            new(3, other.Width, other.Height, 80, other.Pixels.ToArray()));
        JsonNode answer = await ExtractAsync(
            "?picture=image", [Pictures.Item("FINGER", "UNKNOWN", record)]).OkAsync();
        JsonArray templates = answer["items"]![0]!["templates"]!.AsArray();
        Assert.Equal(["RIGHT_INDEX", "RIGHT_MIDDLE"], templates.Select(each => (string)each!["biometricSubType"]!));
        Assert.All(templates, each => Assert.Single(each!["picture"]!["drawings"]!.AsArray()));
    }

    [Theory]
    [InlineData(
        "?picture=minutiae,minutiae", FailureCode.InvalidParameter,
        "picture: found 'minutiae', wanted some of image, minutiae")]
    [InlineData("?picture=", FailureCode.InvalidParameter, "picture: found nothing, wanted")]
    [InlineData("?picture=Minutiae", FailureCode.InvalidParameter, "picture: found 'Minutiae', wanted")]
    [InlineData(
        "?templateFormat=PDF", FailureCode.InvalidParameter,
        "templateFormat: found 'PDF', wanted one of fingers")]
    [InlineData(
        "?templateFormat=ANSI_378,ISO_19794_2", FailureCode.InvalidParameter,
        "templateFormat: found 'ISO_19794_2', wanted one")]
    [InlineData("?pictures=image", FailureCode.InvalidParameter, "unknown query key 'pictures'")]
    [InlineData("", FailureCode.InvalidBiometricData, "biometricData: found 0 items, wanted 1..64")]
    internal async Task What_is_asked_wrongly_is_refused_as_a_whole(string query, FailureCode code, string says)
    {
        JsonArray items = query.Length == 0 ? [] : [Pictures.Item("FINGER", "RIGHT_INDEX", Print)];
        using HttpResponseMessage answer = await ExtractAsync(query, items);
        Assert.Equal(400, (int)answer.StatusCode);
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((int)code, (int)problem["code"]!);
        Assert.Contains(says, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    private Task<JsonNode> StatsAsync() => server.Http.GetAsync("/mc/v1/stats").OkAsync();

    private async Task<HttpResponseMessage> ExtractAsync(
        string query, JsonArray items, string? header = null, string? value = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/mc/v1/extract" + query)
        {
            Content = JsonContent.Create(new JsonObject { ["biometricData"] = items }),
        };
        if (header is not null)
        {
            request.Headers.Add(header, value);
        }

        return await server.Http.SendAsync(request);
    }
}
