using System.Buffers.Binary;
using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Reads big-endian fields in order. The first thing that is wrong is kept as the rejection; from then on
/// every read gives the lowest allowed value (0 for counts) without moving, so that a decoder reads like its
/// standard's table and asks once, at the end or before it builds something. Names of fields are constants:
/// nothing is formatted unless it fails.
/// </summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Offset of the next byte.</summary>
    public int Offset { get; private set; }

    public readonly int Length => this.bytes.Length;

    public readonly int Remaining => this.bytes.Length - Offset;

    public Rejection? Rejection { get; private set; }

    public readonly bool Failed => Rejection is not null;

    /// <summary>Keeps the first rejection.</summary>
    public void Reject(int offset, string found, string wanted) =>
        Rejection ??= new Rejection(offset, found, wanted);

    /// <summary>The next bytes, or an empty span where the record ends before them.</summary>
    public ReadOnlySpan<byte> Take(int count, string field)
    {
        if (Failed)
        {
            return [];
        }

        if (count > Remaining)
        {
            Reject(Offset, $"{Remaining} bytes up to the end", $"{count} bytes of {field}");
            return [];
        }

        Offset += count;
        return this.bytes.Slice(Offset - count, count);
    }

    public void Skip(int count, string field) => Take(count, field);

    public byte Byte(string field) => Take(1, field) is [byte value] ? value : (byte)0;

    public ushort Word(string field) =>
        Take(2, field) is { Length: 2 } span ? BinaryPrimitives.ReadUInt16BigEndian(span) : (ushort)0;

    public uint Long(string field) =>
        Take(4, field) is { Length: 4 } span ? BinaryPrimitives.ReadUInt32BigEndian(span) : 0;

    /// <summary>A byte that must lie in a range.</summary>
    public byte ByteIn(byte lowest, byte highest, string field)
    {
        byte value = Byte(field);
        return (byte)Within(value, 1, lowest, highest, field);
    }

    /// <summary>A 16-bit word that must lie in a range.</summary>
    public ushort WordIn(ushort lowest, ushort highest, string field)
    {
        ushort value = Word(field);
        return (ushort)Within(value, 2, lowest, highest, field);
    }

    /// <summary>A quality byte: 0..100, or null for 254 (not computed) and 255 (computing failed).</summary>
    public int? Quality(string field)
    {
        byte value = Byte(field);
        if (value is 254 or 255)
        {
            return null;
        }

        if (value > 100)
        {
            Reject(Offset - 1, $"{field} {value}", "0..100, 254 or 255");
            return null;
        }

        return value;
    }

    /// <summary>Format identifier and version, four characters each.</summary>
    public void Magic(ReadOnlySpan<byte> wanted)
    {
        ReadOnlySpan<byte> found = Take(wanted.Length, "format identifier and version");
        if (!Failed && !found.SequenceEqual(wanted))
        {
            Reject(0, Printable(found), Printable(wanted));
        }
    }

    /// <summary>The length a record declares for itself must be the length it has.</summary>
    public void Declares(uint length, int at)
    {
        if (!Failed && length != (uint)Length)
        {
            Reject(at, $"a declared length of {length} bytes", $"{Length}, as many as were given");
        }
    }

    /// <summary>The record, or the rejection; nothing may follow the last view.</summary>
    public Decoded<FingerRecord> Finish(TemplateFormat format, IReadOnlyList<FingerView> views)
    {
        if (!Failed && Remaining > 0)
        {
            Reject(Offset, $"{Remaining} bytes after the last view", "the end of the record");
        }

        return Rejection is { } rejection ? rejection : new FingerRecord(format, views);
    }

    private int Within(int value, int size, int lowest, int highest, string field)
    {
        if (!Failed && (value < lowest || value > highest))
        {
            Reject(Offset - size, $"{field} {value}", $"{lowest}..{highest}");
        }

        return Failed ? lowest : value;
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new("'");
        foreach (byte b in bytes)
        {
            text.Append(b is >= 0x20 and < 0x7f ? ((char)b).ToString() : $"\\x{b:x2}");
        }

        return text.Append('\'').ToString();
    }
}
