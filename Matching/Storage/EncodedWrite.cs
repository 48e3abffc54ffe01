using MatchCluster.Matching.Feeds;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// A <see cref="StoreWrite"/> as the bytes that are kept, made on the caller's thread before it queues, so
/// that a commit only copies.
/// </summary>
/// <param name="PersonId">UTF-8.</param>
/// <param name="EncounterId">UTF-8.</param>
/// <param name="Record">The frame of the encounter, sealed where the store has keys, or null for a delete.</param>
/// <param name="Pictures">The sealed pictures of the encounter; null for none: what is there goes then.</param>
internal readonly record struct EncodedWrite(
    byte[] PersonId, byte[] EncounterId, byte[]? Record, byte[]? Pictures = null)
{
    /// <summary>What it is in the change logs.</summary>
    public IReadOnlyList<FeedEntry> Changes { get; init; } = [];

    public long Bytes => PersonId.Length + EncounterId.Length + (Record?.Length ?? 0) + (Pictures?.Length ?? 0);

    /// <summary>Encodes every write before the first one is applied.</summary>
    /// <exception cref="ArgumentException">One breaks a limit or is filed under another key than its
    /// own.</exception>
    public static EncodedWrite[] Of(IReadOnlyList<StoreWrite> writes)
    {
        EncodedWrite[] encoded = new EncodedWrite[writes.Count];
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] = Of(writes[i], null, []);
        }

        return encoded;
    }

    internal static EncodedWrite Of(StoreWrite write, RecordSeal? seal, List<Guid> keys)
    {
        byte[] person = StoreArguments.Key(write.PersonId);
        byte[] id = StoreArguments.Key(write.EncounterId);
        if (write.Encounter is not { } encounter)
        {
            return new EncodedWrite(person, id, null) { Changes = write.Changes };
        }

        if (encounter.PersonId != write.PersonId || encounter.EncounterId != write.EncounterId)
        {
            throw new ArgumentException("an encounter is filed under another key than its own");
        }

        byte[] frame = EncounterCodec.Encode(encounter);
        byte[]? record = seal is null ? frame : seal.Seal(encounter, frame, keys);
        if (encounter.Pictures.Count == 0)
        {
            return new EncodedWrite(person, id, record) { Changes = write.Changes };
        }

        // Where the key of a gallery is gone its records are too: a put is a delete then.
        byte[]? pictures = seal is null ? throw new ArgumentException("pictures and no keys to seal them with")
            : PictureSeal.Seal(seal.Keys, encounter, keys);
        return new EncodedWrite(person, id, pictures is null ? null : record, pictures) { Changes = write.Changes };
    }
}
