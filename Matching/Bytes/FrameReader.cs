using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Bytes;

/// <summary>
/// Reads the fields of a frame from hostile bytes. The first thing that is wrong is kept as the rejection and
/// every later read returns an empty value, so that a decoder reads straight on and asks once at its end.
/// Nothing is allocated before its length has been held against its limit and against the bytes that are
/// there.
/// </summary>
/// <param name="frame">The whole frame.</param>
/// <param name="start">Offset of the first field.</param>
internal ref struct FrameReader(ReadOnlySpan<byte> frame, int start)
{
    private readonly ReadOnlySpan<byte> frame = frame;

    /// <summary>Offset of the next field.</summary>
    public int At { get; private set; } = start;

    public Rejection? Rejection { get; private set; }

    public byte Byte(string field) => Take(field, 1) is [byte value] ? value : (byte)0;

    public int Int32(string field)
    {
        ReadOnlySpan<byte> bytes = Take(field, sizeof(int));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public long Int64(string field)
    {
        ReadOnlySpan<byte> bytes = Take(field, sizeof(long));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public double Double(string field)
    {
        ReadOnlySpan<byte> bytes = Take(field, sizeof(double));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    /// <summary>A count in four bytes, held against its limit and against the bytes that are left.</summary>
    public int Count(string field, int max)
    {
        int at = At;
        int value = Int32(field);
        if (Rejection is null && (value < 0 || value > max || value > frame.Length - At))
        {
            Reject(at, $"{value} {field}", $"0 to {max}, each of at least a byte");
        }

        return Rejection is null ? value : 0;
    }

    public Guid Guid(string field)
    {
        ReadOnlySpan<byte> bytes = Take(field, 16);
        return bytes.IsEmpty ? default : new Guid(bytes, bigEndian: true);
    }

    /// <summary>An instant: 100 ns ticks since 0001-01-01T00:00:00Z.</summary>
    public DateTimeOffset Instant(string field)
    {
        int at = At;
        ReadOnlySpan<byte> bytes = Take(field, sizeof(long));
        long ticks = bytes.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (ticks >= 0 && ticks <= DateTime.MaxValue.Ticks)
        {
            return new DateTimeOffset(ticks, TimeSpan.Zero);
        }

        Reject(at, $"{field} {ticks}", $"ticks 0 to {DateTime.MaxValue.Ticks}");
        return default;
    }

    /// <summary>One byte inside a range.</summary>
    public int Small(string field, int min, int max)
    {
        int at = At;
        int value = Byte(field);
        if (Rejection is null && (value < min || value > max))
        {
            Reject(at, $"{field} {value}", $"{min} to {max}");
            return 0;
        }

        return value;
    }

    /// <summary>Length in two bytes, then UTF-8.</summary>
    public string Text(string field, int minBytes, int maxBytes)
    {
        int at = At;
        ReadOnlySpan<byte> length = Take(field, sizeof(ushort));
        ReadOnlySpan<byte> bytes = length.IsEmpty
            ? []
            : Bounded(field, at, BinaryPrimitives.ReadUInt16LittleEndian(length), minBytes, maxBytes);
        if (StrictUtf8.TryDecode(bytes) is { } text)
        {
            return text;
        }

        Reject(at + sizeof(ushort), $"{field} that is not UTF-8", "UTF-8");
        return "";
    }

    /// <summary>Length in four bytes, then as many bytes, copied.</summary>
    public byte[] Bytes(string field, int minBytes, int maxBytes) => View(field, minBytes, maxBytes).ToArray();

    /// <summary>
    /// Length in four bytes, then as many bytes, not copied: the span ends before <see cref="At"/>.
    /// </summary>
    public ReadOnlySpan<byte> View(string field, int minBytes, int maxBytes)
    {
        int at = At;
        ReadOnlySpan<byte> length = Take(field, sizeof(uint));
        ReadOnlySpan<byte> bytes = length.IsEmpty
            ? []
            : Bounded(field, at, BinaryPrimitives.ReadUInt32LittleEndian(length), minBytes, maxBytes);
        return bytes;
    }

    /// <summary>Exactly <paramref name="count"/> bytes, not copied; empty where they are not there.</summary>
    public ReadOnlySpan<byte> Raw(string field, int count) => Take(field, count);

    /// <summary>Exactly <paramref name="count"/> 64-bit words, copied.</summary>
    public ulong[] Words(string field, int count)
    {
        ulong[] words = new ulong[count];
        ReadOnlySpan<byte> bytes = Take(field, count * sizeof(ulong));
        for (int i = 0; i < bytes.Length / sizeof(ulong); i++)
        {
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        }

        return words;
    }

    /// <summary>Keeps the first rejection.</summary>
    public void Reject(int offset, string found, string wanted) =>
        Rejection ??= new Rejection(offset, found, wanted);

    /// <summary>Every byte of the frame must have been read.</summary>
    public void End()
    {
        if (At < frame.Length)
        {
            Reject(At, $"{frame.Length - At} more bytes", "the end of the record");
        }
    }

    private ReadOnlySpan<byte> Bounded(string field, int at, long length, int min, int max)
    {
        if (length >= min && length <= max)
        {
            return Take(field, (int)length);
        }

        Reject(at, $"{field} of {length} bytes", $"{min} to {max} bytes");
        return [];
    }

    private ReadOnlySpan<byte> Take(string field, int length)
    {
        int left = frame.Length - At;
        if (Rejection is not null || left < length)
        {
            Reject(At, $"{left} bytes left", $"{length} bytes of {field}");
            return [];
        }

        ReadOnlySpan<byte> taken = frame.Slice(At, length);
        At += length;
        return taken;
    }
}
