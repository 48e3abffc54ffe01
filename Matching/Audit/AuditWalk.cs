using System.Text.Json.Nodes;

namespace MatchCluster.Matching.Audit;

/// <summary>A walk along a chain from its first row, which ends at the first row that is not as it was.</summary>
internal sealed class AuditWalk(string log, IReadOnlyList<AuditCheckpoint> checkpoints)
{
    private readonly ILookup<long, AuditCheckpoint> signed = checkpoints.ToLookup(checkpoint => checkpoint.Sequence);
    private AuditHead head = new(0, log);
    private string? found;

    /// <summary>Looks at the next row.</summary>
    /// <returns>False where it is at fault.</returns>
    public bool Step(AuditRow row)
    {
        found = FaultOf(head, row) ?? FaultOf(row, signed[row.Sequence]);
        head = found is null ? new AuditHead(row.Sequence, row.Hash) : head;
        return found is null;
    }

    /// <summary>What was found, where no row follows or one is at fault.</summary>
    public AuditVerdict End()
    {
        long last = checkpoints.Select(checkpoint => checkpoint.Sequence).DefaultIfEmpty().Max();
        return new AuditVerdict(head, found ?? (last <= head.Sequence ? null
            : AuditChain.Missing(head.Sequence, $"a checkpoint names row {last}")));
    }

    private static string? FaultOf(AuditHead head, AuditRow row)
    {
        if (row.Sequence != head.Sequence + 1)
        {
            return $"row {head.Sequence + 1} is missing: row {row.Sequence} comes after row {head.Sequence}";
        }

        if (AuditChain.HashOf(row.Json) != row.Hash)
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

    private static (long Sequence, string Previous)? Read(byte[] json) =>
        AuditChain.Parse(json) is { } row && row["sequence"] is JsonValue sequence
        && sequence.TryGetValue(out long number) && row["previous"] is JsonValue previous
        && previous.TryGetValue(out string? hash) ? (number, hash) : null;
}

/// <summary>What a walk along the chain found.</summary>
/// <param name="Head">The last row up to which everything holds.</param>
/// <param name="Fault">What is wrong after it, with the number of the row; null where nothing is.</param>
public sealed record AuditVerdict(AuditHead Head, string? Fault);
