using System.Buffers.Binary;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Writes TIFF 6.0 files for tests: one directory, parts of any compression, both byte orders.</summary>
internal sealed class TiffFile
{
    private readonly SortedDictionary<int, (int Type, long[] Values)> tags = [];

    public bool IsBigEndian { get; init; }

    public TiffFile Tag(int tag, params long[] values)
    {
        this.tags[tag] = (values.Any(value => value > ushort.MaxValue) ? 4 : 3, values);
        return this;
    }

    public TiffFile Fraction(int tag, long above, long below)
    {
        this.tags[tag] = (5, [above, below]);
        return this;
    }

    /// <summary>The file with its parts as strips (273, 279) or tiles (324, 325).</summary>
    public byte[] Write(byte[][] parts, bool isTiled = false)
    {
        (int offsets, int lengths) = isTiled ? (324, 325) : (273, 279);
        this.tags[offsets] = (4, new long[parts.Length]);
        this.tags[lengths] = (4, [.. parts.Select(part => (long)part.Length)]);
        int directory = 2 + (this.tags.Count * 12) + 4;
        int listsAt = 8 + directory;
        int listBytes = this.tags.Values.Sum(tag => BytesOf(tag) > 4 ? BytesOf(tag) : 0);
        long at = listsAt + listBytes;
        for (int i = 0; i < parts.Length; i++)
        {
            this.tags[offsets].Values[i] = at;
            at += parts[i].Length;
        }

        byte[] file = new byte[at];
        file.AsSpan(0, 2).Fill(IsBigEndian ? (byte)'M' : (byte)'I');
        Put(file, 2, 42, 2);
        Put(file, 4, 8, 4);
        Put(file, 8, this.tags.Count, 2);
        int entry = 10;
        int list = listsAt;
        foreach ((int tag, (int Type, long[] Values) content) in this.tags)
        {
            Put(file, entry, tag, 2);
            Put(file, entry + 2, content.Type, 2);
            Put(file, entry + 4, content.Type == 5 ? 1 : content.Values.Length, 4);
            bool isInline = BytesOf(content) <= 4;
            if (!isInline)
            {
                Put(file, entry + 8, list, 4);
            }

            int size = content.Type == 3 ? 2 : 4;
            int where = isInline ? entry + 8 : list;
            foreach (long value in content.Values)
            {
                Put(file, where, value, size);
                where += size;
            }

            list += isInline ? 0 : BytesOf(content);
            entry += 12;
        }

        int data = (int)(at - parts.Sum(part => part.Length));
        foreach (byte[] part in parts)
        {
            part.CopyTo(file, data);
            data += part.Length;
        }

        return file;
    }

    private static int BytesOf((int Type, long[] Values) tag) => tag.Values.Length * (tag.Type == 3 ? 2 : 4);

    private void Put(byte[] file, int at, long value, int size)
    {
        if (size == 2 && IsBigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), (ushort)value);
        }
        else if (size == 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
        }
        else if (IsBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), (uint)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), (uint)value);
        }
    }
}
