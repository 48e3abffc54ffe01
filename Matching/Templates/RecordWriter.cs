using System.Buffers.Binary;
using System.Diagnostics;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Writes big-endian fields into a record whose exact length is known before the first of them.
/// </summary>
internal ref struct RecordWriter(int length)
{
    private readonly byte[] _bytes = new byte[length];
    private int _offset;

    public void Bytes(ReadOnlySpan<byte> values)
    {
        values.CopyTo(_bytes.AsSpan(_offset));
        _offset += values.Length;
    }

    public void Byte(int value) => _bytes[_offset++] = checked((byte)value);

    public void Word(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_offset), checked((ushort)value));
        _offset += 2;
    }

    public void Long(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_offset), value);
        _offset += 4;
    }

    /// <summary>The record; it is a bug if its length was foretold wrongly.</summary>
    public readonly byte[] Finish() =>
        _offset == _bytes.Length
            ? _bytes
            : throw new UnreachableException($"wrote {_offset} of {_bytes.Length} bytes");
}
