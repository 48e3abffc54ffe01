using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Matching.Audit;

/// <summary>A row as it is stored.</summary>
/// <param name="Sequence">The number it is stored under.</param>
/// <param name="Json">Canonical JSON of the row.</param>
/// <param name="Hash">SHA-256 of these bytes, in hexadecimal digits.</param>
public sealed record AuditRow(long Sequence, byte[] Json, string Hash);

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
        byte[] json = CanonicalJson.Encode(entry.RowAt(head.Sequence + 1, head.Hash));
        return new AuditRow(head.Sequence + 1, json, HashOf(json));
    }

    /// <summary>Walks the rows from the first one.</summary>
    /// <param name="log">Id of the log.</param>
    /// <param name="rows">Every stored row in the order of their numbers.</param>
    /// <param name="checkpoints">Checkpoints whose signatures hold.</param>
    public static AuditVerdict Verify(
        string log, IEnumerable<AuditRow> rows, IReadOnlyList<AuditCheckpoint> checkpoints)
    {
        AuditHead head = new(0, log);
        ILookup<long, AuditCheckpoint> signed = checkpoints.ToLookup(checkpoint => checkpoint.Sequence);
        foreach (AuditRow row in rows)
        {
            if ((FaultOf(head, row) ?? FaultOf(row, signed[row.Sequence])) is { } fault)
            {
                return new AuditVerdict(head, fault);
            }

            head = new AuditHead(row.Sequence, row.Hash);
        }

        long last = checkpoints.Select(checkpoint => checkpoint.Sequence).DefaultIfEmpty().Max();
        return new AuditVerdict(head, last <= head.Sequence ? null
            : $"row {head.Sequence + 1} is missing: the log ends with row {head.Sequence}, and a checkpoint names row "
                + $"{last}");
    }

    private static string? FaultOf(AuditHead head, AuditRow row)
    {
        if (row.Sequence != head.Sequence + 1)
        {
            return $"row {head.Sequence + 1} is missing: row {row.Sequence} comes after row {head.Sequence}";
        }

        if (HashOf(row.Json) != row.Hash)
        {
            return $"row {row.Sequence} was changed: its bytes have another hash than the one stored with it";
        }

        if (Read(row.Json) is not { } read)
        {
            return $"row {row.Sequence} is no row: it is no JSON with a sequence and a previous hash";
        }

        return read.Sequence != row.Sequence
            ? $"row {row.Sequence} is a copy of row {read.Sequence}, or changed places with it"
            : read.Previous != head.Hash
                ? $"row {row.Sequence} does not follow row {head.Sequence}: it names another hash of the row before it"
            : null;
    }

    private static string? FaultOf(AuditRow row, IEnumerable<AuditCheckpoint> signed) =>
        signed.Any(checkpoint => checkpoint.Hash != row.Hash)
            ? $"row {row.Sequence} is another row than the one that a checkpoint names"
            : null;

    private static (long Sequence, string Previous)? Read(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject row && row["sequence"] is JsonValue sequence
                && sequence.TryGetValue(out long number) && row["previous"] is JsonValue previous
                && previous.TryGetValue(out string? hash) ? (number, hash!) : null;
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>What a walk along the chain found.</summary>
/// <param name="Head">The last row up to which everything holds.</param>
/// <param name="Fault">What is wrong after it, with the number of the row; null where nothing is.</param>
public sealed record AuditVerdict(AuditHead Head, string? Fault);
