using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>TIFF in every layout that scanners write.</summary>
public sealed class TiffReaderTests
{
    private const int Width = 67;
    private const int Height = 41;

    private static readonly byte[] Pixels = WsqPictures.Ridges(Width, Height).Pixels.ToArray();

    [Theory]
    [InlineData(false, 41, 1)]
    [InlineData(true, 7, 1)]
    [InlineData(false, 7, 0)]
    public void Grey_strips_without_compression_are_read(bool isBigEndian, int rows, int photometric)
    {
        byte[] samples = photometric == 0 ? [.. Pixels.Select(pixel => (byte)(255 - pixel))] : Pixels;
        GrayImage image = Read(Base(isBigEndian, 8, 1, photometric).Tag(278, rows).Fraction(282, 500, 1)
            .Fraction(283, 500, 1).Tag(296, 2).Write(Strips(samples, Width, rows)));
        Assert.Equal(Pixels, image.Pixels.ToArray());
        Assert.Equal(500, image.StatedPpi);
        Assert.Equal(ImageFormat.Tiff, image.Format);
    }

    [Theory]
    [InlineData(32773, false, 1)]
    [InlineData(8, false, 1)]
    [InlineData(8, true, 2)]
    [InlineData(32946, false, 1)]
    public void Compressed_strips_are_read(int compression, bool isBigEndian, int predictor)
    {
        byte[] samples = predictor == 2 ? Differences(Pixels) : Pixels;
        byte[][] strips =
        [
            .. Strips(samples, Width, 10).Select(
                strip => compression == 32773 ? Packed(strip) : PngBytes.Deflated(strip)),
        ];
        GrayImage image = Read(
            Base(isBigEndian, 8, 1, 1).Tag(259, compression).Tag(278, 10).Tag(317, predictor).Write(strips));
        Assert.Equal(Pixels, image.Pixels.ToArray());
        Assert.Null(image.StatedPpi);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 8)]
    public void Samples_of_16_bits_are_read_in_both_byte_orders(bool isBigEndian, int compression)
    {
        byte[] samples =
        [
            .. Pixels.SelectMany(pixel => isBigEndian ? new byte[] { pixel, 77 } : new byte[] { 77, pixel }),
        ];
        byte[][] strips = compression == 1 ? [samples] : [PngBytes.Deflated(samples)];
        GrayImage image = Read(Base(isBigEndian, 16, 1, 1).Tag(259, compression).Write(strips));
        for (int i = 0; i < Pixels.Length; i++)
        {
            Assert.InRange(image.Pixels.Span[i], Pixels[i] - 1, Pixels[i] + 1);
        }
    }

    [Fact]
    public void Tiles_colours_palettes_CMYK_and_bits_are_read()
    {
        byte[][] tiles = new byte[5 * 3][];
        for (int tile = 0; tile < tiles.Length; tile++)
        {
            tiles[tile] = new byte[256];
            for (int i = 0; i < 256; i++)
            {
                (int x, int y) = ((tile % 5 * 16) + (i % 16), (tile / 5 * 16) + (i / 16));
                tiles[tile][i] = x < Width && y < Height ? Pixels[(y * Width) + x] : (byte)99;
            }
        }

        Assert.Equal(
            Pixels, Read(Base(false, 8, 1, 1).Tag(322, 16).Tag(323, 16).Write(tiles, true)).Pixels.ToArray());
        byte[][] deflated = [.. tiles.Select(PngBytes.Deflated)];
        Assert.Equal(
            Pixels,
            Read(Base(true, 8, 1, 1).Tag(259, 8).Tag(322, 16).Tag(323, 16).Write(deflated, true)).Pixels.ToArray());

        byte[] colours = [.. Pixels.SelectMany(pixel => Enumerable.Repeat(pixel, 3))];
        Assert.Equal(Pixels, Read(Base(false, 8, 3, 2).Tag(258, 8, 8, 8).Write([colours])).Pixels.ToArray());
        byte[] inks = [.. Pixels.SelectMany(pixel => new byte[] { 0, 0, 0, (byte)(255 - pixel) })];
        Assert.Equal(Pixels, Read(Base(false, 8, 4, 5).Tag(258, 8, 8, 8, 8).Write([inks])).Pixels.ToArray());
        long[] map = [.. Enumerable.Range(0, 768).Select(i => (255L - (i % 256)) * 257)];
        byte[] indices = [.. Pixels.Select(pixel => (byte)(255 - pixel))];
        Assert.Equal(Pixels, Read(Base(false, 8, 1, 3).Tag(320, map).Write([indices])).Pixels.ToArray());
        GrayImage bits = Read(Base(false, 1, 1, 1).Write([[.. Enumerable.Repeat((byte)0xA0, 9 * Height)]]));
        Assert.Equal([255, 0, 255, 0], bits.Pixels.ToArray()[..4]);
    }

    [Theory]
    [InlineData(3, 67, 41)]
    [InlineData(6, 41, 67)]
    [InlineData(8, 41, 67)]
    public void A_picture_is_turned_upright_as_its_tag_says(int orientation, int width, int height)
    {
        GrayImage image = Read(Base(false, 8, 1, 1).Tag(274, orientation).Write([Pixels]));
        Assert.Equal((width, height), (image.Width, image.Height));
        byte topLeft = orientation switch
        {
            3 => Pixels[^1],
            6 => Pixels[(Height - 1) * Width],
            _ => Pixels[Width - 1],
        };
        Assert.Equal(topLeft, image.Pixels.Span[0]);
        Assert.Single(image.Warnings);
    }

    [Fact]
    public void What_lies_outside_the_file_or_the_limits_is_refused()
    {
        Assert.Contains("10001", Refused(Base(false, 8, 1, 1).Tag(257, 10001).Write([Pixels])),
            StringComparison.Ordinal);
        Assert.Contains("compression 7", Refused(Base(false, 8, 1, 1).Tag(259, 7).Write([Pixels])),
            StringComparison.Ordinal);
        Assert.Contains("strip or tile 0", Refused(Base(false, 8, 1, 1).Write([Pixels[..100]])),
            StringComparison.Ordinal);
        Assert.Contains("TIFF", Refused([.. "II*\0"u8, 0xFF, 0xFF, 0, 0]), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_prints_of_FVC2002_are_read_as_they_lie_in_the_files()
    {
        string folder = SharedData.Path("fingers", "fvc2002", "DB1_B");
        string[] files = Directory.GetFiles(folder, "*.tif");
        Assert.NotEmpty(files);
        foreach (string path in files)
        {
            byte[] file = File.ReadAllBytes(path);
            GrayImage image = Read(file);
            Assert.Equal((388, 374), (image.Width, image.Height));
            Assert.True(file.AsSpan().IndexOf(image.Pixels.Span) >= 0, path);
        }
    }

    private static TiffFile Base(bool isBigEndian, int bits, int samples, int photometric) =>
        new TiffFile { IsBigEndian = isBigEndian }.Tag(256, Width).Tag(257, Height).Tag(258, bits).Tag(259, 1)
            .Tag(262, photometric).Tag(277, samples);

    private static byte[][] Strips(byte[] samples, int stride, int rows) =>
        [.. samples.Chunk(stride * rows)];

    private static byte[] Differences(byte[] pixels)
    {
        byte[] differences = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            differences[i] = (byte)(pixels[i] - (i % Width == 0 ? 0 : pixels[i - 1]));
        }

        return differences;
    }

    /// <summary>PackBits row by row, of literal runs alone.</summary>
    private static byte[] Packed(byte[] strip) =>
        [.. strip.Chunk(Width).SelectMany(row => (byte[])[(byte)(row.Length - 1), .. row])];

    private static string Refused(byte[] file) => ImageDecoder.Decode(file).Rejection!.ToString();

    private static GrayImage Read(byte[] file)
    {
        Decoded<GrayImage> decoded = ImageDecoder.Decode(file);
        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        return decoded.Value;
    }
}
