using System.Buffers;
using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Bytes;

/// <summary>
/// Writes the fields that <see cref="FrameReader"/> reads. What the reader would reject is an
/// <see cref="ArgumentException"/> here: the engine has admitted the value before, so it is a bug.
/// Messages carry no values, these are personal data.
/// </summary>
internal sealed class FrameWriter(int capacity)
{
    private readonly ArrayBufferWriter<byte> buffer = new(capacity);

    public void Skip(int bytes)
    {
        buffer.GetSpan(bytes)[..bytes].Clear();
        buffer.Advance(bytes);
    }

    public void Byte(byte value) => buffer.Write([value]);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), value);
        buffer.Advance(sizeof(int));
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), value);
        buffer.Advance(sizeof(long));
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(sizeof(double)), value);
        buffer.Advance(sizeof(double));
    }

    public void Count(string field, int value, int max)
    {
        Check(field, "a count", value, 0, max);
        Int32(value);
    }

    public void Guid(Guid value)
    {
        value.TryWriteBytes(buffer.GetSpan(16), bigEndian: true, out int written);
        buffer.Advance(written);
    }

    public void Instant(DateTimeOffset value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), value.UtcTicks);
        buffer.Advance(sizeof(long));
    }

    public void Small(string field, int value, int min, int max)
    {
        Check(field, "a value", value, min, max);
        Byte((byte)value);
    }

    public void Text(string field, string value, int minBytes, int maxBytes)
    {
        byte[] bytes = StrictUtf8.TryEncode(value)
            ?? throw new ArgumentException($"{field} holds half a surrogate pair, wanted well-formed text");
        Check(field, "bytes of UTF-8", bytes.Length, minBytes, maxBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.GetSpan(sizeof(ushort)), (ushort)bytes.Length);
        buffer.Advance(sizeof(ushort));
        buffer.Write(bytes);
    }

    public void Bytes(string field, ReadOnlySpan<byte> value, int minBytes, int maxBytes)
    {
        Check(field, "bytes", value.Length, minBytes, maxBytes);
        Int32(value.Length);
        buffer.Write(value);
    }

    /// <summary>Bytes whose number the reader knows.</summary>
    public void Raw(ReadOnlySpan<byte> value) => buffer.Write(value);

    /// <summary>Words whose number the reader knows.</summary>
    public void Words(ReadOnlySpan<ulong> words)
    {
        Span<byte> bytes = buffer.GetSpan(words.Length * sizeof(ulong));
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * sizeof(ulong))..], words[i]);
        }

        buffer.Advance(words.Length * sizeof(ulong));
    }

    /// <summary>What was written so far. The span is valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();

    /// <summary>Begins a new frame in the same memory.</summary>
    public void Clear() => buffer.ResetWrittenCount();

    private static void Check(string field, string what, int found, int min, int max)
    {
        if (found < min || found > max)
        {
            throw new ArgumentException($"{field}: found {found} as {what}, wanted {min} to {max}");
        }
    }
}
