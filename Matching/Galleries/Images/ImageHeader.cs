using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Galleries.Images;

/// <summary>
/// The first 96 bytes of an image, little-endian: "MCGI", version (2), zero (2), the build of the engine that wrote it
/// (16), partition (4), zero (4), epoch of its last owner (8), seal (16), digest of what the store held (24), bytes of
/// the file (8), CRC-32C of all that (4), zero (4).
/// </summary>
/// <remarks>
/// Version 1 lacked the length of the file: an image that was cut off where a block ends looked whole. Images of
/// another version are left aside like those of another build. In an encrypted image, of version 3, sixteen bytes of an
/// HMAC of the header follow it (<see cref="ImageCipher"/>).
/// </remarks>
/// <param name="Partition">Number of the partition.</param>
/// <param name="Epoch">The owner's epoch.</param>
/// <param name="Seal">Named in the store as well, where the image holds all that the store held at its end.</param>
/// <param name="Digest">What the store held when it was written: its encounters and which they were.</param>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="IsEncrypted">Whether what follows is encrypted.</param>
internal readonly record struct ImageHeader(
    int Partition, long Epoch, Guid Seal, PartitionDigest Digest, long Length, bool IsEncrypted = false)
{
    public const int Bytes = 96;

    private const uint Magic = 0x4947434D;
    private const ushort Plain = 2;
    private const ushort Encrypted = 3;
    private const int ChecksumAt = 88;

    /// <summary>
    /// Rows are as the code that wrote them lays them out: only the very same build reads them again. Any other makes
    /// its own from the encounters.
    /// </summary>
    private static readonly Guid Build = typeof(ImageHeader).Module.ModuleVersionId;

    public byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), IsEncrypted ? Encrypted : Plain);
        Build.TryWriteBytes(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), Partition);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), Epoch);
        Seal.TryWriteBytes(bytes.AsSpan(40));
        Digest.Encode().CopyTo(bytes, 56);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(80), Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Crc32C.Of(bytes.AsSpan(0, ChecksumAt), []));
        return bytes;
    }

    /// <summary>The header; null where it is not one of this build or is damaged.</summary>
    public static ImageHeader? Decode(ReadOnlySpan<byte> bytes)
    {
        bool isOurs = bytes.Length >= Bytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) is Plain or Encrypted
            && new Guid(bytes.Slice(8, 16)) == Build
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) == Crc32C.Of(bytes[..ChecksumAt], []);
        return isOurs
            ? new ImageHeader(
                BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
                new Guid(bytes.Slice(40, 16)),
                PartitionDigest.Decode(bytes.Slice(56, PartitionDigest.Bytes))!.Value,
                BinaryPrimitives.ReadInt64LittleEndian(bytes[80..]),
                bytes[4] == Encrypted)
            : null;
    }
}
