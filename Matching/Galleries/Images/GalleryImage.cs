using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Seam;
using Microsoft.Win32.SafeHandles;

namespace MatchCluster.Matching.Galleries.Images;

/// <summary>An image that is being read. Any number of threads may read blocks and rows.</summary>
internal sealed class GalleryImage : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly IReadOnlyList<string[]> sets;
    private readonly ImagePlace firstBlock;
    private readonly ImageCipher? cipher;

    private GalleryImage(SafeFileHandle file, ImageHeader header, KeyRing? keys)
    {
        this.file = file;
        Header = header;
        long at = ImageHeader.Bytes;
        if (header.IsEncrypted)
        {
            at += ImageCipher.MacBytes;
            int length = LengthAt(at);
            byte[] list = ReadChecked(at, length).AsSpan(0, length).ToArray();
            cipher = keys is null ? null : ImageCipher.Of(list, keys, new PartitionId(header.Partition));
            at += GalleryImages.BlockHeaderBytes + length;
            CheckHeader();
        }

        ImagePlace first = new(at, LengthAt(at), 0);
        sets = ReadSets(first);
        firstBlock = first.Next(0);
    }

    public ImageHeader Header { get; }

    /// <summary>What encrypts it; null where it lies there in the clear.</summary>
    public ImageCipher? Cipher => cipher;

    /// <summary>
    /// Opens an image; null where this build cannot read it, where it is shorter or longer than it was written, or
    /// where a key of it is gone.
    /// </summary>
    /// <exception cref="IOException">There is none.</exception>
    public static GalleryImage? Open(string path, PartitionId partition, KeyRing? keys)
    {
        SafeFileHandle file = File.OpenHandle(path);
        try
        {
            Span<byte> bytes = stackalloc byte[ImageHeader.Bytes];
            if (RandomAccess.Read(file, bytes, 0) == bytes.Length
                && ImageHeader.Decode(bytes) is { } header && header.Partition == partition.Number
                && header.Length == RandomAccess.GetLength(file))
            {
                GalleryImage image = new(file, header, keys);
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
    public IEnumerable<ImagePlace> Blocks()
    {
        long length = RandomAccess.GetLength(file);
        ImagePlace place = firstBlock;
        while (place.Offset < length)
        {
            place = place with { Length = LengthAt(place.Offset) };
            yield return place;
            place = place.Next(0);
        }
    }

    /// <summary>The encounters of a block.</summary>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public ImageBlock Read(ImagePlace place)
    {
        byte[] bytes = ReadBlock(place);
        int end = place.Length - (cipher is null ? 0 : Gcm.TagBytes);
        FrameReader reader = new(bytes.AsSpan(0, end), 0);
        List<ImageRows> encounters = [];
        while (reader.At < end)
        {
            (SlotFacts facts, int length) = ImageEncounter.Read(ref reader, sets);
            if (reader.Rejection is { } wrong)
            {
                throw new InvalidDataException($"an image's block holds {wrong.Found}, wanted {wrong.Wanted}");
            }

            int first = reader.At - length;
            encounters.Add(new ImageRows(facts, bytes.AsMemory(first, length), first));
        }

        return new ImageBlock(encounters, bytes);
    }

    /// <summary>Bytes of a block that was read before.</summary>
    public byte[] ReadRows(ImagePlace block, int offset, int length)
    {
        byte[] bytes = new byte[length];
        if (RandomAccess.Read(file, bytes, block.Offset + GalleryImages.BlockHeaderBytes + offset) != length)
        {
            throw new InvalidDataException($"an image ended before {length} bytes of rows");
        }

        cipher?.OpenPart(block.Number, offset, bytes);
        return bytes;
    }

    public void Dispose() => file.Dispose();

    /// <exception cref="InvalidDataException">Its keys are not here, or somebody else wrote it.</exception>
    private void CheckHeader()
    {
        byte[] there = new byte[ImageHeader.Bytes + ImageCipher.MacBytes];
        if (cipher is null || RandomAccess.Read(file, there, 0) != there.Length
            || !CryptographicOperations.FixedTimeEquals(
                cipher.MacOf(there.AsSpan(0, ImageHeader.Bytes)), there.AsSpan(ImageHeader.Bytes)))
        {
            throw new InvalidDataException("an encrypted image whose keys are not here");
        }
    }

    private List<string[]> ReadSets(ImagePlace place)
    {
        byte[] block = ReadBlock(place);
        FrameReader reader = new(block.AsSpan(0, place.Length - (cipher is null ? 0 : Gcm.TagBytes)), 0);
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

        return reader.Rejection is null ? read
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

    /// <summary>A rented array that begins with the block, opened.</summary>
    private byte[] ReadBlock(ImagePlace place)
    {
        if (cipher is null)
        {
            return ReadChecked(place.Offset, place.Length);
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(place.Length);
        Span<byte> block = bytes.AsSpan(0, place.Length);
        return RandomAccess.Read(file, block, place.Offset + GalleryImages.BlockHeaderBytes) == place.Length
            && cipher.TryOpen(place.Number, place.End == Header.Length, block)
            ? bytes : throw new InvalidDataException($"block {place.Number} is not as it was encrypted");
    }

    /// <summary>A rented array that begins with the bytes of a block in the clear.</summary>
    private byte[] ReadChecked(long offset, int length)
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

/// <summary>Where a block lies in an image.</summary>
/// <param name="Offset">Where its header begins.</param>
/// <param name="Length">Bytes after the header.</param>
/// <param name="Number">0 for the block of gallery sets, one more for each that follows.</param>
internal readonly record struct ImagePlace(long Offset, int Length, int Number)
{
    public long End => Offset + GalleryImages.BlockHeaderBytes + Length;

    public ImagePlace Next(int length) => new(End, length, Number + 1);
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
/// <param name="Offset">Where they lie in the block.</param>
internal readonly record struct ImageRows(SlotFacts Facts, ReadOnlyMemory<byte> Rows, int Offset);
