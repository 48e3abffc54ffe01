using System.Security.Cryptography;
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

    /// <summary>One line, signed.</summary>
    public byte[] Sign(ECDsa key) => SignedStatement.Sign(
        new JsonObject
        {
            ["v"] = Version,
            ["log"] = Log,
            ["sequence"] = Sequence,
            ["hash"] = Hash,
            ["time"] = Time,
        },
        key);

    /// <summary>Reads a line; null where it is none or its signature does not hold.</summary>
    public static AuditCheckpoint? Read(string line, ECDsa key)
    {
        if (SignedStatement.Read(line, key) is not { } stated)
        {
            return null;
        }

        try
        {
            return stated.Count == 5 && stated["v"]?.GetValue<int>() == Version
                ? new AuditCheckpoint(
                    stated["log"]!.GetValue<string>(), stated["sequence"]!.GetValue<long>(),
                    stated["hash"]!.GetValue<string>(), stated["time"]!.GetValue<string>())
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidOperationException
            or NullReferenceException)
        {
            return null;
        }
    }
}
