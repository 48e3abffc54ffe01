using System.Numerics;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Http.Access;

/// <summary>
/// The public keys of an issuer (JWKS, RFC 7517) by their ids. Asymmetric keys alone: with a shared secret whoever can
/// check a token can make one.
/// </summary>
internal static class SigningKeys
{
    /// <summary>What a token may be signed with: RSA (PKCS #1 and PSS) and ECDSA, SHA-256 or longer.</summary>
    public static IReadOnlyList<string> Algorithms { get; } =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private const int MostKeys = 64;
    private const int LeastRsaBits = 2048;
    private const string Signature = "sig";

    /// <summary>
    /// The keys that may check a signature; those for encryption are passed over, and those of kinds and curves that
    /// are not used here (RFC 7517, section 5): an issuer that begins to use one beside its others stays readable.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no JWKS of public keys; the message says why.</exception>
    public static IReadOnlyDictionary<string, SecurityKey> Read(string json)
    {
        Dictionary<string, SecurityKey> keys = new(StringComparer.Ordinal);
        List<string> others = [];
        foreach (JsonWebKey key in SetOf(json).Keys.Where(key => key.Use is null or "" or Signature))
        {
            if (Problem(key) is { } problem)
            {
                throw new InvalidDataException($"JWKS: {problem}");
            }

            if (OtherKind(key) is { } other)
            {
                others.Add(other);
            }
            else if (!keys.TryAdd(key.Kid, key))
            {
                throw new InvalidDataException("JWKS: found two keys of one kid, wanted one");
            }
        }

        if (keys.Count is 0 or > MostKeys)
        {
            string passed = others.Count == 0 ? "" : $"; passed over {string.Join(", ", others.Distinct().Take(4))}";
            throw new InvalidDataException(
                $"JWKS: found {keys.Count} keys that check signatures, wanted 1..{MostKeys}{passed}");
        }

        foreach (JsonWebKey key in keys.Values.Cast<JsonWebKey>())
        {
            Check(key);
        }

        return keys;
    }

    private static JsonWebKeySet SetOf(string json)
    {
        try
        {
            return JsonWebKeySet.Create(json);
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            throw new InvalidDataException("JWKS: found no JSON object with an array keys, wanted one", wrong);
        }
    }

    private static string? Problem(JsonWebKey key) =>
        key.Kty == JsonWebAlgorithmsKeyTypes.Octet
            ? "found kty 'oct', wanted RSA or EC: secrets are not shared"
        : !string.IsNullOrEmpty(key.D) ? "found a private key, wanted the public part alone"
        : OtherKind(key) is null && string.IsNullOrEmpty(key.Kid) ? "found a key without kid, wanted one"
        : null;

    /// <summary>What a key is that nothing here is signed with; null for one that may sign.</summary>
    private static string? OtherKind(JsonWebKey key) => key.Kty switch
    {
        JsonWebAlgorithmsKeyTypes.RSA => null,
        JsonWebAlgorithmsKeyTypes.EllipticCurve when CurveOf(key.Crv) is not null => null,
        JsonWebAlgorithmsKeyTypes.EllipticCurve => $"the curve '{Failures.Failure.Shown(key.Crv ?? "")}'",
        _ => $"kty '{Failures.Failure.Shown(key.Kty ?? "")}'",
    };

    /// <summary>A key that cannot be used is refused here, with its set, and not at each token that names it.</summary>
    private static void Check(JsonWebKey key)
    {
        string named = $"the key '{Failures.Failure.Shown(key.Kid)}'";
        try
        {
            if (CurveOf(key.Crv) is { } curve && key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve)
            {
                using ECDsa point = ECDsa.Create(new ECParameters
                {
                    Curve = curve,
                    Q = new ECPoint
                    {
                        X = Base64UrlEncoder.DecodeBytes(key.X),
                        Y = Base64UrlEncoder.DecodeBytes(key.Y),
                    },
                });
                return;
            }

            byte[] exponent = Base64UrlEncoder.DecodeBytes(key.E);
            using RSA rsa = RSA.Create(
                new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = exponent });
            if (rsa.KeySize < LeastRsaBits)
            {
                throw new InvalidDataException(
                    $"JWKS: found an RSA key of {rsa.KeySize} bits, wanted at least {LeastRsaBits}");
            }

            // With the exponent 1 a signature is its own content: anybody could make one.
            if (new BigInteger(exponent, isUnsigned: true, isBigEndian: true) is var e && (e < 3 || e.IsEven))
            {
                throw new InvalidDataException($"JWKS: {named} has the exponent {e}, wanted an odd one from 3 on");
            }
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or CryptographicException)
        {
            throw new InvalidDataException($"JWKS: {named} cannot be read", wrong);
        }
    }

    private static ECCurve? CurveOf(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };
}
