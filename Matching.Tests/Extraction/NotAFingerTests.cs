using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>Pictures that show no single finger give no minutiae and a reason.</summary>
public sealed class NotAFingerTests
{
    private readonly FingerExtractor extractor = new();

    [Fact]
    public void White_is_too_light() => Fails(ExtractionFailure.TooLight, 300, 400, (_, _) => 255);

    [Fact]
    public void Black_is_too_dark() => Fails(ExtractionFailure.TooDark, 300, 400, (_, _) => 3);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(1, 64)]
    [InlineData(3, 8)]
    [InlineData(4, 32)]
    public void Noise_of_any_grain_and_contrast_is_no_fingerprint(int grain, int fainter)
    {
        Random random = new(grain);
        byte[] grains = new byte[(400 / grain + 2) * (400 / grain + 2)];
        random.NextBytes(grains);
        GrayImage coarse = new(400 / grain + 2, 400 / grain + 2, grains);
        ReadOnlySpan<byte> fine = new Resampling().Apply(grains, coarse.Width, coarse.Height, 400, 400);
        byte[] pixels = [.. fine.ToArray().Select(level => (byte)(100 + ((level - 100) / fainter)))];
        Fails(ExtractionFailure.NoFingerprint, new GrayImage(400, 400, pixels));
    }

    [Theory]
    [InlineData(7.0, 0.0)]
    [InlineData(9.0, 0.7)]
    [InlineData(14.0, 1.2)]
    public void A_grating_is_no_fingerprint(double period, double tilt) => Fails(
        ExtractionFailure.NoFingerprint, 300, 300,
        (x, y) => 128 + (int)(100 * Math.Sin(Math.Tau * ((x * Math.Cos(tilt)) + (y * Math.Sin(tilt))) / period)));

    [Fact]
    public void A_chessboard_is_no_fingerprint() =>
        Fails(ExtractionFailure.NoFingerprint, 400, 400, (x, y) => (((x / 20) + (y / 20)) % 2) * 255);

    [Fact]
    public void Rings_without_minutiae_are_no_fingerprint() => Fails(
        ExtractionFailure.NoFingerprint, 400, 400,
        (x, y) => 128 + (int)(90 * Math.Sin(Math.Sqrt(((x - 200) * (x - 200)) + ((y - 200) * (y - 200))) * 0.7)));

    [Fact]
    public void A_slope_is_no_fingerprint() => Fails(ExtractionFailure.NoFingerprint, 300, 300, (x, y) => (x + y) / 3);

    [Fact]
    public void A_picture_below_6_mm_is_too_small() => Fails(ExtractionFailure.TooSmall, 120, 300, (_, _) => 128);

    [Fact]
    public void A_corner_of_a_print_is_too_small()
    {
        GrayImage print = new DrawnPrint(1).Image;
        Fails(ExtractionFailure.TooSmall, 320, 400, (x, y) =>
            x is >= 120 and < 200 && y is >= 200 and < 280 ? print.Pixels.Span[(y * 320) + x] : 220);
    }

    [Fact]
    public void Two_prints_are_several_fingers()
    {
        GrayImage one = new DrawnPrint(2).Image;
        Fails(ExtractionFailure.SeveralFingers, 700, 400, (x, y) =>
            x < 320 ? one.Pixels.Span[(y * 320) + x] : x >= 380 ? one.Pixels.Span[(y * 320) + x - 380] : 228);
    }

    [Fact]
    public void A_palm_is_too_large() => Fails(ExtractionFailure.TooLarge, new DrawnPrint(3, 1000, 1000).Image);

    [Fact]
    public void A_picture_of_ten_million_pixels_is_too_large() =>
        Fails(ExtractionFailure.TooLarge, new GrayImage(4000, 2500, new byte[10_000_000]));

    [Theory]
    [InlineData(72)]
    [InlineData(0)]
    [InlineData(-500)]
    [InlineData(9600)]
    public void A_resolution_without_ridges_is_refused(int ppi)
    {
        FingerExtraction found = extractor.Extract(new DrawnPrint(4).Image, ppi);
        Assert.Equal(ExtractionFailure.Resolution, found.Failure);
        Assert.Equal($"found {ppi} ppi, wanted 180..2000", found.Rejection?.ToString());
    }

    [Fact]
    public void Every_failure_has_its_word() => Assert.Equal(
        Enum.GetValues<ExtractionFailure>().Length,
        Enum.GetValues<ExtractionFailure>().Select(failure => failure.Word()).Distinct().Count());

    private void Fails(ExtractionFailure wanted, int width, int height, Func<int, int, int> pixel) =>
        Fails(wanted, DrawnPrint.Changed(new GrayImage(1, 1, new byte[1]), width, height, pixel));

    private void Fails(ExtractionFailure wanted, GrayImage image)
    {
        FingerExtraction found = extractor.Extract(image, 500);
        Assert.Equal(wanted, found.Failure);
        Assert.Null(found.View);
        Assert.Empty(found.Minutiae);
        Assert.Equal(0, found.Quality);
        Assert.False(found.IsExtracted);
        Assert.NotEmpty(found.Rejection.Found);
        Assert.NotEmpty(found.Rejection.Wanted);
        Assert.DoesNotMatch("found|wanted", found.Rejection.Found + found.Rejection.Wanted);
    }
}
