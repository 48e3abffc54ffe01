using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tasks;

/// <summary>
/// The bytes that a task keeps: requests, results, notes, parts. Version 1 is plain: the version, then the bytes.
/// Version 2 is sealed: the version; id of the store's own key (16, RFC 9562 order); nonce (12); AES-256-GCM with the
/// tag at its end (16), which authenticates the task and what of it this is. No bytes are no bytes.
/// </summary>
/// <remarks>
/// The store's own key and no gallery's: a request may name several galleries or none. It is erased when it is done.
/// </remarks>
/// <param name="keys">The keys; null keeps everything in the clear.</param>
/// <param name="where">The file or server, for the operator.</param>
public sealed class TaskCodec(KeyRing? keys, string where)
{
    public const byte PlainVersion = 1;
    public const byte SealedVersion = 2;

    private const int GuidBytes = 16;
    private const int HeadBytes = 1 + GuidBytes + Gcm.NonceBytes;

    /// <summary>The bytes as they are kept.</summary>
    /// <param name="task">The task.</param>
    /// <param name="what">What of the task this is.</param>
    /// <param name="plain">The bytes.</param>
    /// <exception cref="StoreException">The store's key cannot be had.</exception>
    public byte[] Encode(string task, string what, ReadOnlySpan<byte> plain)
    {
        if (plain.IsEmpty)
        {
            return [];
        }

        if (keys is null)
        {
            return [PlainVersion, .. plain];
        }

        GalleryKey key = keys.Current(KeyRing.OwnKey)
            ?? throw new StoreException(new Outage("the key of the store is missing", MayRetry: true), where);
        byte[] kept = new byte[HeadBytes + plain.Length + Gcm.TagBytes];
        kept[0] = SealedVersion;
        key.Id.TryWriteBytes(kept.AsSpan(1, GuidBytes), bigEndian: true, out _);
        Span<byte> nonce = kept.AsSpan(1 + GuidBytes, Gcm.NonceBytes);
        keys.Random(nonce);
        Gcm.Seal(key.Key, nonce, plain, kept.AsSpan(HeadBytes), Bound(task, what));
        return kept;
    }

    /// <summary>The bytes as they were given.</summary>
    /// <exception cref="StoreException">They were changed or moved, or are sealed and no key is here.</exception>
    public byte[] Decode(string task, string what, ReadOnlySpan<byte> kept)
    {
        if (kept.IsEmpty)
        {
            return [];
        }

        if (kept[0] == PlainVersion)
        {
            return kept[1..].ToArray();
        }

        if (kept[0] != SealedVersion || kept.Length < HeadBytes + Gcm.TagBytes)
        {
            throw new StoreException(
                $"{where}: found the {what} of a task in version {kept[0]}, wanted {PlainVersion} or {SealedVersion}");
        }

        if (keys is null)
        {
            throw new StoreException(
                new Outage("tasks are encrypted, and this server has no master key", MayRetry: true), where);
        }

        Guid id = new(kept.Slice(1, GuidBytes), bigEndian: true);
        GalleryKey key = keys.Find(id) ?? throw new StoreException(
            $"{where}: found the {what} of a task under key {id}, which this store does not have");
        byte[] plain = new byte[kept.Length - HeadBytes - Gcm.TagBytes];
        return Gcm.TryOpen(
            key.Key, kept.Slice(1 + GuidBytes, Gcm.NonceBytes), kept[HeadBytes..], plain, Bound(task, what))
            ? plain
            : throw new StoreException(
                $"{where}: found the {what} of a task that was changed or moved, wanted it as it was sealed");
    }

    private static byte[] Bound(string task, string what)
    {
        FrameWriter writer = new(2 * Limits.IdBytes);
        writer.Text("task", task, 1, Limits.IdBytes);
        writer.Text("what", what, 1, Limits.IdBytes);
        return writer.ToArray();
    }
}
