using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// What a partition holds, in 24 bytes: how many records, and the marks of all of them put together in a way that
/// does not depend on their order. The store brings it forward with every append, in the append's own transaction; a
/// load computes it again from what it read. Where the two differ, records are missing, came back, or are
/// older ones.
/// </summary>
/// <param name="Encounters">Number of records.</param>
/// <param name="Marks">The marks of the records, combined by exclusive or.</param>
public readonly record struct PartitionDigest(long Encounters, UInt128 Marks)
{
    internal const int Bytes = 24;

    /// <summary>The digest with one more record.</summary>
    public PartitionDigest With(UInt128 mark) => new(Encounters + 1, Marks ^ mark);

    /// <summary>The digest without a record that was there.</summary>
    public PartitionDigest Without(UInt128 mark) => new(Encounters - 1, Marks ^ mark);

    internal byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Encounters);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(8), Marks);
        return bytes;
    }

    /// <summary>Null where these bytes are no digest.</summary>
    internal static PartitionDigest? Decode(ReadOnlySpan<byte> bytes) => bytes.Length == Bytes
        ? new PartitionDigest(
            BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt128LittleEndian(bytes[8..]))
        : null;
}

/// <summary>
/// The mark of one record: of its key and of the head of its frame, which carries the length and the checksum of the
/// rest. A body that was damaged is found by that checksum when the record is decoded.
/// </summary>
internal static class RecordMark
{
    /// <param name="personId">UTF-8.</param>
    /// <param name="encounterId">UTF-8.</param>
    /// <param name="record">The frame; only its head is looked at.</param>
    public static UInt128 Of(ReadOnlySpan<byte> personId, ReadOnlySpan<byte> encounterId, ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> head = record[..Math.Min(record.Length, EncounterFrame.HeaderBytes)];
        byte[] text = new byte[8 + personId.Length + encounterId.Length + head.Length];
        BinaryPrimitives.WriteInt32LittleEndian(text, personId.Length);
        BinaryPrimitives.WriteInt32LittleEndian(text.AsSpan(4), encounterId.Length);
        personId.CopyTo(text.AsSpan(8));
        encounterId.CopyTo(text.AsSpan(8 + personId.Length));
        head.CopyTo(text.AsSpan(8 + personId.Length + encounterId.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
