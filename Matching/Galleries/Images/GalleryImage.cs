using System.Buffers;
using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Seam;
using Microsoft.Win32.SafeHandles;

namespace MatchCluster.Matching.Galleries.Images;

/// <summary>An image that is being read. Any number of threads may read blocks and rows.</summary>
internal sealed class GalleryImage : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly IReadOnlyList<string[]> sets;
    private readonly long firstBlock;

    private GalleryImage(SafeFileHandle file, ImageHeader header)
    {
        this.file = file;
        Header = header;
        (sets, firstBlock) = ReadSets();
    }

    public ImageHeader Header { get; }

    /// <summary>
    /// Opens an image; null where this build cannot read it, or where it is shorter or longer than it was written.
    /// </summary>
    /// <exception cref="IOException">There is none.</exception>
    public static GalleryImage? Open(string path, PartitionId partition)
    {
        SafeFileHandle file = File.OpenHandle(path);
        try
        {
            Span<byte> bytes = stackalloc byte[ImageHeader.Bytes];
            if (RandomAccess.Read(file, bytes, 0) == bytes.Length
                && ImageHeader.Decode(bytes) is { } header && header.Partition == partition.Number
                && header.Length == RandomAccess.GetLength(file))
            {
                GalleryImage image = new(file, header);
                file = null!;
                return image;
            }

            return null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Where the blocks of encounters begin, and how long they are.</summary>
    /// <exception cref="InvalidDataException">The file ends inside a block.</exception>
    public IEnumerable<(long Offset, int Length)> Blocks()
    {
        long length = RandomAccess.GetLength(file);
        for (long at = firstBlock; at < length;)
        {
            int bytes = LengthAt(at);
            yield return (at, bytes);
            at += GalleryImages.BlockHeaderBytes + bytes;
        }
    }

    /// <summary>The encounters of a block.</summary>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public ImageBlock Read((long Offset, int Length) block)
    {
        byte[] bytes = ReadBlock(block.Offset, block.Length);
        FrameReader reader = new(bytes.AsSpan(0, block.Length), 0);
        List<ImageRows> encounters = [];
        while (reader.At < block.Length)
        {
            (SlotFacts facts, int length) = ImageEncounter.Read(ref reader, sets);
            if (reader.Rejection is { } wrong)
            {
                throw new InvalidDataException($"an image's block holds {wrong.Found}, wanted {wrong.Wanted}");
            }

            int first = reader.At - length;
            long offset = block.Offset + GalleryImages.BlockHeaderBytes + first;
            encounters.Add(new ImageRows(facts, bytes.AsMemory(first, length), offset));
        }

        return new ImageBlock(encounters, bytes);
    }

    /// <summary>Bytes of the file whose block was read before.</summary>
    public byte[] ReadRows(long offset, int length)
    {
        byte[] bytes = new byte[length];
        return RandomAccess.Read(file, bytes, offset) == length
            ? bytes : throw new InvalidDataException($"an image ended before {length} bytes of rows");
    }

    public void Dispose() => file.Dispose();

    private (List<string[]> Sets, long End) ReadSets()
    {
        int length = LengthAt(ImageHeader.Bytes);
        FrameReader reader = new(ReadBlock(ImageHeader.Bytes, length).AsSpan(0, length), 0);
        List<string[]> read = [];
        int count = reader.Int32("gallery sets");
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            string[] set = new string[Math.Clamp(reader.Int32("galleries"), 0, Limits.GalleriesPerEncounter)];
            for (int gallery = 0; gallery < set.Length; gallery++)
            {
                set[gallery] = reader.Text("gallery", 1, Limits.IdBytes);
            }

            read.Add(set);
        }

        return reader.Rejection is null
            ? (read, ImageHeader.Bytes + GalleryImages.BlockHeaderBytes + length)
            : throw new InvalidDataException("an image whose galleries cannot be read");
    }

    private int LengthAt(long offset)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        int read = RandomAccess.Read(file, length, offset);
        int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
        long left = RandomAccess.GetLength(file) - offset - GalleryImages.BlockHeaderBytes;
        return read == length.Length && bytes >= 0 && bytes <= left
            ? bytes : throw new InvalidDataException($"a block of {bytes} bytes where {left} are left");
    }

    /// <summary>A rented array that begins with the block.</summary>
    private byte[] ReadBlock(long offset, int length)
    {
        byte[] header = new byte[GalleryImages.BlockHeaderBytes];
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        Span<byte> block = bytes.AsSpan(0, length);
        bool whole = RandomAccess.Read(file, header, offset) == header.Length
            && RandomAccess.Read(file, block, offset + header.Length) == length;
        return whole && BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)) == Crc32C.Of(block, [])
            ? bytes : throw new InvalidDataException($"a block of {length} bytes with another checksum than stated");
    }
}

/// <summary>Some megabytes of an image; what it holds is gone with it.</summary>
internal sealed class ImageBlock(IReadOnlyList<ImageRows> encounters, byte[] rented) : IDisposable
{
    private byte[]? memory = rented;

    public IReadOnlyList<ImageRows> Encounters { get; } = encounters;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref memory, null) is { } bytes)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

/// <param name="Facts">What the table keeps of the encounter.</param>
/// <param name="Rows">Its rows, as <see cref="EncounterRows.FromImage"/> reads them.</param>
/// <param name="Offset">Where they lie in the file.</param>
internal readonly record struct ImageRows(SlotFacts Facts, ReadOnlyMemory<byte> Rows, long Offset);
