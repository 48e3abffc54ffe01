using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// What encounters are hashed with for a gallery's state. The key is the store's own: it is the same for all
/// partitions, so that the parts of a gallery add up.
/// </summary>
internal sealed class StateKey(byte[] key)
{
    private const int Fixed = 4 + 4 + 16 + 1;

    /// <summary>
    /// HMAC-SHA-256 of an encounter as it stands: lengths of its person's id and its own (4 each), both ids (UTF-8),
    /// the id of its record (16, big-endian), which every change renews, and 1 where it is active. Any thread may ask.
    /// </summary>
    public StateHash Of(string personId, string encounterId, Guid recordId, bool isActive)
    {
        int person = Encoding.UTF8.GetByteCount(personId);
        int encounter = Encoding.UTF8.GetByteCount(encounterId);
        int length = Fixed + person + encounter;
        Span<byte> text = length <= 512 ? stackalloc byte[length] : new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(text, person);
        BinaryPrimitives.WriteInt32LittleEndian(text[4..], encounter);
        Encoding.UTF8.GetBytes(personId, text[8..]);
        Encoding.UTF8.GetBytes(encounterId, text[(8 + person)..]);
        recordId.TryWriteBytes(text[(8 + person + encounter)..], bigEndian: true, out _);
        text[^1] = isActive ? (byte)1 : (byte)0;
        Span<byte> hash = stackalloc byte[StateHash.Bytes];
        HMACSHA256.HashData(key, text, hash);
        return new StateHash(hash);
    }

    public StateHash Of(in SlotFacts facts) => Of(facts.PersonId, facts.EncounterId, facts.RecordId, facts.IsActive);

    public StateHash Of(in SlotColumns columns) =>
        Of(columns.Identity.PersonId, columns.EncounterId, columns.RecordId, columns.IsActive);
}
