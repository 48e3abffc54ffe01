using System.Buffers.Text;
using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Records;

/// <summary>
/// One logical record of ANSI/NIST-ITL 1 with tagged fields: <c>17.001:LEN</c>, then fields between group separators,
/// the last one up to the file separator. The data of a picture (field 999) is the last field and may hold any bytes.
/// </summary>
internal sealed class TaggedRecord
{
    /// <summary>Fields of a record; the standard's largest type has some hundred.</summary>
    public const int MostFields = 512;

    private const int LengthField = 1;
    private const int DataField = 999;
    private const byte FileSeparator = 0x1C;
    private const byte GroupSeparator = 0x1D;
    private const char UnitSeparator = '\u001F';

    /// <summary>Characters of a field that is a number or a word.</summary>
    private const int MostText = 1024;

    private readonly Dictionary<int, ReadOnlyMemory<byte>> fields = [];

    private TaggedRecord(int length) => Length = length;

    /// <summary>Bytes of the record, its last separator included.</summary>
    public int Length { get; }

    /// <summary>Whether bytes begin with the length field of a record of a type.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes, int type) =>
        TagOf(bytes, out int found, out int field, out _) && found == type && field == LengthField;

    /// <summary>The record that begins the bytes, or the first thing that is wrong.</summary>
    /// <param name="bytes">The record, and what may follow it.</param>
    /// <param name="type">Its type.</param>
    /// <param name="at">Where the bytes begin in what was sent, for the rejection.</param>
    public static Decoded<TaggedRecord> Read(ReadOnlyMemory<byte> bytes, int type, int at)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        if (!TagOf(span, out _, out _, out int start)
            || !Utf8Parser.TryParse(span[start..], out int length, out int digits)
            || start + digits >= span.Length || span[start + digits] != GroupSeparator)
        {
            return new Rejection(at, "no length of a record", $"{type}.001, a number and a group separator");
        }

        if (length <= start + digits || length > bytes.Length || span[length - 1] != FileSeparator)
        {
            return new Rejection(
                at + start, $"a record of {length} bytes of which {bytes.Length} are there",
                "the length up to its file separator");
        }

        TaggedRecord record = new(length);
        int next = start + digits + 1;
        while (next < length)
        {
            if (!TagOf(span[next..length], out int found, out int field, out int value) || found != type)
            {
                return new Rejection(at + next, "no tag of a field", $"{type}.number: before its value");
            }

            next += value;
            int end = field == DataField ? -1 : span[next..(length - 1)].IndexOf(GroupSeparator);
            int stop = end < 0 ? length - 1 : next + end;
            if (record.fields.Count >= MostFields || !record.fields.TryAdd(field, bytes[next..stop]))
            {
                return new Rejection(
                    at + next, $"field {type}.{field:000} twice, or more than {MostFields} fields", "each field once");
            }

            next = stop + 1;
        }

        return record;
    }

    /// <summary>The bytes of a field; empty where it is missing.</summary>
    public ReadOnlyMemory<byte> Bytes(int field) => this.fields.GetValueOrDefault(field);

    /// <summary>The text of a field; null where it is missing, empty or too long to be one.</summary>
    public string? Text(int field) => this.fields.TryGetValue(field, out ReadOnlyMemory<byte> value)
        && value.Length is > 0 and <= MostText ? Encoding.Latin1.GetString(value.Span).Trim() : null;

    /// <summary>The number of a field, or of one of its information items; null where there is none.</summary>
    public int? Number(int field, int item = 0)
    {
        string[] items = Text(field)?.Split(UnitSeparator) ?? [];
        return item < items.Length
            && int.TryParse(items[item], System.Globalization.NumberStyles.None, null, out int number) ? number : null;
    }

    /// <summary>Reads "type.field:"; the value begins at <paramref name="value"/>.</summary>
    private static bool TagOf(ReadOnlySpan<byte> bytes, out int type, out int field, out int value)
    {
        (type, field, value) = (0, 0, 0);
        int dot = bytes[..Math.Min(bytes.Length, 4)].IndexOf((byte)'.');
        int colon = bytes[..Math.Min(bytes.Length, 14)].IndexOf((byte)':');
        value = colon + 1;
        return dot > 0 && colon > dot + 1
            && Number(bytes[..dot], out type) && Number(bytes[(dot + 1)..colon], out field);
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int number) =>
        Utf8Parser.TryParse(digits, out number, out int used) && used == digits.Length
        && char.IsAsciiDigit((char)digits[0]);
}
