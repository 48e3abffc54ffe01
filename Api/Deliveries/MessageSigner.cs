using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Storage;
using Base64Url = System.Buffers.Text.Base64Url;

namespace MatchCluster.Api.Deliveries;

/// <summary>
/// Signs requests with HTTP Message Signatures (RFC 9421, ecdsa-p256-sha256) over the method, the whole address with
/// task and transaction, the content type and the digest of the body (RFC 9530), with the time and a nonce.
/// </summary>
internal sealed class MessageSigner : IDisposable
{
    /// <summary>Name of the private key in a data directory.</summary>
    public const string SigningName = "callbacks.signing.pem";

    /// <summary>Name of the public key in a data directory, for those who verify.</summary>
    public const string PublicName = "callbacks.public.pem";

    public const string SignatureHeader = "Signature";
    public const string InputHeader = "Signature-Input";
    public const string DigestHeader = "Content-Digest";

    /// <summary>Name of our signature among those of a message.</summary>
    public const string Label = "mc";

    /// <summary>What the signature is for, so that it can be taken for no other one by the same key.</summary>
    public const string Tag = "matchcluster-callback";

    private const string Covered = """("@method" "@target-uri" "content-type" "content-digest")""";

    private const int NonceBytes = 16;

    private readonly ECDsa key;

    private MessageSigner(ECDsa key)
    {
        this.key = key;
        KeyId = SigningKeyFile.IdOf(key);
        PublicKey = key.ExportParameters(false);
    }

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo), in hexadecimal digits.</summary>
    public string KeyId { get; }

    public ECParameters PublicKey { get; }

    /// <summary>The key of a data directory, or one that was named; it is made where it is missing.</summary>
    /// <param name="named">File of the private key; null takes that of the directory.</param>
    /// <param name="directory">The data directory; null where there is none.</param>
    /// <returns>Null where there is neither.</returns>
    /// <exception cref="StoreException">The key cannot be used.</exception>
    public static MessageSigner? Open(string? named, string? directory) =>
        named is not null ? new MessageSigner(SigningKeyFile.ReadOrMake(named, SigningKeyFile.PublicOf(named)))
        : directory is not null
            ? new MessageSigner(SigningKeyFile.ReadOrMake(
                Path.Combine(directory, SigningName), Path.Combine(directory, PublicName)))
            : null;

    /// <summary>Adds the digest and the signature to a request that has its address and content type.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body.</param>
    /// <param name="now">The time of this attempt.</param>
    public void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        string digest = DigestOf(body);
        string nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));
        string input =
            $"{Covered};created={now.ToUnixTimeSeconds()};keyid=\"{KeyId}\";alg=\"ecdsa-p256-sha256\""
            + $";nonce=\"{nonce}\";tag=\"{Tag}\"";
        string text = BaseOf(
            request.Method.Method, request.RequestUri!.AbsoluteUri, request.Content!.Headers.ContentType!.ToString(),
            digest, input);
        byte[] signature;

        // A key may sign one thing at a time.
        lock (key)
        {
            signature = key.SignData(
                Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        request.Content.Headers.Add(DigestHeader, digest);
        request.Headers.Add(InputHeader, $"{Label}={input}");
        request.Headers.Add(SignatureHeader, $"{Label}=:{Convert.ToBase64String(signature)}:");
    }

    /// <summary>The digest of a body as its header says it (RFC 9530).</summary>
    public static string DigestOf(ReadOnlySpan<byte> body) =>
        $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:";

    /// <summary>What is signed (RFC 9421, section 2.5).</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">The whole address.</param>
    /// <param name="contentType">The header of this name.</param>
    /// <param name="digest">The header of the digest.</param>
    /// <param name="input">The covered components with their parameters.</param>
    public static string BaseOf(string method, string address, string contentType, string digest, string input) =>
        $"\"@method\": {method}\n\"@target-uri\": {address}\n\"content-type\": {contentType}\n"
        + $"\"content-digest\": {digest}\n\"@signature-params\": {input}";

    public void Dispose() => key.Dispose();
}
