using System.Text;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Keys;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// A key of its own, wrapped once for each gallery, so that any of them opens what it seals: galleries (count 1), each
/// name (text), id of its key (16), nonce (12), AES-256-GCM of the key under the gallery's (32, tag 16). The gallery's
/// name and what the key is bound to are authenticated.
/// </summary>
internal static class GalleryWraps
{
    public const int KeyBytes = 32;
    private const int WrappedBytes = KeyBytes + Gcm.TagBytes;
    private const int PartBytes = Gcm.NonceBytes + WrappedBytes;

    /// <summary>Wraps a key with the current key of each gallery.</summary>
    /// <returns>False where a gallery has no key now.</returns>
    public static bool TryWrite(
        FrameWriter writer, KeyRing keys, IReadOnlyList<string> galleries, ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> bound, List<Guid> used)
    {
        writer.Small("number of galleries", galleries.Count, 1, Limits.GalleriesPerEncounter);
        Span<byte> part = stackalloc byte[PartBytes];
        foreach (string gallery in galleries)
        {
            if (keys.Current(gallery) is not { } galleryKey)
            {
                return false;
            }

            keys.Random(part[..Gcm.NonceBytes]);
            Gcm.Seal(galleryKey.Key, part[..Gcm.NonceBytes], key, part[Gcm.NonceBytes..], Bound(bound, gallery));
            writer.Text("gallery", gallery, 1, Limits.IdBytes);
            writer.Guid(galleryKey.Id);
            writer.Raw(part);
            used.Add(galleryKey.Id);
        }

        return true;
    }

    /// <summary>Reads the wraps.</summary>
    /// <param name="reader">Stands at them, and after them then.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="with">The first gallery's key that is here; null where none is.</param>
    /// <param name="part">What that key opens.</param>
    /// <param name="isStale">Whether a newer key of a gallery is here.</param>
    /// <returns>The galleries.</returns>
    public static string[] Read(
        ref FrameReader reader, KeyRing keys, out GalleryKey? with, out ReadOnlySpan<byte> part, out bool isStale)
    {
        int count = reader.Small("number of galleries", 1, Limits.GalleriesPerEncounter);
        string[] galleries = new string[count];
        with = null;
        part = default;
        isStale = false;
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            galleries[i] = reader.Text("gallery", 1, Limits.IdBytes);
            GalleryKey? found = keys.Find(reader.Guid("key id"));
            ReadOnlySpan<byte> wrapped = reader.Raw("wrapped key", PartBytes);
            isStale |= keys.Current(galleries[i]) is { } latest && latest.Id != found?.Id;
            if (with is null && found?.Gallery == galleries[i])
            {
                with = found;
                part = wrapped;
            }
        }

        return galleries;
    }

    /// <summary>Opens the key that was wrapped.</summary>
    public static bool TryOpen(GalleryKey gallery, ReadOnlySpan<byte> part, Span<byte> key, ReadOnlySpan<byte> bound) =>
        Gcm.TryOpen(
            gallery.Key, part[..Gcm.NonceBytes], part[Gcm.NonceBytes..], key, Bound(bound, gallery.Gallery));

    private static byte[] Bound(ReadOnlySpan<byte> ids, string gallery) => [.. ids, .. Encoding.UTF8.GetBytes(gallery)];
}
