using System.Buffers.Binary;
using System.Diagnostics;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Writes big-endian fields into a record whose exact length is known before the first of them.
/// </summary>
internal ref struct RecordWriter(int length)
{
    private readonly byte[] bytes = new byte[length];
    private int offset;

    public void Bytes(ReadOnlySpan<byte> values)
    {
        values.CopyTo(this.bytes.AsSpan(offset));
        offset += values.Length;
    }

    public void Byte(int value) => this.bytes[offset++] = checked((byte)value);

    public void Word(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(this.bytes.AsSpan(offset), checked((ushort)value));
        offset += 2;
    }

    public void Long(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(this.bytes.AsSpan(offset), value);
        offset += 4;
    }

    /// <summary>The record; it is a bug if its length was foretold wrongly.</summary>
    public readonly byte[] Finish() =>
        offset == this.bytes.Length
            ? this.bytes
            : throw new UnreachableException($"wrote {offset} of {this.bytes.Length} bytes");
}
