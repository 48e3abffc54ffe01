using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// A line that somebody answers for: canonical JSON with an ECDSA signature (P-256, SHA-256, r and s) of the rest.
/// </summary>
internal static class SignedStatement
{
    private const string SignatureName = "signature";

    /// <summary>The line of a statement, without its end.</summary>
    public static byte[] Sign(JsonObject statement, ECDsa key)
    {
        byte[] content = CanonicalJson.Encode(statement);

        // A key may sign one thing at a time.
        lock (key)
        {
            statement[SignatureName] = Convert.ToBase64String(key.SignData(content, HashAlgorithmName.SHA256));
        }

        return CanonicalJson.Encode(statement);
    }

    /// <summary>The statement of a line; null where it is none or its signature does not hold.</summary>
    public static JsonObject? Read(string line, ECDsa key)
    {
        try
        {
            if (JsonNode.Parse(line) is not JsonObject stated || stated[SignatureName] is not JsonValue signature)
            {
                return null;
            }

            stated.Remove(SignatureName);
            lock (key)
            {
                return key.VerifyData(
                    CanonicalJson.Encode(stated), Convert.FromBase64String(signature.GetValue<string>()),
                    HashAlgorithmName.SHA256) ? stated : null;
            }
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException
            or ArgumentException)
        {
            return null;
        }
    }
}
