using System.Buffers.Binary;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>
/// Files that break decoders. Each gives a picture or a reason; sizes outside the limits are refused before anything
/// is allocated for them.
/// </summary>
public sealed class HostilePictureTests
{
    private const int MutationsOfManaged = 1_500;
    private const int MutationsOfNative = 300;

    private static readonly GrayImage Picture = WsqPictures.Ridges(120, 90);

    public static TheoryData<string> Names() => [.. PictureFiles.All.Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_cut_at_every_hundredth_is_a_picture_or_a_reason(string name)
    {
        byte[] bytes = PictureFiles.Of(name);
        Assert.True(ImageDecoder.Decode(bytes).IsAccepted);
        for (int percent = 0; percent < 100; percent++)
        {
            Decoded<GrayImage> decoded = ImageDecoder.Decode(bytes.AsMemory(0, bytes.Length * percent / 100));
            Assert.False(decoded.IsAccepted, $"{name} cut at {percent} %");
            Assert.NotEmpty(decoded.Rejection.Found);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Changed_bytes_are_a_picture_or_a_reason(string name)
    {
        PictureFuzzer fuzzer = new(name, seed: 20261130);
        int count = PictureFiles.IsNative(name) ? MutationsOfNative : MutationsOfManaged;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = fuzzer.Next();
            Decoded<GrayImage> decoded = ImageDecoder.Decode(bytes);
            if (decoded.IsAccepted)
            {
                Assert.Equal(decoded.Value.Width * decoded.Value.Height, decoded.Value.Pixels.Length);
                Assert.Null(ImageLimits.FaultOf(-1, decoded.Value.Width, decoded.Value.Height));
            }
            else
            {
                Assert.NotEmpty(decoded.Rejection.Wanted);
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(10_001, 20)]
    [InlineData(10_000, 10_000)]
    [InlineData(-5, 40)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Sizes_outside_the_limits_are_refused_before_anything_is_allocated(int width, int height)
    {
        byte[] png = PngBytes.Grey(20, 20, new byte[400]);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(
            png.AsSpan(29), System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17)));
        byte[] bmp = BmpBytes.WithHeader(width, height, 8, 0, BmpBytes.GreyPalette(256), new byte[100]);
        byte[] tiff = new TiffFile().Tag(256, (uint)width).Tag(257, (uint)height).Tag(258, 8).Tag(262, 1)
            .Write([new byte[100]]);
        byte[] pgm = System.Text.Encoding.ASCII.GetBytes($"P5 {width} {height} 255\n");
        byte[] jpeg = NativePictures.Jpeg(Picture);
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);
        byte[] codestream = NativePictures.Codestream(Picture);
        BinaryPrimitives.WriteInt32BigEndian(codestream.AsSpan(8), width);
        BinaryPrimitives.WriteInt32BigEndian(codestream.AsSpan(12), height);
        foreach (byte[] file in (byte[][])[png, bmp, tiff, pgm, jpeg, codestream])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Decoded<GrayImage> decoded = ImageDecoder.Decode(file);
            Assert.False(decoded.IsAccepted, $"{ImageMagic.Of(file)} of {width} x {height}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    [Fact]
    public void A_small_file_that_inflates_to_much_costs_only_its_stated_rows()
    {
        // 20 x 20 pixels are stated, and 40 MB of zeros follow.
        byte[] bomb = PngBytes.Deflated(new byte[40 << 20]);
        byte[] png = PngBytes.Grey(20, 20, new byte[400]);
        byte[] file = [.. png[..33], .. PngBytes.Chunk("IDAT", bomb), .. PngBytes.Chunk("IEND", [])];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(ImageDecoder.Decode(file).IsAccepted);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000);
    }

    [Fact]
    public void A_picture_that_wants_a_dictionary_is_damaged()
    {
        byte[] wanted = PngBytes.Chunk("IDAT", [0x78, 0xF9, 1, 2, 3, 4, 5, 6, 7, 8]);
        byte[] file = [.. PngBytes.Grey(20, 20, new byte[400])[..33], .. wanted, .. PngBytes.Chunk("IEND", [])];
        Assert.Equal("compressed data that are damaged", ImageDecoder.Decode(file).Rejection!.Found);
    }

    [Fact]
    public void Text_chunks_of_a_PNG_are_never_inflated()
    {
        byte[] text = PngBytes.Chunk("zTXt", [.. "Comment\0\0"u8, .. PngBytes.Deflated(new byte[40 << 20])]);
        byte[] profile = PngBytes.Chunk("iCCP", [.. "p\0\0"u8, .. PngBytes.Deflated(new byte[40 << 20])]);
        byte[] file = PngBytes.Grey(120, 90, Picture.Pixels.ToArray(), text, profile);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(ImageDecoder.Decode(file).IsAccepted);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000);
    }

    [Fact]
    public void The_bytes_and_not_a_name_decide_the_format()
    {
        foreach ((string name, ImageFormat format) in PictureFiles.All)
        {
            Assert.Equal(format, ImageDecoder.Decode(PictureFiles.Of(name)).Value!.Format);
        }
    }
}
