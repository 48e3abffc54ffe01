using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchCluster.Api.Http.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Tests.Access;

/// <summary>An issuer of tokens, good ones and bad ones, with its keys in a file that a server reads.</summary>
internal sealed class TestIssuer : IDisposable
{
    public const string Name = "https://issuer.example";
    public const string Audience = "abis.example";

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly List<RSA> keys = [RSA.Create(2048)];

    public TestIssuer() => Publish();

    public string File => Path.Combine(directory, "keys.json");

    public string LatestKid => $"key-{keys.Count}";

    public AccessSettings Settings() => new()
    {
        Tokens = new TokenSettings(Name, Audience, KeySource.Of(File, TimeProvider.System)),
    };

    /// <summary>Takes a new key; it is told to nobody before <see cref="Publish"/>.</summary>
    public void Rotate() => keys.Add(RSA.Create(2048));

    /// <summary>Writes the newest key, and no other, for the server to read.</summary>
    public void Publish() => System.IO.File.WriteAllText(File, Jwks());

    public RSAParameters RsaParameters() => keys[^1].ExportParameters(false);

    public string Jwks()
    {
        RSAParameters key = keys[^1].ExportParameters(false);
        return JsonSerializer.Serialize(new
        {
            keys = new[]
            {
                new
                {
                    kty = "RSA", kid = LatestKid, use = "sig",
                    n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent),
                },
            },
        });
    }

    public string Token(string scope, Action<SecurityTokenDescriptor>? change = null, string alg = "RS256")
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        SecurityTokenDescriptor token = new()
        {
            Issuer = Name,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now.AddMinutes(-1),
            Expires = now.AddHours(1),
            Claims = new Dictionary<string, object> { ["client_id"] = "partner-a", ["sub"] = "x", ["scope"] = scope },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(keys[^1]) { KeyId = LatestKid }, alg),
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <summary>A token that is signed with what everybody knows: the public key as a shared secret.</summary>
    public string Confused(string scope)
    {
        string parts = WithHeader(Token(scope), $$"""{"alg":"HS256","kid":"{{LatestKid}}"}""");
        byte[] secret = Encoding.ASCII.GetBytes(keys[^1].ExportSubjectPublicKeyInfoPem());
        return $"{parts}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(parts)))}";
    }

    /// <summary>A token that says that it is not signed.</summary>
    public string Unsigned(string scope) =>
        WithHeader(Token(scope), $$"""{"alg":"none","kid":"{{LatestKid}}"}""") + ".";

    public void Dispose()
    {
        keys.ForEach(key => key.Dispose());
        Directory.Delete(directory, recursive: true);
    }

    private static string WithHeader(string token, string header) =>
        $"{Base64UrlEncoder.Encode(header)}.{token.Split('.')[1]}";
}
