using System.Security.Cryptography;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>Minutiae of drawn prints, whose true ones are known.</summary>
public sealed class FingerExtractorTests
{
    private readonly FingerExtractor extractor = new();

    [Theory]
    [InlineData(1, 9.0, 20)]
    [InlineData(2, 8.0, 25)]
    [InlineData(3, 10.5, 60)]
    [InlineData(4, 7.0, 15)]
    public void The_drawn_minutiae_are_found_and_hardly_others(int seed, double period, int noise)
    {
        DrawnPrint print = new(seed, period: period, noise: noise);
        FingerExtraction found = extractor.Extract(print.Image, 500);
        Assert.Null(found.Failure);
        Assert.InRange(Agreement.Found(print.Minutiae, found.Minutiae), print.Minutiae.Count - 2, print.Minutiae.Count);
        Assert.InRange(Agreement.False(print, found.Minutiae), 0, 2);
        Assert.InRange(found.RidgePeriod, period * 0.9, period * 1.12);
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void Places_are_found_to_less_than_a_pixel()
    {
        DrawnPrint print = new(5);
        FingerExtraction found = extractor.Extract(print.Image, 500);
        double[] apart = [.. Agreement.Distances(print.Minutiae, found.Minutiae).Order()];
        Assert.InRange(apart[apart.Length / 2], 0, 1);
    }

    [Fact]
    public void An_inverted_picture_has_the_same_minutiae_and_says_so()
    {
        DrawnPrint print = new(6);
        GrayImage image = print.Image;
        GrayImage inverted = DrawnPrint.Changed(
            image, image.Width, image.Height, (x, y) => 255 - image.Pixels.Span[(y * image.Width) + x]);
        FingerExtraction dark = extractor.Extract(image, 500);
        FingerExtraction light = extractor.Extract(inverted, 500);
        Assert.True(light.HasLightRidges);
        Assert.False(dark.HasLightRidges);
        Assert.Contains(light.Warnings, warning => warning.StartsWith("light-ridges", StringComparison.Ordinal));
        Assert.Equal(dark.View!.Minutiae, light.View!.Minutiae);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    public void A_turned_picture_has_its_minutiae_turned(int degrees)
    {
        DrawnPrint print = new(7);
        GrayImage image = print.Image;
        (int w, int h) = (image.Width, image.Height);
        GrayImage turned = degrees == 180
            ? DrawnPrint.Changed(image, w, h, (x, y) => image.Pixels.Span[((h - 1 - y) * w) + w - 1 - x])
            : DrawnPrint.Changed(image, h, w, (x, y) => image.Pixels.Span[(x * w) + w - 1 - y]);
        FingerExtraction found = extractor.Extract(turned, 500);
        DrawnPrint.Drawn[] wanted =
        [
            .. print.Minutiae.Select(m => degrees == 180
                ? m with { X = w - 1 - m.X, Y = h - 1 - m.Y, Turns = m.Turns + 0.5 }
                : m with { X = m.Y, Y = w - 1 - m.X, Turns = m.Turns + 0.25 }),
        ];
        Assert.InRange(Agreement.Found(wanted, found.Minutiae), wanted.Length - 2, wanted.Length);
    }

    [Theory]
    [InlineData(250)]
    [InlineData(569)]
    [InlineData(1000)]
    public void A_picture_of_another_resolution_has_its_minutiae_in_its_own_pixels(int ppi)
    {
        double scale = ppi / 500.0;
        DrawnPrint print = new(8, (int)(320 * scale), (int)(400 * scale), 9 * scale, 6, 10);
        FingerExtraction found = extractor.Extract(print.Image, ppi);
        Assert.Equal(print.Image.Width, found.View!.Width);
        Assert.Equal((int)Math.Round(ppi / 2.54), found.View.ResolutionX);
        Assert.InRange(Agreement.Found(print.Minutiae, found.Minutiae, 4 * scale), 5, 6);
        Assert.InRange(found.RidgePeriod, 8, 10);
    }

    [Fact]
    public void A_wrong_resolution_is_doubted()
    {
        DrawnPrint print = new(9, 500, 500, 13.2, 6);
        FingerExtraction found = extractor.Extract(print.Image, 500);
        Assert.Contains(
            found.Warnings, warning => warning.StartsWith("resolution-doubtful", StringComparison.Ordinal));
    }

    [Fact]
    public void Weak_contrast_finds_the_same_minutiae()
    {
        DrawnPrint print = new(10, noise: 8);
        GrayImage image = print.Image;
        GrayImage weak = DrawnPrint.Changed(
            image, image.Width, image.Height, (x, y) => 112 + (image.Pixels.Span[(y * image.Width) + x] / 8));
        FingerExtraction found = extractor.Extract(weak, 500);
        Assert.InRange(Agreement.Found(print.Minutiae, found.Minutiae), print.Minutiae.Count - 2, print.Minutiae.Count);
    }

    [Fact]
    public void A_frame_and_lines_of_a_form_add_nothing()
    {
        DrawnPrint print = new(11);
        GrayImage image = print.Image;
        GrayImage framed = DrawnPrint.Changed(image, 420, 520, (x, y) =>
            x is (>= 4 and < 7) or (>= 413 and < 416) || y is (>= 4 and < 7) or (>= 513 and < 516) || y is 130 or 131
                ? 0
                : x is >= 50 and < 370 && y is >= 60 and < 460
                    ? image.Pixels.Span[((y - 60) * 320) + x - 50] : 255);
        FingerExtraction found = extractor.Extract(framed, 500);
        DrawnPrint.Drawn[] wanted = [.. print.Minutiae.Select(m => m with { X = m.X + 50, Y = m.Y + 60 })];
        Assert.InRange(Agreement.Found(wanted, found.Minutiae), wanted.Length - 4, wanted.Length);
        ExtractedMinutia[] own = [.. found.Minutiae.Select(m => m with { X = m.X - 50, Y = m.Y - 60 })];
        Assert.InRange(Agreement.False(print, own), 0, 3);
        Assert.All(own, m => Assert.True(m.X is > 0 and < 320 && m.Y is > 0 and < 400));
    }

    [Fact]
    public void The_view_is_a_record_that_reads_back()
    {
        FingerExtraction found = extractor.Extract(new DrawnPrint(12).Image, 500, BiometricPosition.OfFinger(2));
        byte[] record = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [found.View!]);
        Decoded<FingerRecord> read = FingerRecords.Decode(TemplateFormat.Iso19794v2005, record);
        Assert.True(read.IsAccepted);
        FingerView view = Assert.Single(read.Value.Views);
        Assert.Equal(found.View!.Minutiae.Count, view.Minutiae.Count);
        Assert.Equal(found.Quality, view.Quality);
        Assert.Equal(BiometricPosition.OfFinger(2), view.Position);
        int[] qualities = [.. view.Minutiae.Select(minutia => (int)minutia.Quality)];
        Assert.Equal(qualities.OrderDescending(), qualities);
    }

    [Fact]
    public void The_record_of_a_print_is_the_same_at_every_cpu_level()
    {
        FingerExtraction found = extractor.Extract(new DrawnPrint(16, noise: 30).Image, 520);
        Assert.Equal("899DB48F0EFF7358", Hash(found.View!));

        // Before there were ridges, and a mark of the extractor.
        FingerView minutiae = found.View! with { Ridges = null, Extractor = FingerExtractorId.Unknown };
        Assert.Equal("3489DB0591FC7B7D", Hash(minutiae));
    }

    private static string Hash(FingerView view) => Convert.ToHexString(
        SHA256.HashData(FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view])))[..16];

    [Theory]
    [InlineData(320, 400)]
    [InlineData(324, 404)] // the last blocks have no middle
    [InlineData(321, 407)]
    public void One_extractor_gives_what_a_new_one_gives(int width, int height)
    {
        DrawnPrint drawn = new(13, width, height);
        GrayImage image = drawn.Image;
        PrintSteps fresh = new();
        fresh.Read(image.Pixels.Span, width, height);
        foreach (byte before in (byte[])[0, 255])
        {
            // Stripes of the strongest contrast, where the smaller picture then has its edges.
            extractor.Extract(
                DrawnPrint.Changed(image, 504, 424, (x, _) => x / 4 % 2 == 0 ? before : 255 - before), 500);
            FingerExtraction found = extractor.Extract(image, 500);
            Assert.Equal(new FingerExtractor().Extract(image, 500).Minutiae, found.Minutiae);
            Assert.Equal(
                fresh.Grid.Contrast[..fresh.Grid.Count], extractor.Steps.Grid.Contrast[..fresh.Grid.Count]);
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_pixels()
    {
        GrayImage image = new DrawnPrint(15).Image;
        extractor.Extract(image, 500);
        long before = GC.GetAllocatedBytesForCurrentThread();
        extractor.Extract(image, 500);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, image.Pixels.Length / 4);
    }

    [Fact]
    public void Pixels_that_are_not_width_times_height_are_the_callers_fault() =>
        Assert.Throws<ArgumentException>(() => extractor.Extract(new GrayImage(200, 200, new byte[100]), 500));
}
