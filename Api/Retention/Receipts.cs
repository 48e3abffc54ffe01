using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jose;
using MatchCluster.Matching.Storage;
using Base64Url = System.Buffers.Text.Base64Url;

namespace MatchCluster.Api.Retention;

/// <summary>
/// Signs receipts of deletions and verifies them: JSON Web Signatures (RFC 7515) in their compact form, ES256.
/// </summary>
internal sealed class Receipts : IDisposable
{
    /// <summary>Name of the private key in a data directory.</summary>
    public const string SigningName = "receipts.signing.pem";

    /// <summary>Name of the public key in a data directory, for those who verify.</summary>
    public const string PublicName = "receipts.public.pem";

    private const string Type = "mc-receipt";

    private const int Parts = 3;

    private readonly ECDsa key;
    private readonly Dictionary<string, object> header;

    private Receipts(ECDsa key)
    {
        this.key = key;
        header = new Dictionary<string, object> { ["typ"] = Type, ["kid"] = SigningKeyFile.IdOf(key) };
    }

    /// <summary>Receipts of a data directory, or with a key that was named; it is made where it is missing.</summary>
    /// <param name="named">File of the private key; null takes that of the directory.</param>
    /// <param name="directory">The data directory; null where there is none.</param>
    /// <returns>Null where there is neither: then there are no receipts.</returns>
    /// <exception cref="StoreException">The key cannot be used.</exception>
    public static Receipts? Open(string? named, string? directory) =>
        named is not null ? new Receipts(SigningKeyFile.ReadOrMake(named, SigningKeyFile.PublicOf(named)))
        : directory is not null && Directory.Exists(directory)
            ? new Receipts(SigningKeyFile.ReadOrMake(
                Path.Combine(directory, SigningName), Path.Combine(directory, PublicName)))
            : null;

    /// <summary>The signed receipt of a statement.</summary>
    public string Sign(JsonObject statement)
    {
        byte[] content = Encoding.UTF8.GetBytes(statement.ToJsonString());

        // A key may sign one thing at a time.
        lock (key)
        {
            return JWT.EncodeBytes(content, key, JwsAlgorithm.ES256, header);
        }
    }

    /// <summary>What a receipt states; null where it is none, or not one that this key signed.</summary>
    /// <param name="receipt">The compact form.</param>
    /// <param name="publicKey">The key of the installation.</param>
    public static JsonObject? Verify(string receipt, ECDsa publicKey)
    {
        try
        {
            string[] parts = receipt.Split('.');
            return parts.Length == Parts && parts.All(IsCanonical)
                && JsonNode.Parse(Base64Url.DecodeFromChars(parts[0])) is JsonObject head
                && (string?)head["typ"] == Type
                && JsonNode.Parse(JWT.DecodeBytes(receipt, publicKey, JwsAlgorithm.ES256)) is JsonObject statement
                    ? statement : null;
        }
        catch (Exception other) when (other is JoseException or JsonException or FormatException
            or ArgumentException or InvalidOperationException or CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => key.Dispose();

    /// <summary>One text for each value: bits that a reader would pass over are refused.</summary>
    private static bool IsCanonical(string part) =>
        Base64Url.EncodeToString(Base64Url.DecodeFromChars(part)) == part;
}
