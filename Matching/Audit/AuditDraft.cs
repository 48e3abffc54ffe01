using System.Globalization;
using System.Text;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// An entry whose canonical bytes are made once, by its caller: only its number and the hash of the row before it are
/// put in when its place in the chain is known, and again where another front end took that place.
/// </summary>
internal sealed class AuditDraft
{
    private static readonly byte[] NoPrevious = "\"previous\":\"\""u8.ToArray();
    private static readonly byte[] NoSequence = "\"sequence\":0"u8.ToArray();

    private readonly byte[] json;
    private readonly int previousAt;
    private readonly int sequenceAt;
    private readonly string[] about;

    public AuditDraft(AuditEntry entry)
    {
        json = CanonicalJson.Encode(entry.RowAt(0, ""));

        // Quotes inside of a text are escaped, so that nothing but the members themselves reads like this.
        previousAt = json.AsSpan().IndexOf(NoPrevious) + NoPrevious.Length - 1;
        sequenceAt = json.AsSpan().IndexOf(NoSequence) + NoSequence.Length - 1;
        about = [.. entry.Persons.Concat(entry.Candidates).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The row at its place in the chain.</summary>
    public AuditRow After(AuditHead head)
    {
        byte[] number = Encoding.ASCII.GetBytes((head.Sequence + 1).ToString(CultureInfo.InvariantCulture));
        byte[] row =
        [
            .. json.AsSpan(0, previousAt), .. Encoding.ASCII.GetBytes(head.Hash),
            .. json.AsSpan(previousAt, sequenceAt - previousAt), .. number, .. json.AsSpan(sequenceAt + 1),
        ];
        return new AuditRow(head.Sequence + 1, row, AuditChain.HashOf(row)) { About = about };
    }
}
