using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// A signed statement that a row was the last one at some moment. Kept elsewhere, it shows later that nothing up to
/// there was changed and that the end is not cut off.
/// </summary>
/// <param name="Log">Id of the log.</param>
/// <param name="Sequence">Number of the row.</param>
/// <param name="Hash">Hash of the row.</param>
/// <param name="Time">When it was signed.</param>
public sealed record AuditCheckpoint(string Log, long Sequence, string Hash, string Time)
{
    private const int Version = 1;
    private const string SignatureName = "signature";

    /// <summary>One line: canonical JSON with an ECDSA signature (P-256, SHA-256, r and s) of the rest.</summary>
    public byte[] Sign(ECDsa key)
    {
        JsonObject statement = Statement();
        byte[] signature = key.SignData(CanonicalJson.Encode(statement), HashAlgorithmName.SHA256);
        statement[SignatureName] = Convert.ToBase64String(signature);
        return CanonicalJson.Encode(statement);
    }

    /// <summary>Reads a line; null where it is none or its signature does not hold.</summary>
    public static AuditCheckpoint? Read(string line, ECDsa key)
    {
        try
        {
            if (JsonNode.Parse(line) is not JsonObject stated
                || stated[SignatureName]?.GetValue<string>() is not { } signature
                || stated["v"]?.GetValue<int>() != Version)
            {
                return null;
            }

            AuditCheckpoint read = new(
                stated["log"]!.GetValue<string>(), stated["sequence"]!.GetValue<long>(),
                stated["hash"]!.GetValue<string>(), stated["time"]!.GetValue<string>());
            return key.VerifyData(
                CanonicalJson.Encode(read.Statement()), Convert.FromBase64String(signature), HashAlgorithmName.SHA256)
                ? read : null;
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException
            or NullReferenceException or ArgumentException)
        {
            return null;
        }
    }

    private JsonObject Statement() => new()
    {
        ["v"] = Version,
        ["log"] = Log,
        ["sequence"] = Sequence,
        ["hash"] = Hash,
        ["time"] = Time,
    };
}
