using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The header of an encounter record, 16 bytes, little-endian: "MCEN", version (2), zero (2), body length
/// (4), CRC-32C of the twelve bytes before it and of the body (4). The checksum makes a torn or flipped
/// record a rejection instead of a template that matches nobody.
/// </summary>
internal static class EncounterFrame
{
    public const int HeaderBytes = 16;

    private const uint Magic = 0x4E45434D;

    /// <summary>The version of a sealed record (<see cref="RecordSeal"/>).</summary>
    public const int SealedVersion = 3;

    /// <summary>The newest version of a record in the clear.</summary>
    public const int NewestPlain = 6;

    private const int VersionAt = 4;
    private const int ReservedAt = 6;
    private const int LengthAt = 8;
    private const int ChecksumAt = 12;

    /// <summary>Fills in the header of a frame whose body is complete, and returns the frame.</summary>
    public static byte[] Seal(byte[] frame, int version)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(VersionAt), (ushort)version);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(LengthAt), frame.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(ChecksumAt), Checksum(frame));
        return frame;
    }

    /// <summary>The version of a frame that was checked.</summary>
    public static int VersionOf(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt16LittleEndian(frame[VersionAt..]);

    /// <summary>Why these bytes are not an intact record, or null where they are.</summary>
    /// <param name="frame">The bytes.</param>
    /// <param name="takesSealed">Whether a sealed record is taken too.</param>
    public static Rejection? Check(ReadOnlySpan<byte> frame, bool takesSealed = false)
    {
        if (frame.Length < HeaderBytes)
        {
            return new Rejection(0, $"{frame.Length} bytes", $"at least {HeaderBytes}");
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        if (magic != Magic)
        {
            return new Rejection(0, $"0x{magic:X8}", $"0x{Magic:X8}, the mark of an encounter record");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(frame[VersionAt..]);
        if (version == SealedVersion && !takesSealed)
        {
            return new Rejection(VersionAt, "a sealed record", "a plain one, or the master key that opens it");
        }

        if (version is 0 or > NewestPlain)
        {
            return new Rejection(VersionAt, $"record version {version}", $"version 1, 2, 4, 5 or {NewestPlain}");
        }

        ushort reserved = BinaryPrimitives.ReadUInt16LittleEndian(frame[ReservedAt..]);
        if (reserved != 0)
        {
            return new Rejection(ReservedAt, $"0x{reserved:X4}", "0");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(frame[LengthAt..]);
        int body = frame.Length - HeaderBytes;
        if (length != body)
        {
            return new Rejection(LengthAt, $"body length {length}", $"{body}, as many bytes as are here");
        }

        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(frame[ChecksumAt..]);
        uint actual = Checksum(frame);
        return stated == actual
            ? null
            : new Rejection(ChecksumAt, $"checksum 0x{stated:X8}", $"0x{actual:X8}, that of these bytes");
    }

    private static uint Checksum(ReadOnlySpan<byte> frame) =>
        Crc32C.Of(frame[..ChecksumAt], frame[HeaderBytes..]);
}
