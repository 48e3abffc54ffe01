using System.Text.Json;
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

    /// <summary>The keys that may check a signature; those for encryption are passed over.</summary>
    /// <exception cref="InvalidDataException">It is no JWKS of public keys; the message says why.</exception>
    public static IReadOnlyDictionary<string, SecurityKey> Read(string json)
    {
        Dictionary<string, SecurityKey> keys = new(StringComparer.Ordinal);
        foreach (JsonWebKey key in SetOf(json).Keys.Where(key => key.Use is null or "" or Signature))
        {
            if (Problem(key) is { } problem)
            {
                throw new InvalidDataException($"JWKS: {problem}");
            }

            if (!keys.TryAdd(key.Kid, key))
            {
                throw new InvalidDataException("JWKS: found two keys of one kid, wanted one");
            }
        }

        return keys.Count is > 0 and <= MostKeys ? keys
            : throw new InvalidDataException(
                $"JWKS: found {keys.Count} keys that check signatures, wanted 1..{MostKeys}");
    }

    private static JsonWebKeySet SetOf(string json)
    {
        try
        {
            return JsonWebKeySet.Create(json);
        }
        catch (Exception wrong) when (wrong is ArgumentException or JsonException)
        {
            throw new InvalidDataException("JWKS: found no JSON object with an array keys, wanted one", wrong);
        }
    }

    private static string? Problem(JsonWebKey key) =>
        string.IsNullOrEmpty(key.Kid) ? "found a key without kid, wanted one"
        : key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve)
            ? $"found kty '{Failures.Failure.Shown(key.Kty ?? "")}', wanted RSA or EC: secrets are not shared"
        : key.HasPrivateKey ? "found a private key, wanted the public part alone"
        : key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize < LeastRsaBits
            ? $"found an RSA key of {key.KeySize} bits, wanted at least {LeastRsaBits}"
        : key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve && key.Crv is not ("P-256" or "P-384" or "P-521")
            ? $"found the curve '{Failures.Failure.Shown(key.Crv ?? "")}', wanted P-256, P-384 or P-521"
        : null;
}
