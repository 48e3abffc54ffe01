using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests;

/// <summary>
/// What is wrong is said with its place, what was found and what was wanted; nothing is stored.
/// </summary>
public sealed class BadInputTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string One = "persons/bad/encounters/E1";

    [Theory]
    [InlineData("{\"filter\":{},", "line 1")]
    [InlineData("{\"filter\":{},\n\"biometricData\":[,]}", "line 2")]
    [InlineData("[]", "another type")]
    [InlineData("{\"filter\":{},\"biometricData\":[],\"extra\":1}", "unknown property 'extra'")]
    [InlineData("{\"filter\":{},\"biometricData\":[{\"biometricType\":\"IRIS\",\"shape\":1}]}", "'shape'")]
    [InlineData("{\"filter\":{},\"filter\":{},\"biometricData\":[]}", "filter")]
    [InlineData("{\"biometricData\":[]}", "missing properties: 'filter'")]
    [InlineData("{\"filter\":{},\"biometricData\":null}", "byte 33): found null, wanted a value")]
    [InlineData("{\"filter\":{},\"biometricData\":[{\"biometricType\":\"TOE\"}]}", "found 'TOE', wanted one of FACE")]
    [InlineData(
        "{\"filter\":{},\"biometricData\":[{\"biometricType\":\"FINGER\",\"template\":\"###\"}]}",
        "$.biometricData[0].template")]
    public async Task Malformed_JSON_is_refused_with_its_place(string body, string expected)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        string message = await server.Http.PostAsync(RunningServer.V1("identify/ALL"), content)
            .ErrorAsync(400, FailureCode.MalformedBody);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("MatchCluster.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_eye_with_too_few_valid_bits_is_insufficient_and_no_search()
    {
        IrisShape shape = IrisShape.D2048;
        IrisCode thin = new()
        {
            Position = BiometricPosition.RightEye,
            Shape = shape,
            Code = new ulong[shape.Words],
            Mask = Enumerable.Range(0, shape.Words).Select(word => word < 3 ? ulong.MaxValue : 0).ToArray(),
        };
        JsonObject probe = Bodies.Identify(
        [
            Bodies.Item(
                "IRIS", thin.Position.ToString(), "MATCHCLUSTER_IRIS_1", IrisTemplates.EncodeMatchCluster(thin)),
        ]);

        string message = await server.PostAsync("identify/ALL", probe)
            .ErrorAsync(400, FailureCode.RejectedTemplate);

        Assert.Contains("insufficient eye, 192 valid bits of 2048", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_base64_is_named()
    {
        JsonObject body = Bodies.Encounter("A", [Bodies.Finger(1, 2)]);
        body["biometricData"]![0]!["template"] = "not*base64";
        string message = await server.PostAsync(One, body).ErrorAsync(400, FailureCode.MalformedBody);
        Assert.Contains("$.biometricData[0].template", message, StringComparison.Ordinal);
        Assert.Contains("not base64", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=", FailureCode.InvalidIdentifier)]
    [InlineData("?transactionId=T1&priority=10", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&priority=high", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&serviceLevel=-1", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&accuracyLevel=sloppy", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&rotation=", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&maxNbCand=0", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&maxNbCand=-3", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&maxNbCand=1001", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&threshold=-1", FailureCode.InvalidParameter)]
    [InlineData("?transactionId=T1&threshold=NaN", FailureCode.InvalidParameter)]
    internal async Task Query_parameters_are_checked(string query, FailureCode code)
    {
        using JsonContent body = JsonContent.Create(Bodies.Identify(Bodies.Samples(1)));
        await server.Http.PostAsync("/v1/identify/ALL" + query, body).ErrorAsync(400, code);
    }

    [Theory]
    [InlineData("", "transactionId: found nothing, wanted a value")]
    [InlineData("?transactionId=T1&priority=high", "priority: found 'high', wanted a whole number in plain digits")]
    public async Task A_parameter_is_named_as_the_caller_knows_it(string query, string expected)
    {
        using JsonContent body = JsonContent.Create(Bodies.Identify(Bodies.Samples(1)));
        Assert.Equal(
            expected,
            await server.Http.PostAsync("/v1/identify/ALL" + query, body)
                .ErrorAsync(400, FailureCode.InvalidParameter));
    }

    [Fact]
    public async Task A_transaction_id_or_a_path_id_over_the_limit_is_refused()
    {
        string longId = new('x', 129);
        await server.Http.GetAsync("/v1/galleries?transactionId=" + longId)
            .ErrorAsync(400, FailureCode.InvalidIdentifier);
        string message = await server.PostAsync($"persons/{longId}/encounters/E1", Bodies.Encounter("A", []))
            .ErrorAsync(400, FailureCode.InvalidIdentifier);
        Assert.Contains("personId", message, StringComparison.Ordinal);
        await server.PostAsync($"persons/p/encounters/{Uri.EscapeDataString(new string('é', 65))}",
            Bodies.Encounter("A", [])).ErrorAsync(400, FailureCode.InvalidIdentifier);
        await server.PostAsync("persons/tab%09/encounters/E1", Bodies.Encounter("A", []))
            .ErrorAsync(400, FailureCode.InvalidIdentifier);
        Assert.Equal(200, await server.PostAsync(
            $"persons/{new string('x', 128)}/encounters/E1", Bodies.Encounter("A", [])).StatusAsync());
    }

    [Fact]
    public async Task A_callback_wants_a_list_of_servers_that_results_may_be_sent_to() =>
        Assert.Contains("--callbacks", await server.PostAsync(
            "identify/ALL?callback=http%3A%2F%2Fclient.example%2Fcb", Bodies.Identify(Bodies.Samples(1)))
            .ErrorAsync(400, FailureCode.CallbackRefused), StringComparison.Ordinal);

    [Fact]
    public async Task The_deadline_is_checked()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, RunningServer.V1("galleries"));
        request.Headers.Add("MatchCluster-Deadline-Ms", "0");
        await server.Http.SendAsync(request).ErrorAsync(400, FailureCode.InvalidParameter);
    }

    public static TheoryData<string, string, string> Encounters() => new()
    {
        { "galleries", "[]", "wanted 1..32" },
        { "galleries", "[\"ALL\"]", "stands for every gallery" },
        { "galleries", "[\"A\",\"A\"]", "twice" },
        { "galleries", "[\"\"]", "galleries[0]" },
        { "encounterType", "\"\"", "encounterType" },
        { "encounterId", "\"other\"", "differs from the one in the path" },
        { "biographicData", "{\"dateOfBirth\":\"30/11/1985\"}", "biographicData.dateOfBirth" },
        { "biometricData", "[null]", "biometricData[0]" },
        { "encryption", "{\"type\":\"JWE\",\"scope\":\"$\"}", "not supported" },
    };

    [Theory]
    [MemberData(nameof(Encounters))]
    public async Task An_encounter_is_checked(string property, string value, string expected)
    {
        JsonObject body = Bodies.Encounter("A", [Bodies.Finger(1, 2)]);
        body[property] = JsonNode.Parse(value);
        using JsonContent content = JsonContent.Create(body);
        using HttpResponseMessage response = await server.PostAsync(One, body);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(expected, (string)(await response.JsonAsync())["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_data_over_the_limit_is_refused()
    {
        JsonObject body = Bodies.Encounter("A", []);
        body["clientData"] = Convert.ToBase64String(new byte[4097]);
        Assert.Contains("4096",
            await server.PostAsync(One, body).ErrorAsync(400, FailureCode.InvalidEncounter), StringComparison.Ordinal);
    }

    public static TheoryData<string, string?, string> Items() => new()
    {
        { "biometricType", "\"FACE\"", "wanted FINGER or IRIS" },
        { "biometricType", "\"SIGNATURE\"", "wanted FINGER or IRIS" },
        { "biometricSubType", "\"LEFT_LITTLE\"", "the template says RIGHT_INDEX" },
        { "biometricSubType", "\"PLAIN_THUMBS\"", "found another slap, but the template says RIGHT_INDEX" },
        { "biometricSubType", "\"UNKNOWN_PALM\"", "one finger" },
        { "biometricSubType", "\"EYE_LEFT\"", "one finger" },
        { "templateFormat", "\"VENDOR_9\"", "ISO_19794_2_2011" },
        { "templateFormat", "\"ISO_19794_2_NS\"", "the header of a minutiae record" },
        { "templateFormat", "\"OPEN_IRIS_JSON\"", "ISO_19794_2" },
        { "templateFormat", null, "missing" },
        { "template", null, "missing" },
        { "template", "\"\"", "found" },
        { "integrity", "[]", "not supported" },
        { "instance", "\"\"", "instance" },
    };

    [Theory]
    [MemberData(nameof(Items))]
    public async Task A_biometric_item_is_checked(string property, string? value, string expected)
    {
        JsonObject item = Bodies.Finger(1, 2);
        item[property] = value is null ? null : JsonNode.Parse(value);
        using HttpResponseMessage response = await server.PostAsync(One, Bodies.Encounter("A", [item]));
        string message = (string)(await response.JsonAsync())["message"]!;
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("biometricData[0]", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_truncated_record_is_refused_at_every_length()
    {
        byte[] whole = Convert.FromBase64String((string)Bodies.Finger(1, 2)["template"]!);
        for (int length = 0; length < whole.Length; length += 7)
        {
            JsonObject item = Bodies.Item("FINGER", "RIGHT_INDEX", "ISO_19794_2", whole[..length]);
            await server.PostAsync(One, Bodies.Encounter("A", [item])).ErrorAsync(400, FailureCode.RejectedTemplate);
        }
    }

    [Fact]
    public async Task An_unknown_finger_in_a_record_is_refused()
    {
        byte[] record = Convert.FromBase64String((string)Bodies.Finger(1, 2)["template"]!);
        record[24] = 11; // Finger position of the first view, after the 24 bytes of the record header.
        JsonObject item = Bodies.Item("FINGER", null, "ISO_19794_2", record);
        await server.PostAsync(One, Bodies.Encounter("A", [item])).ErrorAsync(400, FailureCode.RejectedTemplate);
    }

    [Fact]
    public async Task Oversized_templates_and_bodies_are_refused()
    {
        JsonObject item = Bodies.Item("FINGER", "RIGHT_INDEX", "ISO_19794_2", new byte[(64 * 1024) + 1]);
        Assert.Contains("65536", await server.PostAsync(One, Bodies.Encounter("A", [item]))
            .ErrorAsync(400, FailureCode.RejectedTemplate), StringComparison.Ordinal);
        JsonArray tooMany = [.. Enumerable.Range(0, 65).Select(_ => (JsonNode)Bodies.Finger(1, 2))];
        Assert.Contains("64", await server.PostAsync(One, Bodies.Encounter("A", tooMany))
            .ErrorAsync(400, FailureCode.InvalidBiometricData), StringComparison.Ordinal);

        using ByteArrayContent body = new(new byte[ApiLimits.BodyBytes + 1]);
        body.Headers.ContentType = new("application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, RunningServer.V1(One)) { Content = body };
        request.Headers.ExpectContinue = true; // The answer comes before the body is sent.
        await server.Http.SendAsync(request).ErrorAsync(413, FailureCode.BodyTooLarge);
        using StringContent text = new("{}", Encoding.UTF8, "text/plain");
        await server.Http.PostAsync(RunningServer.V1(One), text).ErrorAsync(415, FailureCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("{\"nationality\":\"FRA\"}", "nationality")]
    [InlineData("{\"gender\":\"X\"}", "M or F")]
    [InlineData("{\"dateOfBirthMin\":\"1980\"}", "dateOfBirthMin")]
    [InlineData("{\"dateOfBirthMin\":\"1990-01-01\",\"dateOfBirthMax\":\"1980-01-01\"}", "after")]
    [InlineData("{\"biometricType\":[\"FACE\"]}", "FINGER or IRIS")]
    [InlineData("{\"biometricType\":[]}", "found none")]
    [InlineData("{\"targetFPIR\":1}", "(0, 1)")]
    public async Task A_filter_that_is_not_understood_is_refused(string filter, string expected)
    {
        JsonObject body = Bodies.Identify(Bodies.Samples(1), JsonNode.Parse(filter)!.AsObject());
        Assert.Contains(expected, await server.PostAsync("identify/ALL", body)
            .ErrorAsync(400, FailureCode.InvalidFilter), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_without_a_template_is_refused() =>
        await server.PostAsync("identify/ALL", Bodies.Identify([])).ErrorAsync(400, FailureCode.InvalidBiometricData);

    [Fact]
    public async Task An_encounter_that_does_not_fit_into_memory_is_507_with_the_numbers_and_the_server_goes_on()
    {
        const long Memory = 20_000;
        await using RunningServer small = await RunningServer.StartAsync(
            new MemoryGalleryStore(1), memoryBytes: Memory);
        int held = 0;
        while (await small.PostAsync($"persons/P{held}/encounters/E", Bodies.Encounter("A", [Bodies.Finger(1, 2)]))
            .StatusAsync() == 200)
        {
            held++;
        }

        string reason = await small.PostAsync(
            "persons/one-more/encounters/E", Bodies.Encounter("A", [Bodies.Finger(1, 2)]))
            .ErrorAsync(507, FailureCode.GalleryFull);
        Assert.Contains("of 20,000 bytes in use; delete, add silos or raise the limit", reason);
        Assert.InRange(held, 1, 100);
        Assert.Single((await small.GetAsync("persons/P0/encounters").OkAsync()).AsArray());
    }

    [Fact]
    public async Task Nothing_of_what_was_refused_is_there() =>
        Assert.Equal(404, await server.GetAsync("persons/bad/encounters").StatusAsync());
}
