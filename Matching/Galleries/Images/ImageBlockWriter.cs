using System.Buffers;
using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Keys;

namespace MatchCluster.Matching.Galleries.Images;

/// <summary>Writes the blocks of an image one after the other.</summary>
internal sealed class ImageBlockWriter
{
    private readonly FileStream file;
    private readonly ImageCipher? cipher;
    private int number;

    /// <param name="file">Positioned after the header.</param>
    /// <param name="cipher">Encrypts the blocks; null writes them in the clear.</param>
    public ImageBlockWriter(FileStream file, ImageCipher? cipher)
    {
        this.file = file;
        this.cipher = cipher;
        if (cipher is not null)
        {
            WriteChecked(cipher.List);
        }
    }

    public void Write(ReadOnlySpan<byte> block)
    {
        if (cipher is null)
        {
            WriteChecked(block);
        }
        else
        {
            WriteEncrypted(cipher, block, isLast: false);
        }
    }

    /// <summary>Ends the image: an encrypted one has a last block, so that none can be missing.</summary>
    public void End()
    {
        if (cipher is not null)
        {
            WriteEncrypted(cipher, [], isLast: true);
        }
    }

    private void WriteEncrypted(ImageCipher with, ReadOnlySpan<byte> block, bool isLast)
    {
        int length = block.Length + Gcm.TagBytes;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            with.Seal(number++, isLast, block, rented.AsSpan(0, length));
            Write(rented.AsSpan(0, length), checksum: 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void WriteChecked(ReadOnlySpan<byte> block) => Write(block, Crc32C.Of(block, []));

    private void Write(ReadOnlySpan<byte> block, uint checksum)
    {
        Span<byte> header = stackalloc byte[GalleryImages.BlockHeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, block.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], checksum);
        file.Write(header);
        file.Write(block);
    }
}
