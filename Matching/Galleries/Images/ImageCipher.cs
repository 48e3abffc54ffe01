using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Galleries.Images;

/// <summary>
/// Encrypts one image with a key that is derived from the keys of every gallery that has rows in it and from the
/// store's own: where one of them is destroyed, the image can be read by nobody any more.
/// </summary>
/// <remarks>
/// The key is HKDF-SHA-256 of the keys in the order of the list that stands at the begin of the file (salt: 32 random
/// bytes there), so that no two images have the same. Each block is AES-256-GCM with its number as the nonce, and
/// authenticates its number and whether it is the last one: blocks that were changed, reordered or cut off do not
/// open. The header carries an HMAC under a second derived key.
/// </remarks>
internal sealed class ImageCipher
{
    public const int MacBytes = 16;

    private const int SaltBytes = 32;
    private const int CounterBlockBytes = 16;

    // GCM numbers its counter blocks from 1, and the first one masks the tag.
    private const int FirstCounter = 2;

    private readonly byte[] key;
    private readonly byte[] macKey;

    private ImageCipher(byte[] list, IEnumerable<GalleryKey> keys, PartitionId partition)
    {
        List = list;
        byte[] secret = [.. keys.SelectMany(key => key.Key)];
        byte[] derived = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret, 2 * GalleryKey.Bytes, list.AsSpan(0, SaltBytes).ToArray(),
            Encoding.ASCII.GetBytes($"MatchCluster row image of partition {partition.Number}"));
        CryptographicOperations.ZeroMemory(secret);
        (key, macKey) = (derived[..GalleryKey.Bytes], derived[GalleryKey.Bytes..]);
    }

    /// <summary>
    /// What the file begins with: salt (32), count (4), each the gallery (text) and the id of its key (16).
    /// </summary>
    public byte[] List { get; }

    /// <summary>Whether every key of it is the latest of its gallery.</summary>
    public bool IsCurrent { get; private init; } = true;

    /// <summary>A cipher for a new image; null where a gallery has no key now.</summary>
    public static ImageCipher? New(KeyRing ring, IEnumerable<string> galleries, PartitionId partition)
    {
        List<GalleryKey> keys = [];
        FrameWriter writer = new(1024);
        Span<byte> salt = stackalloc byte[SaltBytes];
        ring.Random(salt);
        writer.Raw(salt);
        string[] names = [KeyRing.OwnKey, .. galleries.Order(StringComparer.Ordinal)];
        writer.Int32(names.Length);
        foreach (string name in names)
        {
            if (ring.Current(name) is not { } key)
            {
                return null;
            }

            keys.Add(key);
            writer.Text("gallery", name, 0, Limits.IdBytes);
            writer.Guid(key.Id);
        }

        return new ImageCipher(writer.ToArray(), keys, partition);
    }

    /// <summary>The cipher of an image that begins so; null where a key is gone, or it does not begin so.</summary>
    public static ImageCipher? Of(byte[] list, KeyRing ring, PartitionId partition)
    {
        FrameReader reader = new(list, SaltBytes);
        List<GalleryKey> keys = [];
        bool isCurrent = true;
        int count = list.Length < SaltBytes ? 0 : reader.Count("keys", list.Length);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            string gallery = reader.Text("gallery", 0, Limits.IdBytes);
            if (ring.Find(reader.Guid("key id")) is not { } found || found.Gallery != gallery)
            {
                return null;
            }

            keys.Add(found);
            isCurrent &= ring.Current(gallery)?.Id == found.Id;
        }

        return count > 0 && reader.Rejection is null && reader.At == list.Length
            ? new ImageCipher(list, keys, partition) { IsCurrent = isCurrent } : null;
    }

    /// <summary>What authenticates the header.</summary>
    public byte[] MacOf(ReadOnlySpan<byte> header) => HMACSHA256.HashData(macKey, header)[..MacBytes];

    /// <param name="into">As long as the block and a tag.</param>
    public void Seal(int number, bool isLast, ReadOnlySpan<byte> block, Span<byte> into) =>
        Gcm.Seal(key, NonceOf(number), block, into, Bound(number, isLast));

    /// <summary>Opens a block where it lies; its tag stays after it.</summary>
    /// <returns>Whether it is this block of this image.</returns>
    public bool TryOpen(int number, bool isLast, Span<byte> block) =>
        block.Length >= Gcm.TagBytes
        && Gcm.TryOpen(key, NonceOf(number), block, block[..^Gcm.TagBytes], Bound(number, isLast));

    /// <summary>
    /// Opens some bytes of a block that was opened whole before, by the counters that they were sealed with: nothing is
    /// authenticated here.
    /// </summary>
    /// <param name="number">Number of the block.</param>
    /// <param name="offset">Offset of the bytes in the block.</param>
    /// <param name="bytes">Opened where they lie.</param>
    public void OpenPart(int number, int offset, Span<byte> bytes)
    {
        int first = offset / CounterBlockBytes;
        int blocks = ((offset + bytes.Length + CounterBlockBytes - 1) / CounterBlockBytes) - first;
        byte[] stream = new byte[blocks * CounterBlockBytes];
        byte[] nonce = NonceOf(number);
        for (int i = 0; i < blocks; i++)
        {
            nonce.CopyTo(stream, i * CounterBlockBytes);
            BinaryPrimitives.WriteInt32BigEndian(
                stream.AsSpan((i * CounterBlockBytes) + Gcm.NonceBytes), FirstCounter + first + i);
        }

        using Aes aes = Aes.Create();
        aes.Key = key;
#pragma warning disable CA5358 // The counter mode of GCM is made of it.
        aes.EncryptEcb(stream, stream, PaddingMode.None);
#pragma warning restore CA5358
        int skip = offset % CounterBlockBytes;
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= stream[skip + i];
        }
    }

    private static byte[] NonceOf(int number)
    {
        byte[] nonce = new byte[Gcm.NonceBytes];
        BinaryPrimitives.WriteInt32LittleEndian(nonce, number);
        return nonce;
    }

    private static byte[] Bound(int number, bool isLast)
    {
        byte[] bound = new byte[sizeof(int) + 1];
        BinaryPrimitives.WriteInt32LittleEndian(bound, number);
        bound[sizeof(int)] = (byte)(isLast ? 1 : 0);
        return bound;
    }
}
