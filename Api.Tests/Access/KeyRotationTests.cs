using System.Net.Http.Headers;
using System.Security.Cryptography;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Tests.LoadTest;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Tests.Access;

/// <summary>The issuer's keys change while the server runs.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private readonly TestIssuer issuer = new();

    public void Dispose() => issuer.Dispose();

    [Fact]
    public async Task A_file_is_read_again_when_it_changes()
    {
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings());
        string old = issuer.Token("mc.stats");
        Assert.Equal(200, await AskAsync(server, old));
        issuer.Rotate();
        string fresh = issuer.Token("mc.stats");
        Assert.Equal(401, await AskAsync(server, fresh));
        issuer.Publish();
        Assert.Equal(200, await AskAsync(server, fresh));
        Assert.Equal(401, await AskAsync(server, old));
        await File.WriteAllTextAsync(issuer.File, "broken");
        Assert.Equal(200, await AskAsync(server, fresh));
    }

    [Fact]
    public async Task Every_algorithm_of_RSA_is_taken()
    {
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings());
        foreach (string alg in (string[])["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
        {
            Assert.Equal((alg, 200), (alg, await AskAsync(server, issuer.Token("mc.stats", alg: alg))));
        }
    }

    [Fact]
    public async Task An_address_is_asked_for_a_new_key_but_not_for_every_invented_one()
    {
        FakeTimeProvider time = new();
        int asked = 0;
        bool isDown = true;
        await using StubServer keys = await StubServer.StartAsync(async http =>
        {
            asked++;
            http.Response.StatusCode = isDown ? 500 : 200;
            await http.Response.WriteAsync(isDown ? "" : issuer.Jwks());
        });
        await using RunningServer server = await RunningServer.StartAsync(new AccessSettings
        {
            Tokens = new TokenSettings(
                TestIssuer.Name, TestIssuer.Audience, KeySource.Of($"{keys.Url}jwks", time)),
        });

        // Nothing is known yet and nobody answers: that is the server's failure, not the token's.
        Assert.Equal(503, await AskAsync(server, issuer.Token("mc.stats")));
        isDown = false;
        Assert.Equal(503, await AskAsync(server, issuer.Token("mc.stats")));
        Assert.Equal(1, asked);
        time.Advance(UrlKeys.AttemptEvery);
        Assert.Equal(200, await AskAsync(server, issuer.Token("mc.stats")));
        Assert.Equal(2, asked);

        issuer.Rotate();
        Assert.Equal(401, await AskAsync(server, issuer.Token("mc.stats")));
        Assert.Equal(2, asked);
        time.Advance(UrlKeys.AttemptEvery);
        Assert.Equal(200, await AskAsync(server, issuer.Token("mc.stats")));
        Assert.Equal(3, asked);

        // Keys that nobody confirms for a day hold no more.
        isDown = true;
        time.Advance(UrlKeys.HoldFor);
        Assert.Equal(503, await AskAsync(server, issuer.Token("mc.stats")));
    }

    [Theory]
    [InlineData("", "JWKS")]
    [InlineData("[]", "JWKS")]
    [InlineData("""{"keys":[]}""", "found 0 keys")]
    [InlineData("""{"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"}]}""", "wanted RSA or EC")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""", "without kid")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA","d":"AA"}]}""", "private key")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a","crv":"secp256k1","x":"AA","y":"AA"}]}""", "curve")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}""", "at least 2048")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a","n":"!!!","e":"AQAB"}]}""", "'a' cannot be read")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a"}]}""", "'a' cannot be read")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"}]}""", "'a' cannot be read")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"?","y":"AA"}]}""", "'a' cannot be read")]
    [InlineData("""{"keys":[{"kty":"OKP","kid":"a","crv":"Ed25519","x":"AA"}]}""", "passed over kty 'OKP'")]
    [InlineData("""{"keys":[7]}""", "JWKS")]
    [InlineData("""{"keys":7}""", "JWKS")]
    [InlineData("""
        {"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"},
                 {"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"}]}
        """, "two keys")]
    public void A_set_of_keys_that_is_none_is_refused(string json, string expected) => Assert.Contains(
        expected, Assert.Throws<InvalidDataException>(() => SigningKeys.Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_short_RSA_key_and_one_whose_signatures_anybody_can_make_are_refused()
    {
        using RSA small = RSA.Create(1024);
        Assert.Contains("1024 bits, wanted at least 2048", Refusal(small.ExportParameters(false)));
        RSAParameters weak = issuer.RsaParameters();
        weak.Exponent = [1];
        string reason = Refusal(weak);
        Assert.True(reason.Contains("exponent 1") || reason.Contains("cannot be read"), reason);

        static string Refusal(RSAParameters key) => Assert.Throws<InvalidDataException>(() => SigningKeys.Read(
            $$"""
            {"keys":[{"kty":"RSA","kid":"a","n":"{{Base64UrlEncoder.Encode(key.Modulus)}}",
              "e":"{{Base64UrlEncoder.Encode(key.Exponent)}}"}]}
            """)).Message;
    }

    [Fact]
    public async Task A_key_of_another_kind_beside_the_others_ends_nothing()
    {
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings());
        issuer.Rotate();
        await File.WriteAllTextAsync(issuer.File, issuer.Jwks().Replace(
            "\"keys\":[",
            """
            "keys":[{"kty":"OKP","kid":"new","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
              {"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"},
            """,
            StringComparison.Ordinal));
        Assert.Equal(200, await AskAsync(server, issuer.Token("mc.stats")));
    }

    [Theory]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a","n":"!!!","e":"AQAB"}]}""", "application/json")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"}]}""", "application/json")]
    [InlineData(null, "application/json; charset=none-such")]
    public async Task Whatever_an_issuer_answers_the_keys_before_hold_and_nothing_breaks(string? json, string type)
    {
        FakeTimeProvider time = new();
        bool isBroken = false;
        await using StubServer keys = await StubServer.StartAsync(async http =>
        {
            http.Response.ContentType = isBroken ? type : "application/json";
            await http.Response.WriteAsync(isBroken && json is not null ? json : issuer.Jwks());
        });
        await using RunningServer server = await RunningServer.StartAsync(new AccessSettings
        {
            Tokens = new TokenSettings(
                TestIssuer.Name, TestIssuer.Audience, KeySource.Of($"{keys.Url}jwks", time)),
        });
        string token = issuer.Token("mc.stats");
        Assert.Equal(200, await AskAsync(server, token));
        isBroken = true;
        issuer.Rotate();
        string fresh = issuer.Token("mc.stats");
        time.Advance(UrlKeys.RefreshAfter);
        Assert.Equal(json is null ? 200 : 401, await AskAsync(server, fresh));
        Assert.Equal(json is null ? 401 : 200, await AskAsync(server, token));

        // A file is no other way for the same set.
        await File.WriteAllTextAsync(issuer.File, issuer.Jwks());
        await using RunningServer reads = await RunningServer.StartAsync(issuer.Settings());
        await File.WriteAllTextAsync(issuer.File, json ?? "");
        Assert.Equal(200, await AskAsync(reads, fresh));
        Assert.Equal(200, await AskAsync(reads, fresh));
    }

    [Fact]
    public void Keys_come_from_elsewhere_over_https_only() => Assert.Contains("wanted https",
        Assert.Throws<InvalidDataException>(
            () => KeySource.Of("http://issuer.example/keys", TimeProvider.System)).Message, StringComparison.Ordinal);

    private static async Task<int> AskAsync(RunningServer server, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/mc/v1/stats");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.Http.SendAsync(request).StatusAsync();
    }
}
