using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tests.Access;

namespace MatchCluster.Api.Tests.Protection;

/// <summary>A real server, its partner, and protected bodies at every door.</summary>
public sealed class PayloadDoorTests : IAsyncLifetime
{
    private const string Scope = "biometricType biometricSubType template templateFormat";
    private const string Every =
        "abis.identify abis.verify abis.encounter.read abis.encounter.write mc.identify mc.enrol mc.explain mc.extract";

    private readonly TestIssuer issuer = new();
    private readonly TestKeys keys = new();
    private RunningServer server = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(issuer.Settings(), keys.Settings());
        server.Http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", issuer.Token(Every));
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        issuer.Dispose();
        keys.Dispose();
    }

    [Fact]
    public async Task Protected_bodies_pass_every_door()
    {
        keys.Requires = ["encryption", "signature"];
        keys.Publish();
        JsonObject encounter = Bodies.Encounter("A", Protected(1));
        encounter["biographicData"] = new JsonObject { ["dateOfBirth"] = "1980-01-01", ["gender"] = "F" };
        JsonObject block = keys.PartnerSigns.Sign(encounter, "biographicData status");
        TestKeys.Encrypt(encounter, keys.ServerRsa, "biographicData")["integrity"] = new JsonArray(block);
        JsonNode created = await server.PostAsync("persons/P/encounters/E", encounter.DeepClone()).OkAsync();
        Assert.Contains("integrity", created["others"]!["notStored"]!.AsArray().Select(name => (string)name!));
        await server.PutAsync("persons/P/encounters/E", encounter.DeepClone()).OkAsync();
        await server.PostAsync("persons/Q/encounters", Bodies.Encounter("A", Protected(2))).OkAsync();
        await server.PostAsync("persons", Bodies.Encounter("A", Protected(3))).OkAsync();

        JsonNode stored = await server.GetAsync("persons/P/encounters/E").OkAsync();
        Assert.Equal("F", (string)stored["biographicData"]!["gender"]!);
        Assert.True(JsonNode.DeepEquals(Bodies.Finger(1, 2)["template"], stored["biometricData"]![0]!["template"]));

        JsonNode found = await server.PostAsync("identify/A", Bodies.Identify(Protected(1))).OkAsync();
        Assert.Equal("P", (string)found[0]!["personId"]!);
        JsonNode verified = await server.PostAsync(
            "verify/A/P", new JsonObject { ["biometricData"] = Protected(1) }).OkAsync();
        Assert.True((bool)verified["decision"]!);
        verified = await server.PostAsync("verify", new JsonObject
        {
            ["biometricData1"] = Protected(1),
            ["biometricData2"] = Protected(2),
        }).OkAsync();
        Assert.False((bool)verified["decision"]!);

        JsonNode explained = await McAsync("explain/A/P/E", new JsonObject { ["biometricData"] = Protected(1) });
        Assert.Single(explained["fingers"]!.AsArray());
        JsonNode extracted = await McAsync("extract", new JsonObject { ["biometricData"] = Protected(1) });
        Assert.Contains(
            "image: found nothing", (string)extracted["items"]![0]!["error"]!["detail"]!, StringComparison.Ordinal);

        JsonObject line = Bodies.Encounter("A", Protected(4));
        line["encounterId"] = "E";
        JsonNode enrolled = await McAsync("enrol", new JsonObject { ["personId"] = "S", ["encounter"] = line }, at: 0);
        Assert.Equal("integrity", (string)enrolled["others"]!["notStored"]![0]!);
        JsonNode batch = await McAsync(
            "identify/A", new JsonObject { ["id"] = "1", ["biometricData"] = Protected(4) });
        Assert.Equal("S", (string)batch["candidates"]![0]!["personId"]!);
    }

    /// <summary>The same doors refuse plain data of a partner that must protect its own.</summary>
    [Fact]
    public async Task Plain_bodies_of_a_partner_that_must_protect_them_pass_no_door()
    {
        keys.Requires = ["encryption"];
        keys.Publish();
        JsonArray Plain() => [Bodies.Finger(1, 2)];
        foreach (string path in (string[])["persons", "persons/P/encounters", "persons/P/encounters/E"])
        {
            await server.PostAsync(path, Bodies.Encounter("A", Plain()))
                .ErrorAsync(400, FailureCode.ProtectionMissing);
        }

        await server.PutAsync("persons/P/encounters/E", Bodies.Encounter("A", Plain()))
            .ErrorAsync(400, FailureCode.ProtectionMissing);
        await server.PostAsync("identify/A", Bodies.Identify(Plain())).ErrorAsync(400, FailureCode.ProtectionMissing);
        await server.PostAsync("verify/A/P", new JsonObject { ["biometricData"] = Plain() })
            .ErrorAsync(400, FailureCode.ProtectionMissing);
        await server.PostAsync("verify", new JsonObject { ["biometricData1"] = Plain(), ["biometricData2"] = Plain() })
            .ErrorAsync(400, FailureCode.ProtectionMissing);
        foreach (string path in (string[])["explain/A/P/E", "extract"])
        {
            JsonNode problem = await McAsync(path, new JsonObject { ["biometricData"] = Plain() }, 400);
            Assert.Equal((int)FailureCode.ProtectionMissing, (int)problem["code"]!);
        }

        JsonObject encounter = Bodies.Encounter("A", Plain());
        encounter["encounterId"] = "E";
        JsonNode line = await McAsync("enrol", new JsonObject { ["personId"] = "S", ["encounter"] = encounter }, at: 0);
        Assert.Equal((int)FailureCode.ProtectionMissing, (int)line["error"]!["code"]!);
        line = await McAsync("identify/A", new JsonObject { ["id"] = "1", ["biometricData"] = Plain() });
        Assert.Equal((int)FailureCode.ProtectionMissing, (int)line["error"]!["code"]!);
        Assert.Equal(404, await server.GetAsync("persons/P/encounters").StatusAsync());
    }

    [Fact]
    public async Task An_item_that_is_encrypted_as_a_whole_is_opened()
    {
        JsonObject body = Bodies.Identify([]);
        body["biometricData"] = new JsonArray(
            keys.ServerEc.Seal(Encoding.UTF8.GetBytes(TestKeys.Encrypt(Bodies.Finger(1, 2), keys.ServerRsa, "template")
                .ToJsonString())));
        body["encryption"] = new JsonObject { ["type"] = "JWE", ["scope"] = "$.biometricData[*]" };
        await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("A", [Bodies.Finger(1, 2)])).OkAsync();
        Assert.Single((await server.PostAsync("identify/A", body).OkAsync()).AsArray());
    }

    [Fact]
    public async Task A_buffer_may_be_encrypted_as_bytes_or_as_base64()
    {
        await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("A", [Bodies.Finger(1, 2)])).OkAsync();
        string template = (string)Bodies.Finger(1, 2)["template"]!;
        foreach (byte[] content in (byte[][])[Encoding.ASCII.GetBytes(template), Convert.FromBase64String(template)])
        {
            JsonObject item = Bodies.Finger(1, 2);
            item["template"] = keys.ServerEc.Seal(content);
            item["encryption"] = new JsonObject { ["type"] = "JWE", ["scope"] = "template" };
            Assert.Single((await server.PostAsync("identify/A", Bodies.Identify([item])).OkAsync()).AsArray());
        }
    }

    [Theory]
    [InlineData("""{"type":"PKCS7","scope":"template"}""", (int)FailureCode.UnsupportedBiometricData, "wanted JWE")]
    [InlineData("""{"type":"JWS","scope":"template"}""", (int)FailureCode.ProtectionMalformed, "type: found 'JWS'")]
    [InlineData("""{"type":"JWE"}""", (int)FailureCode.ProtectionMalformed, "scope: found nothing")]
    [InlineData("""{"type":"JWE","scope":"image"}""", (int)FailureCode.ProtectionMalformed, "found nothing of what")]
    [InlineData("""{"type":"JWE","scope":"imageRef"}""", (int)FailureCode.UnsupportedBiometricData, "not fetched")]
    [InlineData("""{"type":"JWE","scope":"template","alg":"x"}""", (int)FailureCode.ProtectionMalformed, "found 'alg'")]
    [InlineData("""{"type":"JWE","scope":"missing"}""", (int)FailureCode.ProtectionMalformed, "found a value in clear")]
    [InlineData("\"JWE\"", (int)FailureCode.ProtectionMalformed, "wanted an object")]
    [InlineData("""{"type":"JWE","scope":"template"}""", (int)FailureCode.ProtectionMalformed, "found 1 part")]
    public async Task An_encryption_is_read_strictly(string value, int code, string expected)
    {
        JsonObject item = Bodies.Finger(1, 2);
        item["missing"] = new JsonArray(new JsonObject());
        item["encryption"] = JsonNode.Parse(value);
        string message = await server.PostAsync("identify/A", Bodies.Identify([item]))
            .ErrorAsync(400, (FailureCode)code);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith("biometricData[0].", message, StringComparison.Ordinal);
        Assert.DoesNotContain((string)item["template"]!, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_keys_act_on_the_next_request_and_old_ones_as_long_as_they_stand_in_the_file()
    {
        using TestKey next = TestKey.Curve("next", "enc");
        JsonObject With(TestKey key) => Bodies.Identify(
            [TestKeys.Encrypt(Bodies.Finger(1, 2), key, "template")]);
        await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("A", [Bodies.Finger(1, 2)])).OkAsync();
        await server.PostAsync("identify/A", With(next)).ErrorAsync(400, FailureCode.ProtectionMalformed);
        keys.Publish(next, keys.ServerEc);
        Assert.Single((await server.PostAsync("identify/A", With(next)).OkAsync()).AsArray());
        Assert.Single((await server.PostAsync("identify/A", With(keys.ServerEc)).OkAsync()).AsArray());
        keys.Publish(next);
        Assert.Contains("wanted a key for ECDH-ES+A256KW: next",
            await server.PostAsync("identify/A", With(keys.ServerEc)).ErrorAsync(400, FailureCode.ProtectionMalformed),
            StringComparison.Ordinal);

        // A file that is broken changes nothing.
        await File.WriteAllTextAsync(keys.OwnFile, "{}");
        Assert.Single((await server.PostAsync("identify/A", With(next)).OkAsync()).AsArray());
    }

    [Fact]
    public async Task A_new_key_of_a_partner_acts_on_the_next_request()
    {
        using TestKey next = TestKey.Rsa("a-sign-2", "sig");
        JsonObject item = Bodies.Finger(1, 2);
        item["integrity"] = new JsonArray(next.Sign(item, Scope, Jose.JwsAlgorithm.PS256));
        await server.PostAsync("identify/A", Bodies.Identify([item.DeepClone().AsObject()]))
            .ErrorAsync(400, FailureCode.ProtectionMalformed);
        JsonObject partners = JsonNode.Parse(await File.ReadAllTextAsync(keys.PartnersFile))!.AsObject();
        partners["partners"]![0]!["keys"]!.AsArray().Add((JsonNode)next.Public);
        await File.WriteAllTextAsync(keys.PartnersFile, partners.ToJsonString());
        await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("A", [item])).OkAsync();
    }

    [Fact]
    public async Task A_charset_or_a_coding_is_no_way_round_the_door()
    {
        JsonObject body = Bodies.Identify([Bodies.Finger(1, 2)]);
        keys.Requires = ["encryption"];
        keys.Publish();
        using StringContent wide = new(body.ToJsonString(), Encoding.Unicode, "application/json");
        await server.Http.PostAsync(RunningServer.V1("identify/A"), wide)
            .ErrorAsync(415, FailureCode.UnsupportedMediaType);
        using ByteArrayContent marked = new([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(body.ToJsonString())]);
        marked.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await server.Http.PostAsync(RunningServer.V1("identify/A"), marked)
            .ErrorAsync(400, FailureCode.ProtectionMissing);
        using ByteArrayContent coded = new(Encoding.UTF8.GetBytes(body.ToJsonString()));
        coded.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        coded.Headers.ContentEncoding.Add("gzip");
        Assert.InRange(await server.Http.PostAsync(RunningServer.V1("identify/A"), coded).StatusAsync(), 400, 415);
    }

    [Fact]
    public async Task Nothing_is_opened_for_a_caller_of_whom_nothing_is_agreed()
    {
        using HttpRequestMessage asked = new(HttpMethod.Post, RunningServer.V1("identify/A"))
        {
            Content = JsonContent.Create(Bodies.Identify(Protected(1))),
        };
        asked.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token(Every, token =>
            token.Claims = new Dictionary<string, object> { ["client_id"] = "nobody", ["scope"] = Every }));
        Assert.Contains("nothing is opened or verified for this caller",
            await server.Http.SendAsync(asked).ErrorAsync(400, FailureCode.ProtectionMalformed),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"biometricData\":[],\"biometricData\":[]}")]
    [InlineData("{\"biometricData\":[")]
    [InlineData("")]
    [InlineData("[1,2,3]")]
    [InlineData("null")]
    [InlineData("{\"encryption\":null,\"integrity\":null,\"biometricData\":null,\"filter\":{}}")]
    [InlineData("{\"biometricData\":[{\"encryption\":{\"type\":\"JWE\",\"type\":\"JWE\",\"scope\":\"a\"}}]}")]
    public async Task A_malformed_body_is_one_with_keys_too(string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        await server.Http.PostAsync(RunningServer.V1("identify/A"), content).ErrorAsync(400, FailureCode.MalformedBody);
    }

    [Fact]
    public async Task A_body_of_too_many_values_is_refused_and_one_beyond_its_limit_too()
    {
        using StringContent many = new(
            $"{{\"biometricData\":[{string.Join(',', Enumerable.Repeat("1", 200_001))}]}}", Encoding.UTF8,
            "application/json");
        Assert.Contains("200000 values", await server.Http.PostAsync(RunningServer.V1("identify/A"), many)
            .ErrorAsync(400, FailureCode.MalformedBody), StringComparison.Ordinal);
        using ByteArrayContent large = new(new byte[ApiLimits.BodyBytes + 1]);
        large.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, RunningServer.V1("identify/A")) { Content = large };
        request.Headers.ExpectContinue = true;
        await server.Http.SendAsync(request).ErrorAsync(413, FailureCode.BodyTooLarge);
    }

    private JsonArray Protected(int person)
    {
        JsonObject item = Bodies.Finger(person, 2);
        JsonObject block = keys.PartnerSigns.Sign(item, Scope);
        TestKeys.Encrypt(item, keys.ServerEc, "template");
        item["integrity"] = new JsonArray(block);
        return [item];
    }

    /// <summary>What one of our own doors answers; of a stream one line, the last one where none is named.</summary>
    private async Task<JsonNode> McAsync(string path, JsonObject body, int status = 200, int? at = null)
    {
        using StringContent content = new(
            body.ToJsonString(), Encoding.UTF8,
            path.StartsWith('i') || path == "enrol" ? "application/x-ndjson" : "application/json");
        using HttpResponseMessage answer = await server.Http.PostAsync($"/mc/v1/{path}", content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, text);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return JsonNode.Parse(lines[at ?? lines.Length - 1])!;
    }
}
