using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// Seals the pictures of an encounter for the store, which keeps them beside its record, and opens them again. They are
/// never stored in the clear.
/// </summary>
/// <remarks>
/// Version (1); record id (16, RFC 9562 order); the key of these pictures for each gallery
/// (<see cref="GalleryWraps"/>); pictures (count 1), each AES-256-GCM of its bytes under that key (length 4, bytes;
/// tag 16 at the end). The wraps authenticate person, encounter and record id; every picture authenticates these,
/// everything before the pictures, its number and the samples that were extracted from it. The number is the
/// nonce: no key seals two texts under one number. Version 2 is version 1 with opaque items among the pictures, and
/// written only then: for one of them its type (text) stands where a picture has its samples.
/// </remarks>
internal static class PictureSeal
{
    private const byte Version = 1;
    private const byte WithOpaque = 2;

    /// <summary>Seals the pictures with the current key of each of the encounter's galleries.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="encounter">The encounter, with the bytes of its pictures.</param>
    /// <param name="used">Gets the ids of the keys.</param>
    /// <returns>The sealed pictures; null where a gallery has no key now.</returns>
    /// <exception cref="ArgumentException">The bytes of a picture are not here.</exception>
    public static byte[]? Seal(KeyRing keys, Encounter encounter, List<Guid> used)
    {
        if (!encounter.Pictures.All(picture => picture.Content.Length == picture.Length))
        {
            throw new ArgumentException("the bytes of a picture were not read, wanted all of an encounter's pictures");
        }

        FrameWriter writer = new(1024 + (int)encounter.PictureBytes + (64 * encounter.Pictures.Count));
        writer.Byte(VersionOf(encounter));
        writer.Guid(encounter.RecordId);
        byte[] bound = Bound(encounter);
        Span<byte> key = stackalloc byte[GalleryWraps.KeyBytes];
        keys.Random(key);
        if (!GalleryWraps.TryWrite(writer, keys, encounter.Galleries, key, bound, used))
        {
            return null;
        }

        bound = [.. bound, .. writer.Written];
        writer.Small("number of pictures", encounter.Pictures.Count, 1, Limits.SamplesPerEncounter);
        Span<byte> nonce = stackalloc byte[Gcm.NonceBytes];
        for (int i = 0; i < encounter.Pictures.Count; i++)
        {
            Picture picture = encounter.Pictures[i];
            byte[] content = new byte[picture.Length + Gcm.TagBytes];
            nonce[0] = (byte)i;
            Gcm.Seal(key, nonce, picture.Content.Span, content, Bound(bound, i, picture));
            writer.Bytes("picture", content, Gcm.TagBytes + 1, Limits.PictureBytes + Gcm.TagBytes);
        }

        key.Clear();
        return writer.ToArray();
    }

    /// <summary>The encounter with the bytes of its pictures, or why they are not those of this record. Never throws.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="encounter">The encounter, as its record was read.</param>
    /// <param name="bytes">What is stored beside the record; null where nothing is.</param>
    public static Decoded<Encounter> Open(KeyRing? keys, Encounter encounter, byte[]? bytes)
    {
        if (encounter.Pictures.Count == 0)
        {
            return encounter;
        }

        if (bytes is null || keys is null)
        {
            return new Rejection(
                -1, bytes is null ? "no pictures beside a record that names some" : "sealed pictures and no master key",
                "the pictures that the record names");
        }

        FrameReader reader = new(bytes, 0);
        int version = reader.Small("version", Version, WithOpaque);
        Guid record = reader.Guid("record id");
        GalleryWraps.Read(ref reader, keys, out GalleryKey? with, out ReadOnlySpan<byte> part, out _);
        int head = reader.At;
        int count = reader.Small("number of pictures", 1, Limits.SamplesPerEncounter);
        if (reader.Rejection is { } broken)
        {
            return broken;
        }

        if (with is null || version != VersionOf(encounter) || record != encounter.RecordId
            || count != encounter.Pictures.Count)
        {
            return with is null
                ? new Rejection(-1, "pictures of no gallery that has a key", "those of a gallery that exists")
                : Changed;
        }

        byte[] bound = Bound(encounter);
        byte[] key = new byte[GalleryWraps.KeyBytes];
        if (!GalleryWraps.TryOpen(with, part, key, bound))
        {
            return Changed;
        }

        Decoded<Encounter> opened = Open(encounter, ref reader, key, [.. bound, .. bytes.AsSpan(0, head)]);
        Array.Clear(key);
        return opened;
    }

    private static Rejection Changed { get; } =
        new(-1, "pictures that were changed or moved, or are of another record", "the pictures that the record names");

    private static Decoded<Encounter> Open(
        Encounter encounter, ref FrameReader reader, byte[] key, byte[] bound)
    {
        Picture[] read = new Picture[encounter.Pictures.Count];
        Span<byte> nonce = stackalloc byte[Gcm.NonceBytes];
        for (int i = 0; i < read.Length; i++)
        {
            Picture picture = encounter.Pictures[i];
            ReadOnlySpan<byte> content = reader.View(
                "picture", Gcm.TagBytes + 1, Limits.PictureBytes + Gcm.TagBytes);
            byte[] plain = new byte[reader.Rejection is null ? picture.Length : 0];
            nonce[0] = (byte)i;
            if (reader.Rejection is not null || !Gcm.TryOpen(key, nonce, content, plain, Bound(bound, i, picture)))
            {
                return reader.Rejection ?? Changed;
            }

            read[i] = picture with { Content = plain };
            if (!read[i].IsWhole)
            {
                return Changed;
            }
        }

        reader.End();
        return reader.Rejection is { } rest ? rest : encounter with { Pictures = read };
    }

    private static byte[] Bound(Encounter encounter)
    {
        FrameWriter writer = new(3 * Limits.IdBytes);
        writer.Text("what", "pictures", 1, Limits.IdBytes);
        writer.Text("person id", encounter.PersonId, 1, Limits.IdBytes);
        writer.Text("encounter id", encounter.EncounterId, 1, Limits.IdBytes);
        writer.Guid(encounter.RecordId);
        return writer.ToArray();
    }

    private static byte VersionOf(Encounter encounter) =>
        encounter.Pictures.Any(one => one.IsOpaque) ? WithOpaque : Version;

    private static byte[] Bound(byte[] head, int number, Picture picture)
    {
        if (picture.OpaqueType is not { } type)
        {
            return [.. head, (byte)number, .. picture.Samples.Select(sample => (byte)sample)];
        }

        FrameWriter writer = new(Limits.IdBytes);
        writer.Text("type", type, 1, Limits.IdBytes);
        return [.. head, (byte)number, .. writer.Written];
    }
}
