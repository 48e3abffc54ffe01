using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests;

/// <summary>
/// Records as devices of the field write them: every door reads them and says what it forgave (docs/records.md).
/// </summary>
public sealed class FieldRecordDoorTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Padded =
        "biometricData[0]: bytes-after-last-view: 40 bytes after the last view were passed over";

    [Fact]
    public async Task Enrolment_reads_a_padded_record_says_so_and_gives_it_back_as_it_was_sent()
    {
        JsonObject item = PaddedFinger(1);

        JsonNode ids = await server.PostAsync(
            "persons/padded/encounters/E", Bodies.Encounter("field", [item])).OkAsync();

        string said = (string)Assert.Single(ids["others"]!["forgiven"]!.AsArray())!;
        Assert.StartsWith(Padded, said, StringComparison.Ordinal);
        Assert.Null(ids["others"]!["notStored"]);
        JsonNode read = await server.GetAsync("persons/padded/encounters/E").OkAsync();
        Assert.Equal((string)item["template"]!, (string)read["biometricData"]![0]!["template"]!);
    }

    [Fact]
    public async Task Bulk_enrolment_says_it_in_a_line_of_its_own()
    {
        JsonObject encounter = Bodies.Encounter("field-bulk", [PaddedFinger(2)]);
        encounter["encounterId"] = "E";
        JsonObject line = new() { ["personId"] = "field-bulk", ["encounter"] = encounter };

        JsonNode[] answers = await StreamAsync("/mc/v1/enrol", line);

        JsonNode said = answers.Single(each => each["line"] is not null);
        Assert.Null(said["error"]);
        Assert.StartsWith(Padded, (string)said["others"]!["forgiven"]![0]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)answers[^1]["done"]!["applied"]!);
    }

    [Fact]
    public async Task Searches_and_comparisons_say_it_in_a_header_and_beside_their_candidates()
    {
        await server.PostAsync(
            "persons/sought/encounters/E", Bodies.Encounter("sought", [Bodies.Finger(3, 2)])).OkAsync();
        JsonObject probe = PaddedFinger(3, 1);

        JsonNode found = await AskAsync(
            RunningServer.V1("identify/sought?threshold=20"), Bodies.Identify([probe.DeepClone()]));
        Assert.StartsWith(Padded, (string)found[0]!["others"]!["forgiven"]![0]!, StringComparison.Ordinal);

        await AskAsync(RunningServer.V1("identify/ALL?threshold=900"), Bodies.Identify([probe.DeepClone()]));
        await AskAsync(RunningServer.V1("verify/sought/sought"), Only(probe));
        await AskAsync("/mc/v1/explain/sought/sought/E", Only(probe));
        await AskAsync(RunningServer.V1("verify"), new JsonObject
        {
            ["biometricData1"] = new JsonArray(Bodies.Finger(3, 2)),
            ["biometricData2"] = new JsonArray(probe.DeepClone()),
        });

        JsonObject line = Only(probe);
        line["id"] = "a";
        JsonNode answer = Assert.Single(await StreamAsync("/mc/v1/identify/sought", line));
        Assert.StartsWith(Padded, (string)answer["forgiven"]![0]!, StringComparison.Ordinal);
    }

    /// <summary>What MOSIP and eSignet send (mosip/esignet#2134).</summary>
    [Fact]
    public async Task Base64_of_URLs_without_padding_is_the_same_template()
    {
        JsonObject item = Bodies.Finger(4, 2);
        string plain = (string)item["template"]!;
        item["template"] = plain.Replace('+', '-').Replace('/', '_').TrimEnd('=');

        await server.PostAsync("persons/url/encounters/E", Bodies.Encounter("field", [item])).OkAsync();

        JsonNode read = await server.GetAsync("persons/url/encounters/E").OkAsync();
        Assert.Equal(plain, (string)read["biometricData"]![0]!["template"]!);
    }

    [Fact]
    public async Task Hexadecimal_digits_are_named_as_such()
    {
        JsonObject item = Bodies.Finger(4, 2);
        byte[] record = Convert.FromBase64String((string)item["template"]!);
        item["template"] = Convert.ToHexString(record)[..(record.Length * 2 / 4 * 4)];

        string message = await server.PostAsync("persons/hex/encounters/E", Bodies.Encounter("field", [item]))
            .ErrorAsync(400, FailureCode.RejectedTemplate);

        Assert.EndsWith("; the text is hexadecimal, wanted base64", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RIGHT_INDEX", true)]
    [InlineData(null, false)]
    public async Task Both_fingers_of_a_record_are_searched_and_read_back_by_their_names(string? label, bool isForgiven)
    {
        string id = $"two-{label}";
        JsonObject both = TwoFingers(5, label);

        JsonNode ids = await server.PostAsync($"persons/{id}/encounters/E", Bodies.Encounter(id, [both])).OkAsync();

        string? said = (string?)ids["others"]?["forgiven"]?[0];
        Assert.Equal(
            isForgiven
                ? "biometricData[0]: other-finger: a view of LEFT_MIDDLE counts as that finger, whatever the label"
                : null,
            said);
        foreach (int finger in (int[])[2, 8])
        {
            JsonObject probe = Bodies.Finger(5, finger, impression: 1);
            JsonNode found = await server.PostAsync(
                $"identify/{id}?threshold=20", Bodies.Identify([probe.DeepClone()])).OkAsync();
            Assert.Equal((string)probe["biometricSubType"]!, (string)found[0]!["scores"]![0]!["biometricSubType"]!);

            JsonNode templates = await server.GetAsync(
                $"persons/{id}/encounters/E/templates?biometricSubType={probe["biometricSubType"]}").OkAsync();
            JsonNode one = Assert.Single(templates.AsArray())!;
            FingerRecord record = FingerRecords.Decode(
                TemplateFormat.Iso19794v2005, Convert.FromBase64String((string)one["template"]!)).Value!;
            Assert.Equal(finger, Assert.Single(record.Views).Position.Finger);
            Assert.Equal((string)probe["biometricSubType"]!, (string)one["biometricSubType"]!);
        }

        Assert.Equal(404, await server.GetAsync(
            $"persons/{id}/encounters/E/templates?biometricSubType=LEFT_THUMB").StatusAsync());
    }

    [Fact]
    public async Task A_slap_is_read_under_its_label_and_the_label_is_named_as_not_stored()
    {
        JsonObject slap = TwoFingers(6, "PLAIN_LEFT_FOUR_FINGERS");
        string message = await server.PostAsync("persons/slap/encounters/E", Bodies.Encounter("field", [slap]))
            .ErrorAsync(400, FailureCode.InvalidBiometricData);
        Assert.Contains("found another slap, but the template says RIGHT_INDEX, LEFT_MIDDLE", message);

        JsonObject item = Bodies.Finger(6, 7);
        item["biometricSubType"] = "PLAIN_LEFT_FOUR_FINGERS";
        JsonNode ids = await server.PostAsync("persons/slap/encounters/E", Bodies.Encounter("field", [item])).OkAsync();

        Assert.Equal("biometricData.biometricSubType", (string)ids["others"]!["notStored"]![0]!);
        Assert.Single((await server.GetAsync(
            "persons/slap/encounters/E/templates?biometricSubType=LEFT_INDEX").OkAsync()).AsArray());
    }

    [Fact]
    public async Task A_record_of_ANSI_2009_is_read_back_in_every_format()
    {
        FingerView view = FingerRecords.Decode(
            TemplateFormat.Iso19794v2005, Convert.FromBase64String((string)Bodies.Finger(7, 2)["template"]!))
            .Value!.Views[0];
        JsonObject item = Bodies.Item(
            "FINGER", "RIGHT_INDEX", "ANSI_378_2009", FingerRecords.Encode(TemplateFormat.Ansi378v2009, [view]));
        await server.PostAsync(
            "persons/ansi/encounters/E", Bodies.Encounter("field", [item, Bodies.Finger(7, 3)])).OkAsync();

        foreach (string format in (string[])["ANSI_378_2009", "ANSI_378", "ISO_19794_2", "ISO_19794_2_2011"])
        {
            JsonNode templates = await server.GetAsync(
                $"persons/ansi/encounters/E/templates?templateFormat={format}").OkAsync();
            Assert.Equal([format, format], templates.AsArray().Select(each => (string)each!["templateFormat"]!));
        }
    }

    [Fact]
    public async Task What_a_format_has_no_room_for_is_said_without_the_names_of_types()
    {
        await server.PostAsync("persons/d2048/encounters/E", Bodies.Encounter("field", [Bodies.Eye(8, 1)])).OkAsync();

        string message = await server.GetAsync("persons/d2048/encounters/E/templates?templateFormat=OPEN_IRIS_JSON")
            .ErrorAsync(400, FailureCode.InvalidParameter);

        Assert.DoesNotContain("Parameter '", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_of_open_iris_with_NaN_and_weights_is_read_and_its_codes_are_kept()
    {
        string template = Encoding.UTF8.GetString(
            Convert.FromBase64String((string)Bodies.OpenIrisEye(9, 2)["template"]!));
        string weights = string.Join(", ", Enumerable.Repeat("0.123456789", 12_800));
        JsonObject item = Bodies.Item("IRIS", null, "OPEN_IRIS_JSON", Encoding.UTF8.GetBytes(
            $"{{\"iris_template\": {template[..^1]}, \"weights\": [[{weights}]]}}, "
            + "\"metadata\": {\"eye_side\": \"left\", \"sharpness_score\": NaN}}"));

        JsonNode ids = await server.PostAsync("persons/nan/encounters/E", Bodies.Encounter("nan", [item])).OkAsync();

        Assert.StartsWith("biometricData[0]: non-finite-number: ", (string)ids["others"]!["forgiven"]![0]!);
        Assert.Equal("biometricData.template: all but its codes", (string)ids["others"]!["notStored"]![0]!);
        JsonNode read = await server.GetAsync("persons/nan/encounters/E").OkAsync();
        Assert.Equal("EYE_LEFT", (string)read["biometricData"]![0]!["biometricSubType"]!);
        JsonNode found = await server.PostAsync(
            "identify/nan?threshold=40", Bodies.Identify([Bodies.OpenIrisEye(9, 2)])).OkAsync();
        Assert.Equal("nan", (string)found[0]!["personId"]!);
    }

    private static JsonObject PaddedFinger(int person, int impression = 0)
    {
        JsonObject item = Bodies.Finger(person, 2, impression);
        byte[] record = Convert.FromBase64String((string)item["template"]!);
        item["template"] = Convert.ToBase64String([.. record, .. new byte[40]]);
        return item;
    }

    /// <summary>Right index and left middle finger in one record.</summary>
    private static JsonObject TwoFingers(int person, string? label)
    {
        FingerView[] views = [.. ((int[])[2, 8]).Select(finger => FingerRecords.Decode(
            TemplateFormat.Iso19794v2005, Convert.FromBase64String((string)Bodies.Finger(person, finger)["template"]!))
            .Value!.Views[0])];
        views[1] = views[1] with { Width = views[0].Width, Height = views[0].Height };
        return Bodies.Item("FINGER", label, "ISO_19794_2", FingerRecords.Encode(TemplateFormat.Iso19794v2005, views));
    }

    private static JsonObject Only(JsonObject item) => new() { ["biometricData"] = new JsonArray(item.DeepClone()) };

    /// <summary>The answer of a call that must name in its header what was forgiven.</summary>
    private async Task<JsonNode> AskAsync(string path, JsonNode body)
    {
        using JsonContent content = JsonContent.Create(body);
        using HttpResponseMessage response = await server.Http.PostAsync(path, content);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, $"{path}: {(int)response.StatusCode}: {text}");
        Assert.Equal("bytes-after-last-view", Assert.Single(response.Headers.GetValues("MatchCluster-Forgiven")));
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode[]> StreamAsync(string path, JsonNode line)
    {
        using StringContent content = new(line.ToJsonString(), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage response = await server.Http.PostAsync(path, content);
        string text = await response.Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(each => JsonNode.Parse(each)!)];
    }
}
