using System.Security.Cryptography;
using System.Text;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// Makes the creation of an encounter repeatable: ids that the server chooses follow from the operation, its path and
/// the transaction, so that a repeated call finds what it made, at any front end and after any restart; and
/// the encounter keeps digests of the call and of what it brought.
/// </summary>
internal static class Transactions
{
    /// <summary>An operation of a partner: transactions are each partner's own.</summary>
    public static string ScopeOf(string operation, HttpContext http) =>
        http.Use().Partner is { Length: > 0 } partner ? $"{operation} {partner}" : operation;

    /// <summary>An id that a repeated call gets again.</summary>
    /// <param name="what">Which id is wanted.</param>
    /// <param name="scope">The operation, its path and the transaction.</param>
    public static string IdOf(string what, params string[] scope) => Digest([what, .. scope]).ToString();

    /// <summary>The encounter with the call it came by.</summary>
    public static Encounter Signed(Encounter encounter, string operation, string transaction)
    {
        Encounter content = encounter with
        {
            RecordId = Guid.Empty,
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,

            // Whether they are kept may change between a call and its repetition; what was made of them does not.
            // Nothing was made of an opaque item: it is what was sent.
            Pictures = [.. encounter.Pictures.Where(one => one.IsOpaque)],
        };
        return encounter with
        {
            Origin = new Origin(
                Digest([operation, transaction, encounter.PersonId, encounter.EncounterId]),
                OfHash(SHA256.HashData(EncounterCodec.Encode(content)))),
        };
    }

    /// <summary>Lengths stand before the texts, so that no two lists have the same bytes.</summary>
    private static Guid Digest(IEnumerable<string> parts) => OfHash(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(parts.Select(part => $"{part.Length}:{part}")))));

    /// <summary>A UUID of version 8 (RFC 9562): the first bits of a hash.</summary>
    private static Guid OfHash(byte[] hash)
    {
        Span<byte> bytes = hash.AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
