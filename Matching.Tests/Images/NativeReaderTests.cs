using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>JPEG and JPEG 2000, which a native library decodes after a gate of ours.</summary>
public sealed class NativeReaderTests
{
    private static readonly GrayImage Picture = WsqPictures.Ridges(120, 90);

    [Fact]
    public void JPEG_2000_without_loss_comes_back_as_it_was()
    {
        byte[] codestream = NativePictures.Codestream(Picture);
        Assert.Equal(Picture.Pixels.ToArray(), Read(codestream).Pixels.ToArray());
        GrayImage file = Read(NativePictures.Jp2(Picture, 1000));
        Assert.Equal(Picture.Pixels.ToArray(), file.Pixels.ToArray());
        Assert.Equal((ImageFormat.Jpeg2000, 1000), (file.Format, file.StatedPpi));
        Assert.Null(Read(NativePictures.Jp2(Picture)).StatedPpi);
        Assert.Equal(Picture.Pixels.ToArray(), Read(NativePictures.Jp2(Picture, null, true)).Pixels.ToArray());
        Assert.Equal(Picture.Pixels.ToArray(), Read(codestream[..^2]).Pixels.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void JPEG_is_read_in_one_scan_and_in_many(bool isProgressive)
    {
        GrayImage image = Read(NativePictures.Jpeg(Picture, 95, isProgressive));
        AssertNear(image, 20);
        Assert.Equal(ImageFormat.Jpeg, image.Format);
    }

    [Fact]
    public void JPEG_of_four_inks_becomes_grey()
    {
        // Black ink over white paper: dark where the picture is dark.
        GrayImage image = Read(NativePictures.CmykJpeg(Picture));
        double mean = Correlation(Picture.Pixels.Span, image.Pixels.Span);
        Assert.InRange(mean, 0.95, 1);
    }

    [Theory]
    [InlineData(1, 120, 90, 0)]
    [InlineData(3, 120, 90, 1)]
    [InlineData(6, 90, 120, 1)]
    public void JPEG_is_turned_upright_as_its_Exif_data_say(int orientation, int width, int height, int warnings)
    {
        GrayImage image = Read(NativePictures.Turned(NativePictures.Jpeg(Picture), orientation));
        Assert.Equal((width, height, warnings), (image.Width, image.Height, image.Warnings.Count));
    }

    [Fact]
    public void Native_formats_can_be_switched_off()
    {
        ImageReading managed = new() { AllowsNative = false };
        Assert.Contains("switched off", ImageDecoder.Decode(NativePictures.Jpeg(Picture), managed).Rejection!.Found,
            StringComparison.Ordinal);
        Assert.False(ImageDecoder.Decode(NativePictures.Codestream(Picture), managed).IsAccepted);
    }

    [Theory]
    [InlineData(8, 0x01, "pixels")]
    [InlineData(16, 0x01, "offset")]
    [InlineData(26, 0x00, "tiles")]
    [InlineData(40, 0x40, "components")]
    [InlineData(42, 0x87, "component of")]
    [InlineData(43, 0x02, "subsampled")]
    public void A_codestream_that_asks_for_much_is_refused_before_it_is_decoded(int at, int value, string why)
    {
        byte[] bytes = NativePictures.Codestream(Picture);
        Assert.Equal(0x51, bytes[3]);
        bytes[at] = (byte)value;
        if (at == 26)
        {
            bytes.AsSpan(24, 8).Clear();
            bytes[27] = 1;
            bytes[31] = 1;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Rejection refused = ImageDecoder.Decode(bytes).Rejection!;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains(why, refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xC3, "SOF3")]
    [InlineData(0xC9, "SOF9")]
    [InlineData(0xCC, "SOF12")]
    public void A_JPEG_of_a_kind_that_is_rare_is_named(int marker, string found)
    {
        byte[] bytes = NativePictures.Jpeg(Picture);
        bytes[bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 1] = (byte)marker;
        Assert.Contains(found, ImageDecoder.Decode(bytes).Rejection!.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_JPEG_of_thousands_of_scans_is_refused()
    {
        byte[] bytes = NativePictures.Jpeg(Picture, 50);
        int scan = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] empty = [.. bytes[scan..(scan + 10)], 0, 0];
        byte[] many = [.. bytes[..scan], .. Enumerable.Repeat(empty, 5000).SelectMany(each => each), .. bytes[scan..]];
        Assert.Contains("101 scans", ImageDecoder.Decode(many).Rejection!.Found, StringComparison.Ordinal);
    }

    private static GrayImage Read(byte[] file)
    {
        Decoded<GrayImage> decoded = ImageDecoder.Decode(file);
        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        return decoded.Value;
    }

    private static void AssertNear(GrayImage found, int tolerance)
    {
        for (int i = 0; i < Picture.Pixels.Length; i++)
        {
            int wanted = Picture.Pixels.Span[i];
            Assert.InRange(found.Pixels.Span[i], wanted - tolerance, wanted + tolerance);
        }
    }

    private static double Correlation(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        double[] x = [.. a.ToArray().Select(value => (double)value)];
        double[] y = [.. b.ToArray().Select(value => (double)value)];
        return MathNet.Numerics.Statistics.Correlation.Pearson(x, y);
    }
}
