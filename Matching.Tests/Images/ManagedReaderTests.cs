using System.Buffers.Binary;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>PNG, BMP, Netpbm and raw pixels: every layout gives the grey picture that it was written from.</summary>
public sealed class ManagedReaderTests
{
    private const int Width = 37;
    private const int Height = 29;

    private static readonly byte[] Pixels = WsqPictures.Ridges(Width, Height).Pixels.ToArray();

    public static TheoryData<int, int, bool> PngKinds()
    {
        TheoryData<int, int, bool> kinds = [];
        foreach ((int colour, int depth) in (IEnumerable<(int, int)>)
            [
                (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8),
                (4, 16), (6, 8), (6, 16),
            ])
        {
            kinds.Add(colour, depth, false);
            kinds.Add(colour, depth, true);
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(PngKinds))]
    public void A_PNG_of_any_kind_is_read(int colour, int depth, bool isInterlaced)
    {
        int most = (1 << depth) - 1;
        bool hasAlpha = colour is 4 or 6;
        int alpha = colour == 4 ? 1 : 3;
        byte[] palette = [.. Enumerable.Range(0, 1 << Math.Min(depth, 8))
            .SelectMany(i => Enumerable.Repeat((byte)(i * 255 / ((1 << Math.Min(depth, 8)) - 1)), 3))];
        byte[][] extra = colour == 3 ? [PngBytes.Chunk("PLTE", palette)] : [];
        byte[] file = PngBytes.Write(
            Width, Height, colour, depth,
            (x, y, c) => hasAlpha && c == alpha ? (x == 0 ? 0 : most) : Quantised(x, y, most), isInterlaced, extra);
        GrayImage image = Read(file);
        for (int i = 0; i < Pixels.Length; i++)
        {
            int level = Quantised(i % Width, i / Width, most);
            int wanted = hasAlpha && i % Width == 0 ? 255 : depth == 16 ? Pixels[i] : level * 255 / most;
            Assert.InRange(image.Pixels.Span[i], wanted - 1, wanted + 1);
        }

        Assert.Equal(ImageFormat.Png, image.Format);
    }

    [Fact]
    public void A_PNG_says_its_resolution_and_its_colours_become_luma()
    {
        byte[] density = new byte[9];
        BinaryPrimitives.WriteInt32BigEndian(density, 19685);
        BinaryPrimitives.WriteInt32BigEndian(density.AsSpan(4), 19685);
        density[8] = 1;
        byte[] animation = PngBytes.Chunk("acTL", new byte[8]);
        GrayImage image = Read(PngBytes.Write(
            Width, Height, 2, 8, (x, y, c) => c == 1 ? 200 : 0, false, PngBytes.Chunk("pHYs", density), animation));
        Assert.Equal(500, image.StatedPpi);
        Assert.Equal(["of an animation the first picture is taken"], image.Warnings);
        Assert.All(image.Pixels.ToArray(), pixel => Assert.Equal(117, pixel));
    }

    [Fact]
    public void Samples_of_12_bits_in_16_are_stretched_and_said()
    {
        GrayImage image = Read(PngBytes.Write(
            Width, Height, 0, 16, (x, y, _) => Pixels[(y * Width) + x] * 4095 / 255));
        Assert.Single(image.Warnings);
        AssertNear(Pixels, image, 1);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(4, false)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(16, false)]
    [InlineData(24, true)]
    [InlineData(32, false)]
    public void A_BMP_of_any_depth_is_read(int bits, bool isTopDown)
    {
        int most = bits switch { <= 8 => (1 << bits) - 1, 16 => 31, _ => 255 };
        byte[] palette = bits <= 8 ? BmpBytes.GreyPalette(1 << bits) : [];
        byte[] file = BmpBytes.Write(
            Width, isTopDown ? -Height : Height, bits,
            (x, y) =>
            {
                uint level = (uint)Quantised(x, y, most);
                return bits <= 8 ? level : bits == 16 ? (level << 10) | (level << 5) | level
                    : (level << 16) | (level << 8) | level;
            },
            palette, 19685);
        GrayImage image = Read(file);
        Assert.Equal(500, image.StatedPpi);
        for (int i = 0; i < Pixels.Length; i++)
        {
            int wanted = Quantised(i % Width, i / Width, most) * 255 / most;
            Assert.InRange(image.Pixels.Span[i], wanted - 1, wanted + 1);
        }
    }

    [Fact]
    public void A_BMP_by_masks_and_one_by_run_lengths_are_read()
    {
        byte[] masked = BmpBytes.Write(
            Width, Height, 16, (x, y) => (uint)((Quantised(x, y, 31) << 11) | (Quantised(x, y, 63) << 5)
                | Quantised(x, y, 31)), [], 0, [0xF800, 0x7E0, 0x1F]);
        AssertNear(Pixels, Read(masked), 8);

        List<byte> runs = [];
        for (int y = Height - 1; y >= 0; y--)
        {
            runs.AddRange([0, (byte)Width, .. Pixels.AsSpan(y * Width, Width)]);
            runs.AddRange(Width % 2 == 1 ? [0, 0, 0] : [0, 0]);
        }

        byte[] file = BmpBytes.WithHeader(Width, Height, 8, 1, BmpBytes.GreyPalette(256), [.. runs, 0, 1]);
        Assert.Equal(Pixels, Read(file).Pixels.ToArray());
        byte[] flat = BmpBytes.WithHeader(
            Width, 16, 4, 2, BmpBytes.GreyPalette(16),
            [.. Enumerable.Repeat((byte[])[(byte)Width, 0xFF, 0, 0], 16).SelectMany(row => row), 0, 1]);
        Assert.All(Read(flat).Pixels.ToArray(), pixel => Assert.Equal(255, pixel));
    }

    [Fact]
    public void Netpbm_of_every_kind_is_read()
    {
        string size = $"# a comment\n{Width} # another\n{Height}\n";
        byte[] head = [.. System.Text.Encoding.ASCII.GetBytes("P5\n" + size + "255\n")];
        Assert.Equal(Pixels, Read([.. head, .. Pixels]).Pixels.ToArray());
        Assert.Single(Read([.. head, .. Pixels, 1, 2, 3]).Warnings);
        string text = "P2\n" + size + "255\n" + string.Join(' ', Pixels);
        Assert.Equal(Pixels, Read(System.Text.Encoding.ASCII.GetBytes(text)).Pixels.ToArray());
        byte[] deep = [.. System.Text.Encoding.ASCII.GetBytes($"P5 {Width} {Height} 1023\n")];
        byte[] words = [.. Pixels.SelectMany(pixel =>
            new byte[] { (byte)(pixel * 1023 / 255 >> 8), (byte)(pixel * 1023 / 255) })];
        AssertNear(Pixels, Read([.. deep, .. words]), 1);
        byte[] colour = [.. System.Text.Encoding.ASCII.GetBytes($"P6 {Width} {Height} 255\n")];
        byte[] triples = [.. Pixels.SelectMany(pixel => Enumerable.Repeat(pixel, 3))];
        Assert.Equal(Pixels, Read([.. colour, .. triples]).Pixels.ToArray());
        string bitmap = "P1\n16 16\n" + string.Concat(Enumerable.Repeat("1010101010101010\n", 16));
        Assert.Equal([0, 255], Read(System.Text.Encoding.ASCII.GetBytes(bitmap)).Pixels.ToArray()[..2]);
        byte[] packed = [.. "P4 16 16\n"u8, .. Enumerable.Repeat((byte)0x80, 32)];
        Assert.Equal([0, 255], Read(packed).Pixels.ToArray()[..2]);
    }

    [Fact]
    public void Raw_pixels_have_the_size_that_is_said()
    {
        GrayImage image = ImageDecoder.Decode(
            Pixels, new ImageReading { Raw = new RawSize(Width, Height) }).Value!;
        Assert.Equal(Pixels, image.Pixels.ToArray());
        Rejection wrong = ImageDecoder.Decode(
            Pixels, new ImageReading { Raw = new RawSize(Width + 1, Height) }).Rejection!;
        Assert.Equal($"{Pixels.Length} bytes of pixels", wrong.Found);
        Assert.NotNull(ImageDecoder.Decode(
            Pixels, new ImageReading { Raw = new RawSize(-Width, -Height) }).Rejection);
    }

    [Theory]
    [InlineData("GIF89a..........", "a GIF")]
    [InlineData("%PDF-1.4", "a PDF document")]
    [InlineData("<?xml version='1.0'?><svg/>", "an XML document")]
    [InlineData("", "no bytes")]
    [InlineData("hello there", "bytes that begin with 68656C6C6F207468")]
    public void What_is_no_picture_is_named(string text, string found) => Assert.Equal(
        found, ImageDecoder.Decode(System.Text.Encoding.ASCII.GetBytes(text)).Rejection!.Found);

    private static int Quantised(int x, int y, int most) => ((Pixels[(y * Width) + x] * most) + 127) / 255;

    private static GrayImage Read(byte[] file)
    {
        Decoded<GrayImage> decoded = ImageDecoder.Decode(file);
        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        return decoded.Value;
    }

    private static void AssertNear(byte[] wanted, GrayImage found, int tolerance)
    {
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.InRange(found.Pixels.Span[i], wanted[i] - tolerance, wanted[i] + tolerance);
        }
    }
}
