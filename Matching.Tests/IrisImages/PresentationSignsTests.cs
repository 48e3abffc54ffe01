using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.IrisImages;

/// <summary>
/// What is noticed of prints, screens and printed lenses, as they are drawn. It is a note and never a refusal.
/// </summary>
public sealed class PresentationSignsTests
{
    private static readonly EyeView Usual = new(640, 480, 316, 243, 120);

    [Theory]
    [InlineData(3, 0.125, 0.15)]
    [InlineData(4.4, 0.125, 0.15)]
    [InlineData(6.3, 0.11, 0.25)]
    [InlineData(8, 0.2, 0.25)]
    public void A_halftone_print_is_noticed(double period, double turns, double seen) => Assert.Contains(
        "print-pattern", Codes(image => EyeAttack.Printed(image, period, turns, seen)));

    [Theory]
    [InlineData(2.6, 0.01, 0.1)]
    [InlineData(3.7, 0.004, 0.1)]
    [InlineData(5.5, 0.02, 0.2)]
    public void The_pixels_of_a_screen_are_noticed(double period, double turns, double gap) => Assert.Contains(
        "print-pattern", Codes(image => EyeAttack.OnScreen(image, period, turns, gap)));

    [Fact]
    public void A_dark_printed_lens_is_noticed() => Assert.Contains(
        "lens-pattern-possible", Codes(image => EyeAttack.UnderLens(image, Usual, 0.62, 45)));

    [Fact]
    public void Large_reflections_are_noticed() => Assert.Contains("glare", Codes(image =>
    {
        byte[] pixels = image.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y) = (i % image.Width, i / image.Width);
            pixels[i] = y is > 222 and < 278 && (x is > 205 and < 265 || x is > 370 and < 430) ? (byte)255 : pixels[i];
        }

        return image with { Pixels = pixels };
    }));

    [Fact]
    public void Nothing_is_noticed_of_eyes_without_any_of_it()
    {
        for (ulong eye = 0; eye < 6; eye++)
        {
            EyeView view = Usual with { Capture = eye, PupilRatio = 0.3 + (0.05 * eye), UpperLid = 0.6 + (0.1 * eye) };
            Assert.Empty(Signs(new SyntheticEye(eye).Take(view)).Warnings);
        }
    }

    private static IEnumerable<string> Codes(Func<GrayImage, GrayImage> attack)
    {
        GrayImage image = attack(new SyntheticEye(4).Take(Usual));
        Decoded<ExtractedTemplates> made = ModalityTable.Of(Modality.Iris).Extractor!.Extract(
            image, BiometricPosition.LeftEye, null, []);
        Assert.True(made.IsAccepted, $"{made.Rejection}");
        return made.Value.All[0].Notes.Select(note => note.Code);
    }

    private static PresentationSigns Signs(GrayImage image)
    {
        Decoded<IrisEncoded> encoded = IrisEncoder.Encode(image, BiometricPosition.LeftEye);
        Assert.True(encoded.IsAccepted, $"{encoded.Rejection}");
        return encoded.Value.Signs;
    }
}
