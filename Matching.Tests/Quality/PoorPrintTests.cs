using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Quality;
using MatchCluster.Matching.Tests.Extraction;

namespace MatchCluster.Matching.Tests.Quality;

/// <summary>The quality of a print and the reason for a poor one.</summary>
public sealed class PoorPrintTests
{
    [Fact]
    public void A_large_clear_print_is_good_and_has_no_reason()
    {
        GrayImage print = new DrawnPrint(1).Image;
        FingerExtraction found = new FingerExtractor().Extract(print, 500);
        Assert.InRange(found.Quality, PoorPrint.Quality, 100);
        Assert.Null(PoorPrint.ReasonOf(print, found.Quality, found.Minutiae.Count));
    }

    [Fact]
    public void Signs_are_those_that_were_drawn()
    {
        // 320 pixels are 16.256 mm.
        PrintSigns signs = PrintSigns.Of(RidgePictures.Bars(4, 4, side: 320))!;
        Assert.InRange(signs.RegionMm2, 0.8 * 264.3, 264.3);
        Assert.InRange(signs.ClearMm2, 0.8 * 264.3, 264.3);
        Assert.InRange(signs.Coherence, 0.95, 1);
        Assert.Equal(90, signs.Contrast, 1.0);
        Assert.Equal(1, signs.Unevenness, 1e-9);
        Assert.Equal(0, signs.Flow);
    }

    [Fact]
    public void A_small_print_is_worth_less_than_a_large_one()
    {
        int last = 0;
        foreach (int side in (int[])[220, 260, 320])
        {
            DrawnPrint print = new(2, side, side, minutiae: 6);
            int value = new FingerExtractor().Extract(print.Image, 500).Quality;
            Assert.True(value > last, $"{side}: {value} after {last}");
            last = value;
        }
    }

    [Fact]
    public void A_tip_of_a_finger_is_too_small() => Expect(
        QualityReason.TooSmall, OnWhite(RidgePictures.Rings(9, 120)));

    [Fact]
    public void Squeezed_grey_levels_are_low_contrast() => Expect(
        QualityReason.LowContrast, Map(Print(), level => 128 + ((level - 128) / 12.0)));

    [Fact]
    public void Uneven_widths_on_dark_are_too_dark() => Expect(QualityReason.TooDark, Uneven(level: 50));

    [Fact]
    public void Uneven_widths_on_light_are_too_dry() => Expect(QualityReason.TooDry, Uneven(level: 190));

    [Theory]
    [InlineData(1.25, 0.0, 150, QualityReason.OffCentre)]
    [InlineData(1.60, 0.3, 150, QualityReason.Smudged)]
    [InlineData(1.60, 0.3, 80, QualityReason.TooDark)]
    [InlineData(1.60, 0.3, 200, QualityReason.TooDry)]
    public void The_lowest_part_is_the_reason(double unevenness, double flow, double brightness, QualityReason reason)
    {
        PrintSigns signs = new(
            RegionMm2: 200, ClearMm2: 120, StrongMm2: 100, Coherence: 0.7, Contrast: 50, Brightness: brightness,
            Unevenness: unevenness, Flow: flow);
        Assert.Equal(reason, PoorPrint.ReasonOf(signs, minutiae: 30));
        Assert.Equal(reason, QualityParts.Of(signs).Reason(signs, lacksArea: false));
        Assert.Equal(QualityReason.TooSmall, QualityParts.Of(signs).Reason(signs, lacksArea: true));
    }

    [Fact]
    public void Blurred_ridges_are_worth_less()
    {
        GrayImage clear = new DrawnPrint(3).Image;
        GrayImage smudged = new DrawnPrint(3, noise: 160).Image;
        FingerExtractor extractor = new();
        Assert.True(extractor.Extract(smudged, 500).Quality < extractor.Extract(clear, 500).Quality - 10);
    }

    [Fact]
    public void Noise_blank_and_tiny_pictures_are_no_fingerprints()
    {
        GrayImage[] pictures =
        [
            RidgePictures.Noise(3), RidgePictures.Draw(300, 300, (_, _) => 255),
            RidgePictures.Draw(300, 300, (_, _) => 0), RidgePictures.Draw(1, 1, (_, _) => 0),
            RidgePictures.Draw(3000, 2, (x, _) => x % 9 < 5 ? 0 : 255),
            RidgePictures.Draw(300, 300, (x, y) => (x + y) / 3.0),
        ];
        FingerExtractor extractor = new();
        Assert.All(pictures, picture =>
        {
            FingerExtraction found = extractor.Extract(picture, 500);
            Assert.Equal(0, found.Quality);
            Assert.NotNull(PoorPrint.ReasonOf(picture, found.Quality, found.Minutiae.Count));
        });
        Assert.Equal(QualityReason.NoFingerprint, PoorPrint.ReasonOf(pictures[0], 0, 0));
        Assert.Equal(QualityReason.NoFingerprint, PoorPrint.ReasonOf(pictures[1], 0, 0));
    }

    [Fact]
    public void Hardly_any_minutiae_are_a_reason()
    {
        Assert.NotEqual(QualityReason.FewMinutiae, PoorPrint.ReasonOf(Print(), quality: 60, minutiae: 30));
        Assert.Equal(QualityReason.FewMinutiae, PoorPrint.ReasonOf(Print(), quality: 60, minutiae: 3));
        Assert.Null(PoorPrint.ReasonOf(Print(), PoorPrint.Quality, minutiae: 3));
    }

    [Fact]
    public void Every_reason_has_a_word_of_its_own()
    {
        string[] words = [.. Enum.GetValues<QualityReason>().Select(reason => reason.Word())];
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.All(words, word => Assert.Matches("^[a-z]+(-[a-z]+)*$", word));
        Assert.All(Enum.GetValues<QualityReason>(), reason => Assert.NotEmpty(reason.Sentence()));
    }

    private static void Expect(QualityReason reason, GrayImage image) =>
        Assert.Equal(reason, PoorPrint.ReasonOf(image, quality: 40, minutiae: 30));

    private static GrayImage Print() => OnWhite(RidgePictures.Rings(9, 320));

    /// <summary>A disc of a picture on white paper.</summary>
    private static GrayImage OnWhite(GrayImage image)
    {
        double radius = (image.Width / 2.0) - 4;
        GrayImage disc = RidgePictures.Draw(image.Width, image.Height, (x, y) =>
            Math.Sqrt(Math.Pow(x - (image.Width / 2.0), 2) + Math.Pow(y - (image.Height / 2.0), 2)) < radius
                ? image.Pixels.Span[(y * image.Width) + x] : 245);
        return RidgePictures.Framed(disc, 20, 20, 20, 20, 245);
    }

    private static GrayImage Map(GrayImage image, Func<byte, double> level) => RidgePictures.Draw(
        image.Width, image.Height, (x, y) => level(image.Pixels.Span[(y * image.Width) + x]));

    private static List<bool> Widths(int least, int most)
    {
        var random = new Random(5);
        List<bool> isDark = [];
        while (isDark.Count < 400)
        {
            isDark.AddRange(Enumerable.Repeat(isDark.Count > 0 && !isDark[^1], random.Next(least, most + 1)));
        }

        return isDark;
    }

    /// <summary>Rings whose widths are 2 to 10 pixels, as a seed says.</summary>
    private static GrayImage Uneven(int level)
    {
        List<bool> isDark = Widths(2, 10);
        return OnWhite(RidgePictures.Draw(320, 320, (x, y) =>
        {
            double radius = Math.Sqrt(Math.Pow(x - 160, 2) + Math.Pow(y - 160, 2));
            return isDark[(int)radius] ? level - 40 : level + 40;
        }));
    }
}
