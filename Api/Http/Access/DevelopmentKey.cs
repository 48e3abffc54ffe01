using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Http.Access;

/// <summary>
/// An issuer of tokens for development and tests: a local EC P-256 key in a file that its owner alone can read, and its
/// public part as a JWKS file beside it. It is no identity provider: whoever has the file can be anybody.
/// </summary>
internal sealed class DevelopmentKey : IDisposable
{
    public const string Issuer = "matchcluster-development";

    public const string Audience = "matchcluster";

    /// <summary>What is added to the name of the key's file.</summary>
    public const string PublicSuffix = ".jwks.json";

    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    private readonly ECDsa key;
    private readonly JsonWebKey web;

    private DevelopmentKey(ECDsa key)
    {
        this.key = key;
        ECParameters point = key.ExportParameters(includePrivateParameters: false);
        web = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = "P-256",
            X = Base64UrlEncoder.Encode(point.Q.X),
            Y = Base64UrlEncoder.Encode(point.Q.Y),
            Use = "sig",
            Alg = SecurityAlgorithms.EcdsaSha256,
        };
        web.Kid = Base64UrlEncoder.Encode(web.ComputeJwkThumbprint());
    }

    /// <summary>The public part, as a JWKS document.</summary>
    public string PublicKeys => JsonSerializer.Serialize(
        new DevelopmentJwks([new(web.Kty, web.Crv, web.X, web.Y, web.Use, web.Alg, web.Kid)]),
        DevelopmentJson.Default.DevelopmentJwks);

    /// <summary>The key of a file; the file and its JWKS are made where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no EC P-256 key, or others can read it.</exception>
    public static DevelopmentKey Open(string file)
    {
        if (!File.Exists(file))
        {
            Make(file);
        }

        OwnerOnly.Check(file);
        DevelopmentKey opened = new(KeyOf(file));
        string published = file + PublicSuffix;
        if (!File.Exists(published) || File.ReadAllText(published) != opened.PublicKeys)
        {
            File.WriteAllText(published, opened.PublicKeys);
        }

        return opened;
    }

    /// <summary>A token for the demo's questions to its own server; null without a development key.</summary>
    public static string? TokenFor(AccessSettings access, string partner, string scope, TimeProvider time)
    {
        if (access.DevelopmentKey is null)
        {
            return null;
        }

        using DevelopmentKey key = Open(access.DevelopmentKey);
        return key.Sign(new TokenClaims(partner, scope, Person: null, OneHour), time.GetUtcNow());
    }

    /// <summary>A signed access token.</summary>
    /// <param name="claims">Whose it is and what it allows.</param>
    /// <param name="now">The time of the issuer.</param>
    public string Sign(TokenClaims claims, DateTimeOffset now)
    {
        Dictionary<string, object> said = new()
        {
            ["client_id"] = claims.Partner,
            ["sub"] = claims.Person ?? claims.Partner,
            ["scope"] = claims.Scope,
        };
        if (claims.Person is not null)
        {
            said["auth_time"] = now.ToUnixTimeSeconds();
        }

        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = claims.Issuer,
            Audience = claims.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.Add(claims.Lifetime).UtcDateTime,
            Claims = said,
            SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(key) { KeyId = web.Kid }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public void Dispose() => key.Dispose();

    private static void Make(string file)
    {
        using ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        OwnerOnly.Create(file, made.ExportPkcs8PrivateKeyPem());
    }

    private static ECDsa KeyOf(string file)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            if (key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                return key;
            }
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidDataException($"{file}: found no private key in PEM, wanted one of EC P-256", wrong);
        }

        key.Dispose();
        throw new InvalidDataException($"{file}: found another curve, wanted EC P-256");
    }
}

/// <param name="Partner">The client (<c>client_id</c>).</param>
/// <param name="Scope">Scopes separated by blanks.</param>
/// <param name="Person">The natural person who logged in (<c>sub</c>); null for a program.</param>
/// <param name="Lifetime">For how long it is valid.</param>
internal sealed record TokenClaims(
    string Partner, string Scope, string? Person, TimeSpan Lifetime, string Issuer = DevelopmentKey.Issuer,
    string Audience = DevelopmentKey.Audience);
