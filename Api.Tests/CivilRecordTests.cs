using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http;

namespace MatchCluster.Api.Tests;

/// <summary>
/// A civil record has a face, images and missing fingers beside its templates: what can be used is kept, the rest is
/// named, and what is stored comes back.
/// </summary>
public sealed class CivilRecordTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static JsonObject Face => new()
    {
        ["biometricType"] = "FACE",
        ["biometricSubType"] = "PORTRAIT",
        ["image"] = "AAAA",
    };

    [Fact]
    public async Task Fingers_are_enrolled_and_the_face_and_the_images_are_named()
    {
        JsonNode ids = await server.PostAsync(
            "persons/civil/encounters/E", Bodies.Encounter("civil", Record(1))).OkAsync();

        Assert.Equal(
            [
                "biometricData.image", "biometricData[1]: FACE", "biometricData[2]: imageRef",
                "biometricData[3]: templateFormat",
            ],
            ids["others"]!["notStored"]!.AsArray().Select(name => (string)name!));
        JsonNode read = await server.GetAsync("persons/civil/encounters/E").OkAsync();
        Assert.Equal("RIGHT_INDEX", (string)Assert.Single(read["biometricData"]!.AsArray())!["biometricSubType"]!);
        JsonNode found = await server.PostAsync(
            "identify/civil?threshold=20", Bodies.Identify([Bodies.Finger(1, 2, impression: 1)])).OkAsync();
        Assert.Equal("civil", (string)found[0]!["personId"]!);
    }

    [Fact]
    public async Task A_search_says_what_of_its_probe_was_not_used()
    {
        using JsonContent body = JsonContent.Create(Bodies.Identify(Record(2)));
        using HttpResponseMessage answer = await server.Http.PostAsync(RunningServer.V1("identify/ALL"), body);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(
            "biometricData.image, biometricData[1]: FACE, biometricData[2]: imageRef, biometricData[3]: templateFormat",
            string.Join(", ", answer.Headers.GetValues("MatchCluster-Not-Used")));

        JsonObject line = new() { ["id"] = "a", ["biometricData"] = Record(2) };
        using StringContent stream = new(line.ToJsonString(), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage batch = await server.Http.PostAsync("/mc/v1/identify/ALL", stream);
        Assert.Equal(4, JsonNode.Parse(await batch.Content.ReadAsStringAsync())!["notUsed"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("keep", 200, null)]
    [InlineData("refuse", 400, FailureCode.UnsupportedBiometricData)]
    [InlineData("perhaps", 400, FailureCode.InvalidParameter)]
    internal async Task A_caller_may_have_such_a_record_refused(string mode, int status, FailureCode? code)
    {
        using JsonContent body = JsonContent.Create(Bodies.Encounter("civil", Record(3)));
        using HttpRequestMessage request = new(HttpMethod.Post, RunningServer.V1($"persons/mode-{mode}/encounters/E"));
        request.Content = body;
        request.Headers.Add("MatchCluster-Unsupported", mode);
        using HttpResponseMessage answer = await server.Http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal((int?)code, (int?)(await answer.JsonAsync())["code"]);
        Assert.Equal(
            status == 200 ? 200 : 404, await server.GetAsync($"persons/mode-{mode}/encounters/E").StatusAsync());
    }

    [Fact]
    public async Task Where_nothing_can_be_used_or_an_item_is_signed_the_whole_is_refused()
    {
        string message = await server.PostAsync("persons/face/encounters/E", Bodies.Encounter("civil", [Face]))
            .ErrorAsync(400, FailureCode.UnsupportedBiometricData);
        Assert.Contains("FACE is not supported, wanted FINGER or IRIS", message, StringComparison.Ordinal);

        message = await server.PostAsync("persons/face/encounters/E", Bodies.Encounter("civil", [Reference()]))
            .ErrorAsync(400, FailureCode.UnsupportedBiometricData);
        Assert.Contains("send the template itself", message, StringComparison.Ordinal);

        JsonObject signed = Bodies.Finger(4, 3);
        signed["integrity"] = new JsonArray();
        await server.PostAsync("persons/face/encounters/E", Bodies.Encounter("civil", [Bodies.Finger(4, 2), signed]))
            .ErrorAsync(400, FailureCode.UnsupportedBiometricData);
        Assert.Equal(404, await server.GetAsync("persons/face/encounters").StatusAsync());
    }

    [Theory]
    [InlineData("FINGER", "LEFT_THUMB", null)]
    [InlineData("FINGER", "PLAIN_RIGHT_FOUR_FINGERS", "RIGHT_INDEX")]
    [InlineData("FINGER", "PLAIN_THUMBS", "LEFT_THUMB")]
    [InlineData("IRIS", "EYE_BOTH", "EYE_LEFT")]
    public async Task What_is_missing_is_stored_and_given_back(string type, string whole, string? part)
    {
        JsonObject item = Missing(type, whole, part);
        JsonNode ids = await server.PostAsync(
            $"persons/missing-{whole}/encounters/E",
            Bodies.Encounter("A", [item.DeepClone(), Bodies.Finger(5, 3)])).OkAsync();
        Assert.Null(ids["others"]);

        JsonNode encounter = await server.GetAsync($"persons/missing-{whole}/encounters/E").OkAsync();
        JsonArray read = encounter["biometricData"]!.AsArray();
        Assert.Equal(2, read.Count);
        Assert.Null(read[0]!["missing"]);
        item["encounterId"] = "E";
        Assert.True(JsonNode.DeepEquals(item, read[1]), read[1]!.ToJsonString());
    }

    [Fact]
    public async Task What_is_missing_of_a_capture_stays_with_its_template()
    {
        JsonObject item = Bodies.Finger(6, 2);
        item["missing"] = new JsonArray(new JsonObject { ["presence"] = "BANDAGED" });
        await server.PostAsync(
            "persons/bandaged/encounters/E", Bodies.Encounter("A", [Bodies.Finger(6, 3), item])).OkAsync();

        JsonNode encounter = await server.GetAsync("persons/bandaged/encounters/E").OkAsync();
        JsonArray read = encounter["biometricData"]!.AsArray();

        Assert.Null(read[0]!["missing"]);
        Assert.Equal("BANDAGED", (string)read[1]!["missing"]![0]!["presence"]!);
    }

    [Fact]
    public async Task More_missing_parts_than_a_hand_has_are_refused()
    {
        JsonObject item = Missing("FINGER", "PLAIN_THUMBS", null);
        item["missing"] = new JsonArray([.. Enumerable.Range(0, 17).Select(_ => (JsonNode)new JsonObject())]);
        string message = await server.PostAsync("persons/parts/encounters/E", Bodies.Encounter("A", [item]))
            .ErrorAsync(400, FailureCode.InvalidBiometricData);
        Assert.Contains("found 17 parts, wanted at most 16", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_put_of_what_a_get_gave_changes_nothing()
    {
        JsonObject body = Person(7);
        await server.PostAsync("persons/again/encounters/E", body).OkAsync();
        JsonNode before = await server.GetAsync("persons/again/encounters/E").OkAsync();
        JsonNode bins = before["biographicData"]!;
        Assert.Equal((1985, "F"), ((int)bins["yearOfBirth"]!, (string)bins["gender"]!));

        await server.PutAsync("persons/again/encounters/E", before.DeepClone()).OkAsync();

        JsonNode after = await server.GetAsync("persons/again/encounters/E").OkAsync();
        before["updatedDate"] = null;
        after["updatedDate"] = null;
        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
    }

    [Fact]
    public async Task What_a_put_does_not_repeat_is_kept_and_named_and_null_takes_it_away()
    {
        await server.PostAsync("persons/kept/encounters/E", Person(8)).OkAsync();

        JsonNode ids = await server.PutAsync(
            "persons/kept/encounters/E", Bodies.Encounter("bins", [Bodies.Finger(8, 2)])).OkAsync();

        Assert.Equal(
            ["biographicData.yearOfBirth", "biographicData.gender", "clientData"],
            ids["others"]!["kept"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(1, await FoundAsync("M", 8) + await FoundAsync("F", 8));
        Assert.Equal(1, await FoundAsync("F", 8));

        JsonObject without = Bodies.Encounter("bins", [Bodies.Finger(8, 2)]);
        without["biographicData"] = new JsonObject { ["gender"] = null, ["dateOfBirth"] = null };
        without["clientData"] = "";
        Assert.Null((await server.PutAsync("persons/kept/encounters/E", without).OkAsync())["others"]?["kept"]);
        JsonNode read = await server.GetAsync("persons/kept/encounters/E").OkAsync();
        Assert.Null(read["biographicData"]);
        Assert.Null(read["clientData"]);
    }

    [Theory]
    [InlineData("{\"yearOfBirth\":\"1985\"}", "wanted a year")]
    [InlineData("{\"yearOfBirth\":1700}", "wanted a year")]
    [InlineData("{\"yearOfBirth\":1985,\"dateOfBirth\":\"1986-01-01\"}", "differs from the year of dateOfBirth")]
    public async Task A_year_of_birth_is_checked(string data, string expected)
    {
        JsonObject body = Bodies.Encounter("A", [Bodies.Finger(9, 2)]);
        body["biographicData"] = JsonNode.Parse(data);
        string message = await server.PostAsync("persons/year/encounters/E", body)
            .ErrorAsync(400, FailureCode.InvalidEncounter);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static JsonArray Record(int person)
    {
        JsonObject finger = Bodies.Finger(person, 2);
        finger["image"] = "AAAA";
        JsonObject vendor = Bodies.Finger(person, 3);
        vendor["templateFormat"] = "VENDOR_9";
        return [finger, Face, Reference(), vendor];
    }

    /// <summary>An image elsewhere, which is not fetched where no server is listed.</summary>
    private static JsonObject Reference() =>
        new() { ["biometricType"] = "FINGER", ["imageRef"] = "http://images.example.org/1" };

    private static JsonObject Person(int person)
    {
        JsonObject body = Bodies.Encounter("bins", [Bodies.Finger(person, 2), Missing("FINGER", "LEFT_INDEX", null)]);
        body["biographicData"] = new JsonObject { ["dateOfBirth"] = "1985-11-30", ["gender"] = "F" };
        body["clientData"] = "AQID";
        return body;
    }

    private static JsonObject Missing(string type, string whole, string? part)
    {
        JsonObject missing = new() { ["presence"] = "AMPUTATED" };
        if (part is not null)
        {
            missing["biometricSubType"] = part;
        }

        return new()
        {
            ["biometricType"] = type,
            ["biometricSubType"] = whole,
            ["missing"] = new JsonArray(missing),
        };
    }

    /// <summary>Whether the person is found; a filter that lets nobody be compared says so and finds nobody.</summary>
    private async Task<int> FoundAsync(string gender, int person)
    {
        using HttpResponseMessage answer = await server.PostAsync(
            "identify/bins?threshold=20",
            Bodies.Identify([Bodies.Finger(person, 2, impression: 1)], new JsonObject { ["gender"] = gender }));
        if (answer.StatusCode == System.Net.HttpStatusCode.BadRequest)
        {
            await Task.FromResult(answer).ErrorAsync(400, FailureCode.NothingComparable);
            return 0;
        }

        return (await Task.FromResult(answer).OkAsync()).AsArray()
            .Count(each => (string)each!["personId"]! == "kept");
    }
}
