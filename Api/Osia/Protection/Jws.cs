using System.Security.Cryptography;
using Jose;
using MatchCluster.Api.Http.Failures;
using Base64Url = System.Buffers.Text.Base64Url;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>JSON Web Signature (RFC 7515) in its compact form, of a short text: a hash.</summary>
internal static class Jws
{
    private const int Parts = 3;

    /// <summary>Characters of a signature at most, with its header.</summary>
    private const int MostCharacters = 16 * 1024;

    /// <summary>The failure of a signature, or null where it is one of these keys of one of these contents.</summary>
    /// <param name="token">The compact form, with its content or without (detached).</param>
    /// <param name="contents">What may have been signed.</param>
    /// <param name="keys">The keys of the one who must have signed.</param>
    /// <param name="path">Its place in the body.</param>
    public static Failure? Check(
        string token, IReadOnlyList<byte[]> contents, IReadOnlyList<PayloadKey> keys, string path)
    {
        if (token.Length > MostCharacters)
        {
            return JoseHeader.Wrong(path, $"found {token.Length} characters, wanted at most {MostCharacters}");
        }

        Parsed<JoseHeader> header = JoseHeader.Read(token, Parts, path);
        if (header.IsFailed)
        {
            return header.Failure;
        }

        Parsed<JwsAlgorithm> algorithm = header.Value.OneOf("alg", JoseAlgorithms.Signatures, path);
        if (algorithm.IsFailed)
        {
            return algorithm.Failure;
        }

        Parsed<PayloadKey> key = KeyChoice.Of(keys, header.Value.Text("kid"), header.Value.Text("alg")!, path);
        return key.IsFailed ? key.Failure
            : contents.Any(content => IsSigned(token, content, key.Value, algorithm.Value)) ? null
            : new Failure(
                FailureCode.SignatureRefused, $"{path}: the signature is not that of this hash by this key");
    }

    /// <summary>Signs with one of our keys.</summary>
    /// <param name="content">What is signed.</param>
    /// <param name="key">Ours.</param>
    /// <param name="isDetached">Whether the content is left out of the compact form.</param>
    /// <param name="contentType">What the content is; null says nothing.</param>
    public static string Sign(byte[] content, PayloadKey key, bool isDetached, string? contentType)
    {
        Dictionary<string, object> header = new() { ["kid"] = key.Kid };
        if (contentType is not null)
        {
            header["cty"] = contentType;
        }

        using AsymmetricAlgorithm opened = key.Open();
        return JWT.EncodeBytes(
            content, opened, JoseAlgorithms.Signatures[JoseAlgorithms.ToSignWith(key)], header,
            options: new JwtOptions { DetachPayload = isDetached });
    }

    private static bool IsSigned(string token, byte[] content, PayloadKey key, JwsAlgorithm algorithm)
    {
        string[] parts = token.Split('.');
        string encoded = Base64Url.EncodeToString(content);
        if (parts[1].Length > 0 && parts[1] != encoded)
        {
            return false;
        }

        try
        {
            using AsymmetricAlgorithm opened = key.Open();
            JWT.DecodeBytes($"{parts[0]}.{encoded}.{parts[2]}", opened, algorithm);
            return true;
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            return false;
        }
    }
}
