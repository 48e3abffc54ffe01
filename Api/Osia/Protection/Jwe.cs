using System.Security.Cryptography;
using Jose;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>What a JWE held.</summary>
/// <param name="Content">The content in clear.</param>
/// <param name="ContentType">What its writer says it is (<c>cty</c>); null where nothing is said.</param>
internal sealed record OpenedJwe(byte[] Content, string? ContentType);

/// <summary>JSON Web Encryption (RFC 7516) in its compact form.</summary>
internal static class Jwe
{
    private const int Parts = 5;

    /// <summary>Characters of a tag of 128 bits, as both algorithms have it.</summary>
    private const int TagCharacters = 22;

    /// <summary>
    /// Opens a JWE with one of our keys. Whatever fails after its header was read is one and the same failure: what
    /// exactly it was would tell somebody who tries changed messages something about the message (RFC 7516, 11.5).
    /// </summary>
    /// <param name="token">The compact form.</param>
    /// <param name="keys">Ours.</param>
    /// <param name="path">Its place in the body.</param>
    public static Parsed<OpenedJwe> Open(string token, OwnKeys keys, string path)
    {
        Parsed<JoseHeader> header = JoseHeader.Read(token, Parts, path);
        if (header.IsFailed)
        {
            return header.Failure;
        }

        Parsed<JweAlgorithm> algorithm = header.Value.OneOf("alg", JoseAlgorithms.Encryptions, path);
        Parsed<JweEncryption> content = header.Value.OneOf("enc", JoseAlgorithms.Contents, path);
        if (algorithm.IsFailed || content.IsFailed)
        {
            return (algorithm.Failure ?? content.Failure)!;
        }

        string name = header.Value.Text("alg")!;
        Parsed<PayloadKey> key = KeyChoice.Of(keys.Opening, header.Value.Text("kid"), name, path);
        if (key.IsFailed)
        {
            return key.Failure;
        }

        if (key.Value.Curve is { } curve && header.Value.EphemeralCurve != curve)
        {
            return JoseHeader.Wrong(
                path, $"epk: found {JoseHeader.Shown(header.Value.EphemeralCurve)}, wanted an EC key of {curve}");
        }

        try
        {
            CheckParts(token.Split('.'), name);
            using AsymmetricAlgorithm opened = key.Value.Open();
            return new OpenedJwe(
                JWT.DecodeBytes(token, opened, algorithm.Value, content.Value), header.Value.Text("cty"));
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            return new Failure(
                FailureCode.NotOpened, $"{path}: it cannot be opened: it was changed, or is for another key");
        }
    }

    /// <summary>
    /// A shorter tag is easier to forge, and a key that nothing is done with could be changed (RFC 7518, 4.6 and 5).
    /// </summary>
    private static void CheckParts(string[] parts, string algorithm)
    {
        if (parts[4].Length != TagCharacters || (algorithm == JoseAlgorithms.Agreed && parts[1].Length > 0))
        {
            throw new CryptographicException("a part has another length than its algorithm gives it");
        }
    }

    /// <summary>Encrypts for the owner of a key.</summary>
    /// <param name="content">In clear.</param>
    /// <param name="key">Whose private part opens it.</param>
    /// <param name="contentType">What the content is; null says nothing.</param>
    public static string Seal(byte[] content, PayloadKey key, string? contentType)
    {
        Dictionary<string, object> header = new() { ["kid"] = key.Kid };
        if (contentType is not null)
        {
            header["cty"] = contentType;
        }

        using AsymmetricAlgorithm opened = key.Open();
        return JWT.EncodeBytes(
            content, opened, JoseAlgorithms.Encryptions[JoseAlgorithms.ToEncryptWith(key)], JweEncryption.A256GCM,
            extraHeaders: header);
    }
}
