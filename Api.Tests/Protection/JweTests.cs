using System.Text;
using System.Text.Json.Nodes;
using Jose;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Protection;

namespace MatchCluster.Api.Tests.Protection;

/// <summary>What a JWE must be to be opened, and that nothing is told by one that cannot be.</summary>
public sealed class JweTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("ten fingers and two eyes");

    private readonly TestKeys keys = new();

    public void Dispose() => keys.Dispose();

    [Theory]
    [InlineData("server-rsa", JweAlgorithm.RSA_OAEP_256, JweEncryption.A256GCM)]
    [InlineData("server-rsa", JweAlgorithm.RSA_OAEP_256, JweEncryption.A128CBC_HS256)]
    [InlineData("server-ec", JweAlgorithm.ECDH_ES, JweEncryption.A256GCM)]
    [InlineData("server-ec", JweAlgorithm.ECDH_ES, JweEncryption.A128CBC_HS256)]
    [InlineData("server-ec", JweAlgorithm.ECDH_ES_A256KW, JweEncryption.A256GCM)]
    [InlineData("server-ec", JweAlgorithm.ECDH_ES_A256KW, JweEncryption.A128CBC_HS256)]
    public void The_allowed_algorithms_are_opened(string kid, JweAlgorithm algorithm, JweEncryption encryption)
    {
        TestKey key = kid == keys.ServerEc.Kid ? keys.ServerEc : keys.ServerRsa;
        Parsed<OpenedJwe> opened = Open(key.Seal(Content, algorithm, encryption));
        Assert.Equal(Content, opened.Value!.Content);
    }

    [Theory]
    [InlineData("P-384")]
    [InlineData("P-521")]
    public void Longer_curves_are_opened(string curve)
    {
        using TestKey key = TestKey.Curve("long", "enc", curve);
        OwnKeys own = OwnKeys.Read(TestKeys.SetOf([key.Private]).ToJsonString());
        Assert.Equal(Content, Jwe.Open(key.Seal(Content), own, "template").Value!.Content);
    }

    [Fact]
    public void What_another_implementation_wrote_is_opened()
    {
        JsonNode written = JsonNode.Parse(File.ReadAllText(Vectors.File))!;
        OwnKeys own = OwnKeys.Read(written["own"]!.ToJsonString());
        JsonObject tokens = written["jwes"]!.AsObject();
        Assert.Equal(6, tokens.Count);
        Assert.All(tokens, token => Assert.Equal(
            Content.Length, Jwe.Open((string)token.Value!, own, "template").Value!.Content.Length));
    }

    [Theory]
    [InlineData(JweAlgorithm.RSA_OAEP, JweEncryption.A256GCM, "alg: found 'RSA-OAEP', wanted one of RSA-OAEP-256")]
    [InlineData(JweAlgorithm.RSA1_5, JweEncryption.A256GCM, "alg: found 'RSA1_5'")]
    [InlineData(JweAlgorithm.RSA_OAEP_256, JweEncryption.A128GCM, "enc: found 'A128GCM', wanted one of A256GCM")]
    [InlineData(JweAlgorithm.RSA_OAEP_256, JweEncryption.A256CBC_HS512, "enc: found 'A256CBC-HS512'")]
    public void Other_algorithms_are_refused(JweAlgorithm algorithm, JweEncryption encryption, string expected) =>
        Refused(keys.ServerRsa.Seal(Content, algorithm, encryption), expected);

    [Fact]
    public void Passwords_and_shared_secrets_are_refused_before_they_cost_anything()
    {
        Refused(JWT.EncodeBytes(Content, "password", JweAlgorithm.PBES2_HS256_A128KW, JweEncryption.A256GCM),
            "alg: found 'PBES2-HS256+A128KW'");
        Refused(JWT.EncodeBytes(Content, new byte[32], JweAlgorithm.DIR, JweEncryption.A256GCM), "alg: found 'dir'");
        Refused(
            JWT.EncodeBytes(Content, new byte[32], JweAlgorithm.A256KW, JweEncryption.A256GCM), "alg: found 'A256KW'");
    }

    [Fact]
    public void Compressed_content_is_refused() =>
        Refused(keys.ServerEc.Seal(new byte[1 << 20], zip: JweCompression.DEF), "zip: found compressed content");

    [Theory]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM","alg":"RSA1_5"}""", "each name once")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM","\u0061lg":"ECDH-ES"}""", "each name once")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM","epk":{"crv":"P-256","crv":"P-384"}}""", "each name once")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM","crit":["exp"]}""", "crit")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM","kid":7}""", "kid: wanted a text")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM","kid":"nobody"}""", "wanted a key for ECDH-ES: server-ec")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM","kid":"server-rsa"}""", "wanted a key for ECDH-ES: server-ec")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM"}""", "epk: found nothing, wanted an EC key of P-256")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-521"}}""", "epk: found 'P-521'")]
    [InlineData("""{"alg":["ECDH-ES"],"enc":"A256GCM"}""", "alg: found nothing")]
    [InlineData("""{"alg":"none"}""", "alg: found 'none'")]
    [InlineData("[]", "no JSON object")]
    [InlineData("null", "no JSON object")]
    [InlineData("""{"alg":"\ud800"}""", "no JSON object")]
    [InlineData("{", "no JSON object")]
    public void A_header_is_read_strictly(string header, string expected) =>
        Refused($"{Base64Url.Encode(Encoding.UTF8.GetBytes(header))}.AA.AA.AA.AA", expected);

    [Theory]
    [InlineData("", "found 1 parts")]
    [InlineData("a.b.c", "found 3 parts")]
    [InlineData("a.b.c.d.e.f", "found 6 parts")]
    [InlineData(".b.c.d.e", "found a header of 0 characters")]
    [InlineData("!.b.c.d.e", "no JSON object")]
    public void A_token_has_five_parts(string token, string expected) => Refused(token, expected);

    [Fact]
    public void A_header_of_broken_UTF_8_is_refused() => Refused(
        $"{Base64Url.Encode([.. "{\"alg\":\""u8, 0xC9, .. "\"}"u8])}.AA.AA.AA.AA", "no JSON object");

    [Fact]
    public void A_header_beyond_its_limit_is_not_read()
    {
        string huge = $$"""{"alg":"ECDH-ES","enc":"A256GCM","x":"{{new string('x', JoseHeader.MostCharacters)}}"}""";
        Refused(
            $"{Base64Url.Encode(Encoding.UTF8.GetBytes(huge))}.AA.AA.AA.AA", $"wanted 1..{JoseHeader.MostCharacters}");
    }

    /// <summary>A changed key, content, tag or vector, and a message for another key: all are one failure.</summary>
    [Fact]
    public void Whatever_fails_in_opening_is_one_failure()
    {
        using TestKey elsewhere = TestKey.Curve("server-ec", "enc");
        List<string> broken =
        [
            elsewhere.Seal(Content),
            elsewhere.Seal(Content, JweAlgorithm.ECDH_ES, JweEncryption.A128CBC_HS256),
        ];
        foreach (TestKey key in (TestKey[])[keys.ServerEc, keys.ServerRsa])
        {
            foreach (JweEncryption encryption in (JweEncryption[])[JweEncryption.A256GCM, JweEncryption.A128CBC_HS256])
            {
                string[] parts = key.Seal(Content, encryption: encryption).Split('.');
                for (int i = 1; i < parts.Length; i++)
                {
                    broken.Add(With(parts, i, part => Base64Url.Encode(Flipped(Base64Url.Decode(part)))));
                    broken.Add(With(parts, i, _ => ""));
                    broken.Add(With(parts, i, _ => "AAAA"));
                    broken.Add(With(parts, i, part => part + "!"));
                }
            }
        }

        Failure[] failures = [.. broken.Select(token => Open(token).Failure!)];
        Assert.Equal(66, failures.Length);
        Failure only = Assert.Single(failures.Distinct());
        Assert.Equal(FailureCode.NotOpened, only.Code);
    }

    /// <summary>A tag of 96 bits would be taken by the framework, and is easier to forge.</summary>
    [Fact]
    public void A_shorter_tag_and_a_key_that_is_not_used_are_that_failure_too()
    {
        string[] parts = keys.ServerEc.Seal(Content).Split('.');
        Assert.Equal(FailureCode.NotOpened, Open(With(parts, 4, tag => tag[..16])).Failure!.Code);
        parts = keys.ServerEc.Seal(Content, JweAlgorithm.ECDH_ES).Split('.');
        Assert.Equal(FailureCode.NotOpened, Open(With(parts, 1, _ => "AAAA")).Failure!.Code);
    }

    [Fact]
    public void A_point_that_lies_on_no_curve_is_that_failure_too()
    {
        string[] parts = keys.ServerEc.Seal(Content).Split('.');
        JsonObject header = JsonNode.Parse(Base64Url.Decode(parts[0]))!.AsObject();
        header["epk"]!["y"] = Base64Url.Encode(Flipped(Base64Url.Decode((string)header["epk"]!["y"]!)));
        parts[0] = Base64Url.Encode(Encoding.UTF8.GetBytes(header.ToJsonString()));
        Assert.Equal(FailureCode.NotOpened, Open(string.Join('.', parts)).Failure!.Code);
    }

    [Fact]
    public void Without_a_key_id_the_only_key_of_the_algorithm_is_meant()
    {
        Dictionary<string, object> nameless = [];
        Assert.Equal(Content, Open(keys.ServerEc.Seal(Content, header: nameless)).Value!.Content);
        using TestKey second = TestKey.Curve("second", "enc");
        OwnKeys two = OwnKeys.Read(TestKeys.SetOf([keys.ServerEc.Private, second.Private]).ToJsonString());
        Assert.Contains(
            "kid: found nothing, and 2 keys are for ECDH-ES+A256KW",
            Jwe.Open(keys.ServerEc.Seal(Content, header: nameless), two, "template").Failure!.Message,
            StringComparison.Ordinal);
    }

    private Parsed<OpenedJwe> Open(string token) =>
        Jwe.Open(token, OwnKeys.Read(File.ReadAllText(keys.OwnFile)), "template");

    private void Refused(string token, string expected)
    {
        Failure failure = Open(token).Failure!;
        Assert.Equal(FailureCode.ProtectionMalformed, failure.Code);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("template: ", failure.Message, StringComparison.Ordinal);
    }

    private static string With(string[] parts, int place, Func<string, string> change) =>
        string.Join('.', parts.Select((part, i) => i == place ? change(part) : part));

    private static byte[] Flipped(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }
}

internal static class Vectors
{
    /// <summary>Made once with the library jose for Node.js, 6.2.18.</summary>
    public static string File { get; } = Path.Combine(AppContext.BaseDirectory, "Protection", "vectors.json");
}
