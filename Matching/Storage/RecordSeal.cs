using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// Seals records for the store and opens them again. A sealed record is a frame of version 3 round the whole frame of
/// any other version, which is encrypted with a key of its own; that key is wrapped once for each gallery of the
/// encounter, so that any gallery opens it, and none is needed for another.
/// </summary>
/// <remarks>
/// After the header of <see cref="EncounterFrame"/>: person id, encounter id (text); record id (16, RFC 9562 order);
/// the record's key for each gallery (<see cref="GalleryWraps"/>); then AES-256-GCM of the inner frame under the
/// record's key (length 4; tag 16 at its end).
/// A gallery's part authenticates the gallery's name, the ids and the record id; the last part authenticates everything
/// between the header and itself. The record's key seals one text only, so that its nonce is zero.
/// </remarks>
public sealed class RecordSeal
{
    private const int MostBytes = 64 << 20;
    private static readonly byte[] ZeroNonce = new byte[Gcm.NonceBytes];

    /// <param name="keys">Keys of the galleries.</param>
    public RecordSeal(KeyRing keys) => Keys = keys;

    /// <summary>Keys of the galleries.</summary>
    public KeyRing Keys { get; }

    /// <summary>Seals the frame of an encounter with the current key of each of its galleries.</summary>
    /// <param name="encounter">The encounter.</param>
    /// <param name="frame">Its frame, as <see cref="EncounterCodec"/> writes it.</param>
    /// <param name="used">Gets the ids of the keys.</param>
    /// <returns>The sealed frame; null where a gallery has no key now.</returns>
    internal byte[]? Seal(Encounter encounter, ReadOnlySpan<byte> frame, List<Guid> used)
    {
        FrameWriter writer = new(frame.Length + 512);
        writer.Skip(EncounterFrame.HeaderBytes);
        writer.Text("person id", encounter.PersonId, 1, Limits.IdBytes);
        writer.Text("encounter id", encounter.EncounterId, 1, Limits.IdBytes);
        writer.Guid(encounter.RecordId);
        byte[] bound = writer.Written[EncounterFrame.HeaderBytes..].ToArray();
        Span<byte> key = stackalloc byte[GalleryWraps.KeyBytes];
        Keys.Random(key);
        if (!GalleryWraps.TryWrite(writer, Keys, encounter.Galleries, key, bound, used))
        {
            return null;
        }

        byte[] content = new byte[frame.Length + Gcm.TagBytes];
        Gcm.Seal(key, ZeroNonce, frame, content, writer.Written[EncounterFrame.HeaderBytes..]);
        key.Clear();
        writer.Bytes("sealed record", content, 1, MostBytes);
        return EncounterFrame.Seal(writer.ToArray(), EncounterFrame.SealedVersion);
    }

    /// <summary>Opens a stored record of any version. Never throws.</summary>
    internal OpenedRecord Open(ReadOnlySpan<byte> record)
    {
        if (EncounterFrame.Check(record, takesSealed: true) is { } wrong)
        {
            return new OpenedRecord(wrong, IsStale: false);
        }

        if (EncounterFrame.VersionOf(record) != EncounterFrame.SealedVersion)
        {
            return new OpenedRecord(EncounterCodec.Decode(record), IsStale: true);
        }

        FrameReader reader = new(record, EncounterFrame.HeaderBytes);
        string person = reader.Text("person id", 1, Limits.IdBytes);
        string id = reader.Text("encounter id", 1, Limits.IdBytes);
        Guid version = reader.Guid("record id");
        ReadOnlySpan<byte> bound = record[EncounterFrame.HeaderBytes..reader.At];
        string[] galleries = GalleryWraps.Read(
            ref reader, Keys, out GalleryKey? with, out ReadOnlySpan<byte> part, out bool isStale);
        int end = reader.At;
        ReadOnlySpan<byte> content = reader.View("sealed record", Gcm.TagBytes, MostBytes);
        reader.End();
        if (reader.Rejection is { } rejection)
        {
            return new OpenedRecord(rejection, IsStale: false);
        }

        return with is null
            ? new OpenedRecord(
                new Rejection(-1, "a sealed record of no gallery that has a key", "one of a gallery that exists"),
                IsStale: false, LacksKey: true)
            : new OpenedRecord(
                Decode(
                    with, part, bound, record[EncounterFrame.HeaderBytes..end], content,
                    (person, id, version), galleries),
                isStale);
    }

    private static Decoded<Encounter> Decode(
        GalleryKey gallery, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> head,
        ReadOnlySpan<byte> content, (string Person, string Id, Guid Version) named, string[] galleries)
    {
        Span<byte> key = stackalloc byte[GalleryWraps.KeyBytes];
        byte[] frame = new byte[content.Length - Gcm.TagBytes];
        bool isWhole =
            GalleryWraps.TryOpen(gallery, wrapped, key, bound)
            && Gcm.TryOpen(key, ZeroNonce, content, frame, head);
        key.Clear();
        if (!isWhole)
        {
            return new Rejection(-1, "a sealed record that was changed or moved", "the record as it was sealed");
        }

        Decoded<Encounter> inner = EncounterCodec.Decode(frame);
        return inner.Value is { } found && ((found.PersonId, found.EncounterId, found.RecordId) != named
            || !found.Galleries.SequenceEqual(galleries, StringComparer.Ordinal))
            ? new Rejection(-1, "the record of another encounter", "the encounter that is named before it")
            : inner;
    }

    /// <summary>
    /// Whether every key is still its gallery's latest: a record that waited for its commit asks again, so that nothing
    /// is stored with a key that a deletion or a rotation is about to destroy.
    /// </summary>
    internal bool MaySeal(IReadOnlyList<Guid> keys) =>
        keys.All(id => Keys.Find(id) is { } key && Keys.Current(key.Gallery)?.Id == id);
}

/// <param name="Content">The encounter, or why there is none.</param>
/// <param name="IsStale">Whether it is plain, or sealed with a key that is no gallery's latest.</param>
/// <param name="LacksKey">Whether no key is here that opens it.</param>
internal readonly record struct OpenedRecord(Decoded<Encounter> Content, bool IsStale, bool LacksKey = false);
