using System.Buffers.Binary;

namespace MatchCluster.Matching.Images.Tiff;

/// <summary>
/// The first directory of a TIFF or of Exif data, entry by entry, read within the bytes that are there. What an entry
/// does not have is its default.
/// </summary>
internal sealed class TiffDirectory
{
    /// <summary>No picture has so many tags.</summary>
    private const int MostEntries = 1_000;
    private const int EntryBytes = 12;

    private readonly Dictionary<int, Entry> entries = [];
    private readonly ReadOnlyMemory<byte> file;
    private readonly bool isBigEndian;

    private TiffDirectory(ReadOnlyMemory<byte> file, bool isBigEndian)
    {
        this.file = file;
        this.isBigEndian = isBigEndian;
    }

    /// <summary>Whether another directory follows: another page, or a smaller picture of this one.</summary>
    public bool HasNext { get; private set; }

    public bool IsBigEndian => this.isBigEndian;

    /// <summary>The directory; null where the bytes have none.</summary>
    public static TiffDirectory? Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < 8 || bytes[0] != bytes[1] || bytes[0] is not ((byte)'I' or (byte)'M'))
        {
            return null;
        }

        TiffDirectory directory = new(file, bytes[0] == 'M');
        long at = directory.Int(bytes[4..]);
        if (directory.Word(bytes[2..]) != 42 || at < 8 || at + 2 > bytes.Length)
        {
            return null;
        }

        int count = directory.Word(bytes[(int)at..]);
        long end = at + 2 + (count * (long)EntryBytes);
        if (count is 0 or > MostEntries || end > bytes.Length)
        {
            return null;
        }

        for (int i = 0; i < count; i++)
        {
            int entry = (int)at + 2 + (i * EntryBytes);
            directory.entries.TryAdd(
                directory.Word(bytes[entry..]),
                new Entry(directory.Word(bytes[(entry + 2)..]), directory.Int(bytes[(entry + 4)..]), entry + 8));
        }

        directory.HasNext = end + 4 <= bytes.Length && directory.Int(bytes[(int)end..]) != 0;
        return directory;
    }

    public bool Has(int tag) => this.entries.ContainsKey(tag);

    /// <summary>How many values a tag has; 0 where it is not there.</summary>
    public long Count(int tag) => this.entries.TryGetValue(tag, out Entry entry) ? entry.Count : 0;

    /// <summary>The first value of a tag, or the default where it has none within the file.</summary>
    public long Number(int tag, long otherwise) =>
        this.entries.TryGetValue(tag, out Entry entry) && Value(entry, 0) is { } value ? value : otherwise;

    /// <summary>All values of a tag of at most so many; null where one lies outside the file.</summary>
    public long[]? Numbers(int tag, int most)
    {
        if (!this.entries.TryGetValue(tag, out Entry entry) || entry.Count > most)
        {
            return null;
        }

        long[] values = new long[entry.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (Value(entry, i) is not { } value)
            {
                return null;
            }

            values[i] = value;
        }

        return values;
    }

    /// <summary>A fraction; 0 where it is none.</summary>
    public double Fraction(int tag)
    {
        if (!this.entries.TryGetValue(tag, out Entry entry) || entry.Type is not (5 or 10))
        {
            return Number(tag, 0);
        }

        long at = Int(this.file.Span[entry.At..]);
        if (at + 8 > this.file.Length)
        {
            return 0;
        }

        long below = Int(this.file.Span[(int)(at + 4)..]);
        return below == 0 ? 0 : Int(this.file.Span[(int)at..]) / (double)below;
    }

    private long? Value(Entry entry, int index)
    {
        int size = entry.Type switch
        {
            1 or 6 or 7 => 1,
            3 or 8 => 2,
            4 or 9 => 4,
            _ => 0,
        };
        if (size == 0 || index >= entry.Count)
        {
            return null;
        }

        long start = entry.Count * size <= 4 ? entry.At : Int(this.file.Span[entry.At..]);
        long at = start + ((long)index * size);
        if (at + size > this.file.Length)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = this.file.Span[(int)at..];
        return size switch
        {
            1 => bytes[0],
            2 => Word(bytes),
            _ => Int(bytes),
        };
    }

    private int Word(ReadOnlySpan<byte> bytes) => this.isBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private long Int(ReadOnlySpan<byte> bytes) => this.isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <param name="Type">Number of the type.</param>
    /// <param name="Count">How many values.</param>
    /// <param name="At">Offset of the four bytes that are the values or say where they lie.</param>
    private readonly record struct Entry(int Type, long Count, int At);
}
