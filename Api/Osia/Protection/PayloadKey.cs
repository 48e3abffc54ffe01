using System.Security.Cryptography;
using System.Text;
using Jose;
using Microsoft.IdentityModel.Tokens;
using JsonWebKey = Microsoft.IdentityModel.Tokens.JsonWebKey;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>What a key is for; RFC 7517 asks for one key for each.</summary>
internal enum KeyUse
{
    /// <summary>It encrypts, or opens what was encrypted ("enc").</summary>
    Encryption,

    /// <summary>It signs, or checks signatures ("sig").</summary>
    Signature,
}

/// <summary>
/// One key of a JWKS (RFC 7517), checked when it was read: RSA of 2048 to 4096 bits, or an elliptic curve of NIST. The
/// objects of the framework are made for each use, because they are not made for several threads.
/// </summary>
internal sealed class PayloadKey
{
    private const int LeastRsaBits = 2048;

    /// <summary>A private operation takes with the third power of the bits.</summary>
    private const int MostRsaBits = 4096;

    private readonly RSAParameters rsa;
    private readonly ECParameters curve;

    private PayloadKey(JsonWebKey key, KeyUse use, RSAParameters rsa, ECParameters curve)
    {
        Kid = key.Kid;
        Use = use;
        Algorithm = string.IsNullOrEmpty(key.Alg) ? null : key.Alg;
        Curve = key.Kty == JsonWebAlgorithmsKeyTypes.RSA ? null : key.Crv;
        this.rsa = rsa;
        this.curve = curve;
    }

    public string Kid { get; }

    public KeyUse Use { get; }

    /// <summary>The one algorithm that it is for (<c>alg</c>); null for all of its kind.</summary>
    public string? Algorithm { get; }

    /// <summary>Name of the curve (<c>crv</c>); null for RSA.</summary>
    public string? Curve { get; }

    /// <summary>Whether an algorithm can be used with this key.</summary>
    public bool Fits(string algorithm) =>
        (Algorithm is null || Algorithm == algorithm) && JoseAlgorithms.CurveFits(algorithm, Curve);

    /// <summary>The key as the JOSE library takes it; the caller disposes of it.</summary>
    public AsymmetricAlgorithm Open() =>
        Curve is null ? RSA.Create(rsa)
        : Use == KeyUse.Encryption ? ECDiffieHellman.Create(curve) : ECDsa.Create(curve);

    /// <summary>A key of a JWKS.</summary>
    /// <param name="key">As it was read.</param>
    /// <param name="isPrivate">Whether it must have its private part, or must not.</param>
    /// <exception cref="InvalidDataException">It is none that can be used; the message says why.</exception>
    public static PayloadKey Read(JsonWebKey key, bool isPrivate)
    {
        if (Problem(key, isPrivate) is { } problem)
        {
            throw new InvalidDataException(problem);
        }

        try
        {
            bool isRsa = key.Kty == JsonWebAlgorithmsKeyTypes.RSA;
            PayloadKey read = new(
                key, key.Use == "enc" ? KeyUse.Encryption : KeyUse.Signature,
                isRsa ? RsaOf(key, isPrivate) : default, isRsa ? default : CurveOf(key, isPrivate));
            using AsymmetricAlgorithm opened = read.Open();
            if (isPrivate)
            {
                read.TryItself();
            }

            return read;
        }
        catch (Exception wrong) when (wrong is CryptographicException or FormatException or ArgumentException
            or JoseException)
        {
            throw new InvalidDataException($"key '{key.Kid}': its numbers are no key of its kind", wrong);
        }
    }

    private static string? Problem(JsonWebKey key, bool isPrivate) =>
        string.IsNullOrEmpty(key.Kid) ? "found a key without kid, wanted one"
        : !Http.Access.Caller.IsName(key.Kid)
            ? $"kid: wanted 1..{Http.Access.Caller.LongestName} printable ASCII characters without blanks"
        : key.Use is not ("enc" or "sig") ? $"key '{key.Kid}': use: wanted enc or sig"
        : key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve)
            ? $"key '{key.Kid}': kty: wanted RSA or EC"
        : key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize is < LeastRsaBits or > MostRsaBits
            ? $"key '{key.Kid}': found {key.KeySize} bits, wanted {LeastRsaBits}..{MostRsaBits}"
        : key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve && key.Crv is not ("P-256" or "P-384" or "P-521")
            ? $"key '{key.Kid}': crv: wanted P-256, P-384 or P-521"
        : isPrivate && !key.HasPrivateKey ? $"key '{key.Kid}': found no private part, wanted one"
        : !isPrivate && key.HasPrivateKey ? $"key '{key.Kid}': found a private key, wanted the public part alone"
        : !string.IsNullOrEmpty(key.Alg) && !(key.Use == "enc"
            ? JoseAlgorithms.Encryptions.ContainsKey(key.Alg) : JoseAlgorithms.Signatures.ContainsKey(key.Alg))
            ? $"key '{key.Kid}': alg: wanted none, or one that is taken here"
        : null;

    private static RSAParameters RsaOf(JsonWebKey key, bool isPrivate) => new()
    {
        Modulus = Bytes(key.N),
        Exponent = Bytes(key.E),
        D = isPrivate ? Bytes(key.D) : null,
        P = isPrivate ? Bytes(key.P) : null,
        Q = isPrivate ? Bytes(key.Q) : null,
        DP = isPrivate ? Bytes(key.DP) : null,
        DQ = isPrivate ? Bytes(key.DQ) : null,
        InverseQ = isPrivate ? Bytes(key.QI) : null,
    };

    private static ECParameters CurveOf(JsonWebKey key, bool isPrivate) => new()
    {
        Curve = key.Crv switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        },
        Q = new ECPoint { X = Bytes(key.X), Y = Bytes(key.Y) },
        D = isPrivate ? Bytes(key.D) : null,
    };

    private static byte[] Bytes(string? text) =>
        string.IsNullOrEmpty(text) ? throw new FormatException("a number of the key is missing")
            : Base64UrlEncoder.DecodeBytes(text);

    /// <summary>A private part of another key than the public one is found now, not at the first message.</summary>
    private void TryItself()
    {
        byte[] text = Encoding.ASCII.GetBytes(Kid);
        if (Use == KeyUse.Encryption)
        {
            string token = Jwe.Seal(text, this, contentType: null);
            using AsymmetricAlgorithm key = Open();
            JWT.DecodeBytes(token, key);
        }
        else
        {
            string token = Jws.Sign(text, this, isDetached: false, contentType: null);
            using AsymmetricAlgorithm key = Open();
            JWT.DecodeBytes(token, key);
        }
    }
}
