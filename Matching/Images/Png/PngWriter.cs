using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MatchCluster.Matching.Images.Png;

/// <summary>Writes grey pictures as PNG (8 bits, no filters).</summary>
internal static class PngWriter
{
    public static byte[] Write(GrayImage image)
    {
        (int width, int height) = (image.Width, image.Height);
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        Chunk(file, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                deflate.WriteByte(0);
                deflate.Write(pixels.Slice(y * width, width));
            }
        }

        Chunk(file, "IDAT"u8, data.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        byte[] checkedPart = [.. name, .. data];
        file.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.HashToUInt32(checkedPart));
        file.Write(word);
    }
}
