using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Frames;

/// <summary>What a frame between two processes carries; the numbers are frozen.</summary>
internal enum FrameKind : byte
{
    SearchBatch = 1,
    PartitionAnswer = 2,
    WriteBatch = 3,
    WriteAck = 4,
    ReadQuery = 5,
    ReadAnswer = 6,
    PartitionStatus = 7,
    JournalMark = 8,
    JournalTail = 9,
}

/// <summary>
/// The 12 bytes before every frame of the seam, little-endian: "MCS", kind (1), version (2), zero (2), body length
/// (4). Each kind has versions of its own; older ones are still read. Integrity is the transport's work; a frame of
/// another kind, version or length is a rejection.
/// </summary>
internal static class FrameHeader
{
    public const int Bytes = 12;

    private const uint Magic = 0x0053434D;
    private const ushort FirstVersion = 1;
    private const int VersionAt = 4;
    private const int ReservedAt = 6;
    private const int LengthAt = 8;

    /// <summary>A writer that begins after the header.</summary>
    public static FrameWriter Begin(int capacity)
    {
        FrameWriter writer = new(capacity + Bytes);
        writer.Skip(Bytes);
        return writer;
    }

    /// <summary>Fills in the header of a frame whose body is complete, and returns the frame.</summary>
    public static byte[] Seal(FrameWriter writer, FrameKind kind, ushort version = FirstVersion)
    {
        byte[] frame = writer.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic | ((uint)kind << 24));
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(VersionAt), version);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(LengthAt), frame.Length - Bytes);
        return frame;
    }

    /// <summary>The version of a frame that <see cref="Check"/> takes.</summary>
    public static int VersionOf(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt16LittleEndian(frame[VersionAt..]);

    /// <summary>
    /// Why these bytes are not a whole frame of that kind and of a version up to the newest, or null where they are.
    /// </summary>
    public static Rejection? Check(ReadOnlySpan<byte> frame, FrameKind kind, ushort newest = FirstVersion)
    {
        if (frame.Length < Bytes)
        {
            return new Rejection(0, $"{frame.Length} bytes", $"at least {Bytes}");
        }

        uint mark = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        uint kindMark = Magic | ((uint)kind << 24);
        if (mark != kindMark)
        {
            return new Rejection(0, $"0x{mark:X8}", $"0x{kindMark:X8}, a frame of kind {kind}");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(frame[VersionAt..]);
        if (version < FirstVersion || version > newest)
        {
            string wanted = newest == FirstVersion ? $"version {newest}" : $"version {FirstVersion} to {newest}";
            return new Rejection(VersionAt, $"frame version {version}", wanted);
        }

        ushort reserved = BinaryPrimitives.ReadUInt16LittleEndian(frame[ReservedAt..]);
        if (reserved != 0)
        {
            return new Rejection(ReservedAt, $"0x{reserved:X4}", "0");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(frame[LengthAt..]);
        return length == frame.Length - Bytes
            ? null
            : new Rejection(LengthAt, $"body length {length}", $"{frame.Length - Bytes}, as many bytes as are here");
    }
}
