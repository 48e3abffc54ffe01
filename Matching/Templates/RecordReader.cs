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
    private ForgivenTally? forgiven;
    private uint declared;
    private int declaredAt;

    /// <summary>Offset of the next byte.</summary>
    public int Offset { get; private set; }

    public readonly int Length => this.bytes.Length;

    public readonly int Remaining => this.bytes.Length - Offset;

    public Rejection? Rejection { get; private set; }

    public readonly bool Failed => Rejection is not null;

    /// <summary>Keeps the first rejection.</summary>
    public void Reject(int offset, string found, string wanted) =>
        Rejection ??= new Rejection(offset, found, wanted);

    /// <summary>Reads on, and has the answer say so.</summary>
    public void Forgive(ForgivenKind kind, int offset, long value)
    {
        if (!Failed)
        {
            (forgiven ??= new ForgivenTally()).Add(kind, offset, value);
        }
    }

    /// <summary>The 32-bit number at an offset, without moving; null where the record ends before it does.</summary>
    public readonly uint? LongAt(long offset) =>
        offset >= 0 && offset <= Length - sizeof(uint)
            ? BinaryPrimitives.ReadUInt32BigEndian(this.bytes[(int)offset..]) : null;

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

    /// <summary>
    /// The quality of a finger: 0..100, or null for 254 (not computed) and 255 (computing failed). The codes between
    /// are reserved, and some devices write them: they are none too.
    /// </summary>
    public int? Quality()
    {
        byte value = Byte("finger quality");
        if (value is > 100 and < 254)
        {
            Forgive(ForgivenKind.FingerQuality, Offset - 1, value);
        }

        return value > 100 ? null : value;
    }

    /// <summary>
    /// The finger of a view. The codes of several fingers together (13 to 15 plain, 40 to 50 two and three of a hand)
    /// do not say which one it is.
    /// </summary>
    public BiometricPosition Finger()
    {
        byte code = Byte("finger position code");
        if (code is (>= 13 and <= 15) or (>= 40 and <= 50))
        {
            Forgive(ForgivenKind.FingerPosition, Offset - 1, code);
            return BiometricPosition.UnknownFinger;
        }

        return BiometricPosition.OfFinger(Within(code, 1, 0, 10, "finger position code"));
    }

    /// <summary>Pixels per cm. A record in dots per inch (500) would be compared at the wrong size.</summary>
    public ushort Resolution(string field) => WordIn(1, Limits.PixelsPerCm, field);

    /// <summary>Format identifier and version, four characters each.</summary>
    public void Magic(ReadOnlySpan<byte> wanted)
    {
        ReadOnlySpan<byte> found = Take(wanted.Length, "format identifier and version");
        if (!Failed && !found.SequenceEqual(wanted))
        {
            Reject(0, Printable(found), Printable(wanted));
        }
    }

    /// <summary>
    /// The length that a record declares for itself. It bounds nothing: a record is what its fields take of the bytes
    /// that were given.
    /// </summary>
    public void Declares(uint length, int at)
    {
        declared = length;
        declaredAt = at;
    }

    /// <summary>Whether the record declares to end here, after the last of the bytes that were given.</summary>
    public readonly bool DeclaresToEndAt(long offset) => declared == offset;

    /// <summary>The record, or the rejection. What follows the last view is a buffer's rest.</summary>
    public Decoded<FingerRecord> Finish(TemplateFormat format, IReadOnlyList<FingerView> views)
    {
        if (Rejection is { } rejection)
        {
            return rejection;
        }

        if (declared != (uint)Offset && declared != (uint)Length)
        {
            Forgive(ForgivenKind.DeclaredLength, declaredAt, declared);
        }

        if (Remaining > 0)
        {
            Forgive(ForgivenKind.BytesAfterLastView, Offset, Remaining);
        }

        return new FingerRecord(format, views) { Forgiven = forgiven?.Kinds ?? [] };
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
