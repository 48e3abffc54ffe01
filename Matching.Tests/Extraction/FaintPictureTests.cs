using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>Pictures that use few grey levels are stretched, others are left alone.</summary>
public sealed class FaintPictureTests
{
    private readonly FaintPicture faint = new();

    [Theory]
    [InlineData(0, 64)]
    [InlineData(150, 255)]
    [InlineData(0, 255)]
    public void A_picture_with_enough_levels_is_itself(int dark, int light)
    {
        byte[] pixels = Ramp(dark, light);
        Assert.True(faint.Apply(pixels) == pixels);
    }

    [Theory]
    [InlineData(112, 143, 8)]
    [InlineData(0, 31, 8)]
    [InlineData(200, 250, 5)]
    [InlineData(100, 103, 8)]
    public void Differences_grow_alike_round_the_middle_and_at_most_eightfold(int dark, int light, int gain)
    {
        byte[] pixels = Ramp(dark, light);
        byte[] found = faint.Apply(pixels).ToArray();
        int middle = (dark + light) / 2;
        Assert.InRange(found[pixels.IndexOf((byte)middle)], 128 - gain, 128 + gain);
        for (int level = dark; level < light; level++)
        {
            Assert.Equal(
                gain, found[pixels.IndexOf((byte)(level + 1))] - found[pixels.IndexOf((byte)level)]);
        }
    }

    [Fact]
    public void Specks_do_not_count()
    {
        byte[] pixels = Ramp(100, 131);
        pixels[0] = 0;
        pixels[1] = 255;
        byte[] found = faint.Apply(pixels).ToArray();
        Assert.Equal((0, 255), ((int)found[0], (int)found[1]));
        Assert.Equal(8, found[pixels.IndexOf((byte)116)] - found[pixels.IndexOf((byte)115)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(255)]
    public void A_flat_picture_is_itself(byte level)
    {
        byte[] pixels = new byte[1001];
        Array.Fill(pixels, level);
        Assert.True(faint.Apply(pixels) == pixels);
    }

    [Theory]
    [InlineData(112)]
    [InlineData(3)]
    [InlineData(220)]
    public void Faint_ridges_between_a_forms_faint_lines_are_found(int dark)
    {
        DrawnPrint print = new(10, noise: 8);
        GrayImage image = print.Image;
        GrayImage form = DrawnPrint.Changed(image, image.Width, image.Height, (x, y) =>
            dark + (y is 130 or 131 ? 0 : image.Pixels.Span[(y * image.Width) + x] / 8));
        FingerExtraction found = new FingerExtractor().Extract(form, 500);
        Assert.InRange(Agreement.Found(print.Minutiae, found.Minutiae), print.Minutiae.Count - 3, print.Minutiae.Count);
        Assert.InRange(Agreement.False(print, found.Minutiae), 0, 3);
    }

    /// <summary>All levels between two, equally often.</summary>
    private static byte[] Ramp(int dark, int light) =>
        [.. Enumerable.Range(0, 20_000).Select(i => (byte)(dark + (i % (light - dark + 1))))];
}
