using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// Reads a stored record back. One filed under another key than its own is rejected: the engine would take it
/// for a template of a wrong person.
/// </summary>
internal static class StoredRecord
{
    public static StoredEncounter Read(
        string personId, string encounterId, ReadOnlySpan<byte> record, RecordSeal? seal = null)
    {
        OpenedRecord opened = seal?.Open(record) ?? new OpenedRecord(EncounterCodec.Decode(record), IsStale: false);
        Decoded<Encounter> content = opened.Content;
        if (content.Value is { } found && (found.PersonId != personId || found.EncounterId != encounterId))
        {
            content = new Rejection(-1, "the record of another encounter", "the encounter it is filed under");
        }

        return new StoredEncounter(personId, encounterId, content)
        {
            IsStale = opened.IsStale,
            LacksKey = opened.LacksKey,
        };
    }

    /// <summary>
    /// Reads a stored record whose key may be damaged too: the key is then shown as far as it can be read.
    /// </summary>
    public static StoredEncounter Read(
        byte[] personId, byte[] encounterId, ReadOnlySpan<byte> record, RecordSeal? seal = null) =>
        ReadContent(personId, encounterId, record, seal) with { Mark = RecordMark.Of(personId, encounterId, record) };

    private static StoredEncounter ReadContent(
        byte[] personId, byte[] encounterId, ReadOnlySpan<byte> record, RecordSeal? seal)
    {
        if (StrictUtf8.TryDecode(personId) is { } person && StrictUtf8.TryDecode(encounterId) is { } id)
        {
            return Read(person, id, record, seal);
        }

        Rejection damaged = new(-1, "a key that is not UTF-8", "UTF-8");
        return new StoredEncounter(
            Encoding.UTF8.GetString(personId), Encoding.UTF8.GetString(encounterId), damaged);
    }
}
