using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Matching.Audit;

/// <summary>A row as it is stored.</summary>
/// <param name="Sequence">The number it is stored under.</param>
/// <param name="Json">Canonical JSON of the row.</param>
/// <param name="Hash">SHA-256 of these bytes, in hexadecimal digits.</param>
public sealed record AuditRow(long Sequence, byte[] Json, string Hash)
{
    /// <summary>Keyed hashes of the persons in it, by which it is found; empty in rows that were read.</summary>
    public IReadOnlyList<string> About { get; init; } = [];
}

/// <summary>The last row of a chain; 0 and the log's id where there is none yet.</summary>
public readonly record struct AuditHead(long Sequence, string Hash);

/// <summary>
/// The chain of an audit log: each row holds the SHA-256 of the one before it, the first one the id of the log.
/// Whoever changes, drops, doubles or moves a row has to change every later one too, and those that a signed
/// checkpoint names cannot be changed unseen.
/// </summary>
public static class AuditChain
{
    /// <summary>SHA-256 of a row's bytes, in hexadecimal digits.</summary>
    public static string HashOf(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json));

    /// <summary>The row of an entry, after another one.</summary>
    public static AuditRow After(AuditHead head, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new AuditDraft(entry).After(head);
    }

    /// <summary>The rows of some entries, one after the other.</summary>
    internal static List<AuditRow> After(AuditHead head, IReadOnlyList<AuditDraft> drafts)
    {
        List<AuditRow> rows = new(drafts.Count);
        foreach (AuditDraft draft in drafts)
        {
            AuditRow row = draft.After(head);
            rows.Add(row);
            head = new AuditHead(row.Sequence, row.Hash);
        }

        return rows;
    }

    /// <summary>Walks the rows from the first one.</summary>
    /// <param name="log">Id of the log.</param>
    /// <param name="rows">Every stored row in the order of their numbers.</param>
    /// <param name="checkpoints">Checkpoints whose signatures hold.</param>
    public static AuditVerdict Verify(
        string log, IEnumerable<AuditRow> rows, IReadOnlyList<AuditCheckpoint> checkpoints)
    {
        ArgumentNullException.ThrowIfNull(rows);
        AuditWalk walk = new(log, checkpoints);
        foreach (AuditRow row in rows)
        {
            if (!walk.Step(row))
            {
                break;
            }
        }

        return walk.End();
    }

    /// <summary>The fault of a log that was cut off.</summary>
    internal static string Missing(long last, string why) =>
        $"row {last + 1} is missing: the log ends with row {last}, and {why}";

    /// <summary>The members of a row; null where the bytes are none.</summary>
    internal static JsonObject? Parse(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
