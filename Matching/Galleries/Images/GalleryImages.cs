using System.Globalization;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Galleries.Images;

/// <summary>
/// Images of partitions in a directory: their rows as they lay in memory when their owner closed, so that the next one
/// reads them in bulk instead of making them again from every template. An image is never needed: what is
/// missing, damaged, older than the store or of another build of the engine costs time and nothing else.
/// </summary>
/// <remarks>
/// A file is an <see cref="ImageHeader"/> and blocks: length (4) and CRC-32C (4) of what follows. The first block
/// holds the combinations of galleries: count (4), each count (4) and texts. The others hold encounters
/// (<see cref="ImageEncounter"/>), some megabytes each. Where the store has keys, the blocks are encrypted
/// (<see cref="ImageCipher"/>): the list of keys stands before them as a block in the clear, the word of the checksum
/// is zero, and an empty block is the last.
/// </remarks>
/// <param name="directory">Where they lie.</param>
/// <param name="blockBytes">A block ends with the encounter with which it reaches this.</param>
/// <param name="keys">Keys of the galleries; null writes in the clear.</param>
internal sealed class GalleryImages(string directory, int blockBytes = 2 << 20, KeyRing? keys = null)
{
    /// <summary>Bytes of the length and the checksum before a block.</summary>
    public const int BlockHeaderBytes = 8;

    /// <summary>The image of a partition; null where there is none that this build can read.</summary>
    public GalleryImage? Open(PartitionId partition)
    {
        try
        {
            return GalleryImage.Open(PathOf(partition), partition, keys);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the image of a partition and puts it in the place of the one before.</summary>
    /// <returns>Whether it is whole on the disk.</returns>
    public bool Write(
        PartitionId partition, long epoch, Guid seal, PartitionDigest digest, GallerySnapshot gallery)
    {
        string path = PathOf(partition);
        string temporary = TemporaryOf(partition);
        ImageCipher? cipher = keys is null ? null : ImageCipher.New(keys, gallery.GalleriesInUse(), partition);
        if (keys is not null && cipher is null)
        {
            // A gallery of it is being deleted.
            return false;
        }

        try
        {
            File.Delete(temporary);
            using (FileStream file = new(
                temporary, PrivateFiles.Options(FileMode.Create, FileAccess.Write, FileShare.None)))
            {
                // The header comes last: a file without one is no image.
                file.Position = ImageHeader.Bytes + (cipher is null ? 0 : ImageCipher.MacBytes);
                ImageBlockWriter blocks = new(file, cipher);
                WriteSets(blocks, gallery.GallerySets);
                WriteEncounters(blocks, gallery);
                blocks.End();
                ImageHeader header = new(
                    partition.Number, epoch, seal, digest, file.Length, IsEncrypted: cipher is not null);
                file.Position = 0;
                WriteHeader(file, header, cipher);

                // What the store will call whole has to be whole after a loss of power too.
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            TryDelete(temporary);
            return false;
        }
    }

    /// <summary>Gives an image that still holds everything a new epoch and seal.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="epoch">The new epoch.</param>
    /// <param name="seal">The new seal.</param>
    /// <param name="taken">The header of the image that was loaded whole: only that very one is sealed again.</param>
    /// <returns>Whether it is on the disk.</returns>
    public bool SealAgain(PartitionId partition, long epoch, Guid seal, ImageHeader taken)
    {
        try
        {
            ImageCipher? cipher;
            using (GalleryImage? there = GalleryImage.Open(PathOf(partition), partition, keys))
            {
                cipher = there?.Cipher;
                if (there is null || there.Header != taken || (keys is not null && cipher?.IsCurrent != true))
                {
                    return false;
                }
            }

            using FileStream file = new(PathOf(partition), FileMode.Open, FileAccess.Write, FileShare.None);
            WriteHeader(file, taken with { Epoch = epoch, Seal = seal }, cipher);
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Takes away the image of a partition, and what a write of one left that was cut off: somebody in it is about to
    /// be deleted, or it is not what the store holds.
    /// </summary>
    /// <exception cref="IOException">It is still there.</exception>
    public void Delete(PartitionId partition)
    {
        DeleteFile(PathOf(partition));
        DeleteUnfinished(partition);
    }

    /// <summary>Takes away what a write left that was cut off.</summary>
    public void DeleteUnfinished(PartitionId partition) => DeleteFile(TemporaryOf(partition));

    /// <summary>Name of the blob in which the store keeps the seal of a partition's image.</summary>
    public static string SealName(PartitionId partition) =>
        string.Create(CultureInfo.InvariantCulture, $"image-seal-{partition.Number}");

    private static void DeleteFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Nor does the file exist.
        }
    }

    private string TemporaryOf(PartitionId partition) => PathOf(partition) + ".new";

    private string PathOf(PartitionId partition) =>
        Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"rows-{partition.Number:D4}.image"));

    private static void WriteHeader(FileStream file, ImageHeader header, ImageCipher? cipher)
    {
        byte[] bytes = header.Encode();
        file.Write(bytes);
        if (cipher is not null)
        {
            file.Write(cipher.MacOf(bytes));
        }
    }

    private static void WriteSets(ImageBlockWriter blocks, string[][] sets)
    {
        FrameWriter writer = new(1024);
        writer.Int32(sets.Length);
        foreach (string[] set in sets)
        {
            writer.Int32(set.Length);
            foreach (string gallery in set)
            {
                writer.Text("gallery", gallery, 1, Limits.IdBytes);
            }
        }

        blocks.Write(writer.Written);
    }

    private void WriteEncounters(ImageBlockWriter blocks, GallerySnapshot gallery)
    {
        FrameWriter writer = new(blockBytes * 2);
        byte[] rows = [];
        foreach (SegmentView view in gallery.Segments)
        {
            for (int slot = 0; slot < view.Slots; slot++)
            {
                if (view.IsDead(slot))
                {
                    continue;
                }

                int length = CopyRows(view.Segment, slot, ref rows);
                ImageEncounter.Write(writer, view.Segment.Columns(slot), rows.AsSpan(0, length));
                if (writer.Written.Length >= blockBytes)
                {
                    blocks.Write(writer.Written);
                    writer.Clear();
                }
            }
        }

        if (writer.Written.Length > 0)
        {
            blocks.Write(writer.Written);
        }
    }

    private static int CopyRows(Segment segment, int slot, ref byte[] into)
    {
        (int first, int end) = segment.RowsOf(slot);
        int length = 0;
        for (int row = first; row < end; row++)
        {
            ReadOnlySpan<byte> bytes = segment.Row(row)[..segment.RowBytes(row)];
            if (into.Length < length + 1 + bytes.Length)
            {
                Array.Resize(ref into, (length + 1 + bytes.Length) * 2);
            }

            into[length] = segment.PositionOf(row).Code;
            bytes.CopyTo(into.AsSpan(length + 1));
            length += 1 + bytes.Length;
        }

        return length;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It is overwritten the next time.
        }
    }
}
