using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Jose;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Tests.Access;

namespace MatchCluster.Api.Tests.Protection;

/// <summary>Answers with biometric data, as a partner reads them that has the keys.</summary>
public sealed class AnswerProtectionTests : IAsyncLifetime
{
    private const string Header = "MatchCluster-Protect";

    private readonly TestIssuer issuer = new();
    private readonly TestKeys keys = new();
    private RunningServer server = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(issuer.Settings(), keys.Settings());
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", issuer.Token("abis.encounter.read abis.encounter.write mc.explain mc.extract mc.held.read"));
        JsonObject encounter = Bodies.Encounter("A", Bodies.Samples(1));
        encounter["clientData"] = "AQID";
        encounter["biographicData"] = new JsonObject { ["gender"] = "F" };
        await server.PostAsync("persons/P/encounters/E", encounter).OkAsync();
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        issuer.Dispose();
        keys.Dispose();
    }

    [Theory]
    [InlineData("/v1/persons/P/encounters/E?transactionId=T")]
    [InlineData("/v1/persons/P/encounters?transactionId=T")]
    [InlineData("/mc/v1/persons?personId=P")]
    public async Task An_encounter_is_signed_and_encrypted_as_OSIA_says(string path)
    {
        using HttpResponseMessage answer = await AskAsync(path, "encryption, signature");
        Assert.Equal("encryption, signature", answer.Headers.GetValues("MatchCluster-Protected").Single());
        JsonNode body = await answer.JsonAsync();
        JsonObject encounter = (body is JsonArray all ? all[0]! : body).AsObject();
        JsonObject plain = (await server.GetAsync("persons/P/encounters/E").OkAsync()).AsObject();
        foreach (JsonObject item in encounter["biometricData"]!.AsArray().Cast<JsonObject>())
        {
            Assert.Equal("template", (string)item["encryption"]!["scope"]!);
            Assert.Equal(5, ((string)item["template"]!).Split('.').Length);
        }

        Assert.Equal("biographicData clientData", (string)encounter["encryption"]!["scope"]!);
        Assert.Equal([1, 2, 3], keys.PartnerOpens.Open((string)encounter["clientData"]!));
        Assert.Equal("{\"gender\":\"F\"}",
            Encoding.UTF8.GetString(keys.PartnerOpens.Open((string)encounter["biographicData"]!)));

        // The partner opens and verifies by the code that the server itself reads bodies with.
        OwnKeys partner = OwnKeys.Read(TestKeys.SetOf([keys.PartnerOpens.Private]).ToJsonString());
        PayloadPartner us = PartnerKeys.Read(new JsonObject
        {
            ["partners"] = new JsonArray(
                new JsonObject { ["id"] = "us", ["keys"] = new JsonArray(keys.ServerSign.Public) }),
        }.ToJsonString()).Find("us") with
        { Requires = Protections.Encryption | Protections.Signature };
        JsonObject copy = encounter.DeepClone().AsObject();
        Assert.Null(new ProtectedBody(partner, us).Open(copy));
        Assert.True(JsonNode.DeepEquals(plain, copy), copy.ToJsonString());

        // Nothing of it can be exchanged.
        foreach (string name in (string[])["status", "encounterId", "createdDate"])
        {
            JsonObject changed = encounter.DeepClone().AsObject();
            changed[name] = name == "createdDate" ? "2020-01-01T00:00:00+00:00" : "INACTIVE";
            Assert.Equal(FailureCode.SignatureRefused, new ProtectedBody(partner, us).Open(changed)!.Code);
        }

        JsonObject fewer = encounter.DeepClone().AsObject();
        fewer["biometricData"]!.AsArray().RemoveAt(1);
        Assert.Equal(FailureCode.SignatureRefused, new ProtectedBody(partner, us).Open(fewer)!.Code);
    }

    [Fact]
    public async Task Templates_and_explanations_are_one_message_each()
    {
        using HttpResponseMessage templates = await AskAsync(
            "/v1/persons/P/encounters/E/templates?transactionId=T", "signature, encryption");
        Assert.Equal("application/jose", templates.Content.Headers.ContentType!.MediaType);
        byte[] signed = keys.PartnerOpens.Open(await templates.Content.ReadAsStringAsync());
        string text = JWT.Decode(Encoding.ASCII.GetString(signed), keys.ServerSign.Key, JwsAlgorithm.ES256);
        Assert.Equal(2, JsonNode.Parse(text)!.AsArray().Count);

        using HttpRequestMessage explain = new(HttpMethod.Post, "/mc/v1/explain/A/P/E")
        {
            Content = new StringContent(
                new JsonObject { ["biometricData"] = Bodies.Samples(1) }.ToJsonString(), Encoding.UTF8,
                "application/json"),
        };
        explain.Headers.Add(Header, "encryption");
        using HttpResponseMessage explained = await server.Http.SendAsync(explain);
        Assert.Equal("encryption", explained.Headers.GetValues("MatchCluster-Protected").Single());
        text = Encoding.UTF8.GetString(keys.PartnerOpens.Open(await explained.Content.ReadAsStringAsync()));
        Assert.Equal("P", (string)JsonNode.Parse(text)!["personId"]!);
    }

    [Fact]
    public async Task A_partner_s_entry_protects_answers_that_do_not_ask()
    {
        keys.Answers = ["encryption"];
        keys.Publish();
        JsonNode encounter = await server.GetAsync("persons/P/encounters/E").OkAsync();
        Assert.NotNull(encounter["encryption"]);
        Assert.Null(encounter["integrity"]);

        // A failure holds nothing of anybody, and stays as it is.
        Assert.Equal(404, await server.GetAsync("persons/nobody/encounters").StatusAsync());
    }

    [Fact]
    public async Task What_cannot_be_protected_is_not_answered()
    {
        Assert.Contains("wanted some of encryption, signature",
            await ErrorOf("enciphered", FailureCode.InvalidParameter), StringComparison.Ordinal);
        Assert.Contains("wanted some of", await ErrorOf("", FailureCode.InvalidParameter), StringComparison.Ordinal);
        keys.Publish(keys.ServerEc);
        Assert.Contains("no key that signs", await ErrorOf("signature", FailureCode.AnswerUnprotected),
            StringComparison.Ordinal);
        await File.WriteAllTextAsync(keys.PartnersFile, "{\"partners\":[]}");
        Assert.Contains("no key is known", await ErrorOf("encryption", FailureCode.AnswerUnprotected),
            StringComparison.Ordinal);

        await using RunningServer without = await RunningServer.StartAsync(issuer.Settings());
        using HttpRequestMessage asked = new(HttpMethod.Get, RunningServer.V1("persons/P/encounters/E"));
        asked.Headers.Add(Header, "encryption");
        asked.Headers.Authorization = server.Http.DefaultRequestHeaders.Authorization;
        Assert.Contains("no keys", await without.Http.SendAsync(asked).ErrorAsync(400, FailureCode.AnswerUnprotected),
            StringComparison.Ordinal);
    }

    private async Task<string> ErrorOf(string words, FailureCode code) =>
        await AskAsync(RunningServer.V1("persons/P/encounters/E"), words).ErrorAsync(400, code);

    private async Task<HttpResponseMessage> AskAsync(string path, string words)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add(Header, words);
        return await server.Http.SendAsync(request);
    }
}
