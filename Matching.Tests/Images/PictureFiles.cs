using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Wsq;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>One small file of each kind, made here.</summary>
internal static class PictureFiles
{
    private static readonly GrayImage Picture = WsqPictures.Ridges(120, 90);

    private static readonly Dictionary<string, (ImageFormat Format, Lazy<byte[]> Bytes)> Files = new()
    {
        ["png"] = (ImageFormat.Png, new(() => PngBytes.Grey(120, 90, Picture.Pixels.ToArray()))),
        ["png-interlaced"] = (ImageFormat.Png, new(() => PngBytes.Write(
            120, 90, 6, 16, (x, y, c) => c == 3 ? 65535 : Picture.Pixels.Span[(y * 120) + x] * 257, true))),
        ["png-palette"] = (ImageFormat.Png, new(() => PngBytes.Write(
            120, 90, 3, 4, (x, y, _) => Picture.Pixels.Span[(y * 120) + x] >> 4, false,
            PngBytes.Chunk("PLTE", [.. Enumerable.Range(0, 48).Select(i => (byte)(i / 3 * 17))])))),
        ["bmp"] = (ImageFormat.Bmp, new(() => BmpBytes.Write(
            120, 90, 8, (x, y) => Picture.Pixels.Span[(y * 120) + x], BmpBytes.GreyPalette(256)))),
        ["pgm"] = (ImageFormat.Pnm, new(() => [.. "P5 120 90 255\n"u8, .. Picture.Pixels.Span])),
        ["tiff"] = (ImageFormat.Tiff, new(() => Tiff(1, [Picture.Pixels.ToArray()]))),
        ["tiff-deflate"] = (ImageFormat.Tiff, new(() => Tiff(8, [PngBytes.Deflated(Picture.Pixels.ToArray())]))),
        ["tiff-packbits"] = (ImageFormat.Tiff, new(() => Tiff(32773, [
            [.. Picture.Pixels.ToArray().Chunk(120).SelectMany(row => (byte[])[119, .. row])]]))),
        ["wsq"] = (ImageFormat.Wsq, new(() => WsqEncoder.Encode(Picture))),
        ["jpeg"] = (ImageFormat.Jpeg, new(() => NativePictures.Jpeg(Picture))),
        ["jpeg-progressive"] = (ImageFormat.Jpeg, new(() => NativePictures.Jpeg(Picture, 90, true))),
        ["jpeg-cmyk"] = (ImageFormat.Jpeg, new(() => NativePictures.CmykJpeg(Picture))),
        ["jp2"] = (ImageFormat.Jpeg2000, new(() => NativePictures.Jp2(Picture, 500))),
        ["j2k"] = (ImageFormat.Jpeg2000, new(() => NativePictures.Codestream(Picture))),
    };

    public static IEnumerable<(string Name, ImageFormat Format)> All =>
        Files.Select(file => (file.Key, file.Value.Format));

    public static byte[] Of(string name) => [.. Files[name].Bytes.Value];

    public static bool IsNative(string name) =>
        Files[name].Format is ImageFormat.Jpeg or ImageFormat.Jpeg2000;

    private static byte[] Tiff(int compression, byte[][] strips) => new TiffFile().Tag(256, 120).Tag(257, 90)
        .Tag(258, 8).Tag(259, compression).Tag(262, 1).Tag(277, 1).Tag(278, 90).Write(strips);
}

/// <summary>
/// Changes files: single bytes, runs, pieces that are cut out or doubled; one seed gives the same files.
/// </summary>
internal sealed class PictureFuzzer(string name, int seed)
{
    private const int HeadBytes = 256;

    private readonly byte[] file = PictureFiles.Of(name);
    private readonly Random random = new(seed);

    public byte[] Next()
    {
        byte[] bytes = [.. this.file];
        int region = this.random.Next(2) == 0 ? Math.Min(HeadBytes, bytes.Length) : bytes.Length;
        for (int n = this.random.Next(1, 5); n > 0; n--)
        {
            int at = this.random.Next(region);
            bytes[at] = this.random.Next(3) switch
            {
                0 => (byte)this.random.Next(256),
                1 => (byte)(bytes[at] ^ (1 << this.random.Next(8))),
                _ => this.random.Next(2) == 0 ? byte.MaxValue : (byte)0,
            };
        }

        int from = this.random.Next(bytes.Length);
        int length = this.random.Next(Math.Min(64, bytes.Length - from));
        return this.random.Next(8) switch
        {
            0 => [.. bytes[..from], .. bytes[(from + length)..]],
            1 => [.. bytes[..(from + length)], .. bytes[from..]],
            _ => Repaired(bytes),
        };
    }

    /// <summary>A PNG gets right checksums again, or nothing but these would be tested.</summary>
    private byte[] Repaired(byte[] bytes)
    {
        if (ImageMagic.Of(bytes) != ImageFormat.Png || this.random.Next(4) == 0)
        {
            return bytes;
        }

        int at = 8;
        while (at + 12 <= bytes.Length)
        {
            uint length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - 12)
            {
                break;
            }

            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(
                bytes.AsSpan(at + 8 + (int)length),
                System.IO.Hashing.Crc32.HashToUInt32(bytes.AsSpan(at + 4, (int)length + 4)));
            at += (int)length + 12;
        }

        return bytes;
    }
}
