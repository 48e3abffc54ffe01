using System.Buffers.Binary;
using System.Text;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Keys;

/// <summary>
/// A gallery's key as the store keeps it, 104 bytes, little-endian: "MCGK", version (2), state (1), zero (1), number
/// (4), key id (16, RFC 9562 order), id of the master key (8), created (8: 100 ns ticks since 0001-01-01Z), nonce (12),
/// and AES-256-GCM of the key under the master key (32, tag 16). What stands before the nonce and the gallery's name
/// are authenticated with it: an entry that was moved to another gallery does not open.
/// </summary>
internal static class KeyCodec
{
    public const int EntryBytes = NonceAt + Gcm.NonceBytes + GalleryKey.Bytes + Gcm.TagBytes;

    private const uint Magic = 0x4B47434D;
    private const ushort Version = 1;
    private const int MasterAt = 28;
    private const int NonceAt = 44;

    public static WrappedKey Wrap(GalleryKey key, MasterKey master, FillRandom random)
    {
        FrameWriter writer = new(EntryBytes);
        writer.Int32(unchecked((int)Magic));
        writer.Byte((byte)Version);
        writer.Byte(0);
        writer.Byte((byte)key.State);
        writer.Byte(0);
        writer.Int32(key.Number);
        writer.Guid(key.Id);
        writer.Skip(MasterKey.IdBytes);
        writer.Instant(key.Created);
        byte[] entry = new byte[EntryBytes];
        writer.Written.CopyTo(entry);
        Convert.FromHexString(master.Id).CopyTo(entry.AsSpan(MasterAt));
        Span<byte> nonce = entry.AsSpan(NonceAt, Gcm.NonceBytes);
        random(nonce);
        Gcm.Seal(
            master.Key, nonce, key.Key, entry.AsSpan(NonceAt + Gcm.NonceBytes), Bound(entry, key.Gallery));
        return new WrappedKey(key.Gallery, key.Number, entry);
    }

    /// <summary>The id of the master key that an entry was wrapped with; null where the bytes are no entry.</summary>
    public static string? MasterOf(WrappedKey wrapped) => IsEntry(wrapped.Entry)
        ? Convert.ToHexStringLower(wrapped.Entry.AsSpan(MasterAt, MasterKey.IdBytes)) : null;

    /// <summary>The key in an entry, or why there is none. Never throws.</summary>
    public static Decoded<GalleryKey> Unwrap(WrappedKey wrapped, MasterKey master)
    {
        byte[] entry = wrapped.Entry;
        if (!IsEntry(entry))
        {
            return new Rejection(0, $"{entry.Length} bytes that are no key's entry", $"an entry of {EntryBytes} bytes");
        }

        if (MasterOf(wrapped) is { } other && other != master.Id)
        {
            return new Rejection(MasterAt, $"a key wrapped with master key {other}", $"master key {master.Id}");
        }

        FrameReader reader = new(entry, 8);
        int number = reader.Int32("number");
        Guid id = reader.Guid("key id");
        reader.Int64("master");
        DateTimeOffset created = reader.Instant("created");
        byte[] key = new byte[GalleryKey.Bytes];
        bool isWhole = Gcm.TryOpen(
            master.Key, entry.AsSpan(NonceAt, Gcm.NonceBytes), entry.AsSpan(NonceAt + Gcm.NonceBytes), key,
            Bound(entry, wrapped.Gallery));
        return reader.Rejection is { } wrong ? wrong
            : isWhole && number == wrapped.Number
                ? new GalleryKey(wrapped.Gallery, number, id, (KeyState)entry[6], created, key)
                : new Rejection(-1, "a key's entry that was changed or moved", "the entry as it was wrapped");
    }

    private static bool IsEntry(byte[] entry) => entry.Length == EntryBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(entry) == Magic
        && BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(4)) == Version
        && Enum.IsDefined((KeyState)entry[6]) && entry[7] == 0;

    private static byte[] Bound(byte[] entry, string gallery) =>
        [.. entry.AsSpan(0, NonceAt), .. Encoding.UTF8.GetBytes(gallery)];
}

/// <summary>Fills with random bytes; the system's generator everywhere but in tests.</summary>
internal delegate void FillRandom(Span<byte> into);
