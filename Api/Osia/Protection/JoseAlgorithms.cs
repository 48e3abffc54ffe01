using Jose;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>The algorithms of RFC 7518 that are taken and written here. Whatever has no line is refused.</summary>
internal static class JoseAlgorithms
{
    public const string RsaOaep = "RSA-OAEP-256";
    public const string Agreed = "ECDH-ES";
    public const string AgreedWrapped = "ECDH-ES+A256KW";

    /// <summary>How a JWE tells its key to its reader. No passwords, no shared secrets, no PKCS #1.</summary>
    public static readonly IReadOnlyDictionary<string, JweAlgorithm> Encryptions =
        new Dictionary<string, JweAlgorithm>(StringComparer.Ordinal)
        {
            [RsaOaep] = JweAlgorithm.RSA_OAEP_256,
            [Agreed] = JweAlgorithm.ECDH_ES,
            [AgreedWrapped] = JweAlgorithm.ECDH_ES_A256KW,
        };

    /// <summary>How its content is encrypted; both find every change.</summary>
    public static readonly IReadOnlyDictionary<string, JweEncryption> Contents =
        new Dictionary<string, JweEncryption>(StringComparer.Ordinal)
        {
            ["A256GCM"] = JweEncryption.A256GCM,
            ["A128CBC-HS256"] = JweEncryption.A128CBC_HS256,
        };

    /// <summary>How a JWS is signed: with key pairs alone.</summary>
    public static readonly IReadOnlyDictionary<string, JwsAlgorithm> Signatures =
        new Dictionary<string, JwsAlgorithm>(StringComparer.Ordinal)
        {
            ["RS256"] = JwsAlgorithm.RS256,
            ["RS384"] = JwsAlgorithm.RS384,
            ["RS512"] = JwsAlgorithm.RS512,
            ["PS256"] = JwsAlgorithm.PS256,
            ["PS384"] = JwsAlgorithm.PS384,
            ["PS512"] = JwsAlgorithm.PS512,
            ["ES256"] = JwsAlgorithm.ES256,
            ["ES384"] = JwsAlgorithm.ES384,
            ["ES512"] = JwsAlgorithm.ES512,
        };

    /// <summary>Whether an algorithm goes with a curve, or with RSA where that is null.</summary>
    public static bool CurveFits(string algorithm, string? curve) => algorithm switch
    {
        Agreed or AgreedWrapped => curve is not null,
        "ES256" => curve == "P-256",
        "ES384" => curve == "P-384",
        "ES512" => curve == "P-521",
        _ => curve is null,
    };

    /// <summary>What is written with a key whose JWKS leaves the choice.</summary>
    public static string ToEncryptWith(PayloadKey key) =>
        key.Algorithm ?? (key.Curve is null ? RsaOaep : AgreedWrapped);

    /// <summary>What is signed with a key whose JWKS leaves the choice.</summary>
    public static string ToSignWith(PayloadKey key) => key.Algorithm ?? key.Curve switch
    {
        null => "PS256",
        "P-256" => "ES256",
        "P-384" => "ES384",
        _ => "ES512",
    };
}
