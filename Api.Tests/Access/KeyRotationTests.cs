using System.Net.Http.Headers;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Tests.LoadTest;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

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
    [InlineData("""
        {"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"},
                 {"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"}]}
        """, "two keys")]
    public void A_set_of_keys_that_is_none_is_refused(string json, string expected) => Assert.Contains(
        expected, Assert.Throws<InvalidDataException>(() => SigningKeys.Read(json)).Message, StringComparison.Ordinal);

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
