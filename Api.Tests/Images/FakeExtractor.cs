using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests.Images;

/// <summary>
/// Stands for an extractor: the first pixel of a picture names a person that does not exist, the second the quality. A
/// person 0 is a picture without a print, and the last one meets a defect.
/// </summary>
internal sealed class FakeExtractor : ITemplateExtractor
{
    public const int Side = 64;

    /// <summary>A person at whom the extractor throws.</summary>
    public const int Defect = 255;

    private static readonly SyntheticPopulation People = new(7);

    public Decoded<ExtractedTemplates> Extract(
        GrayImage image, BiometricPosition position, SlapRequest? slap, IReadOnlyList<DrawingKind> drawings)
    {
        int person = image.Pixels.Span[0];
        int quality = image.Pixels.Span[1];
        if (person == 0)
        {
            return new Rejection(-1, "no-fingerprint: nothing with ridges", "a print");
        }

        if (person == Defect)
        {
            throw new InvalidOperationException("a defect of an extractor");
        }

        IEnumerable<int> fingers = slap?.Expected ?? [position.IsUnknown ? 2 : position.Finger];
        return new ExtractedTemplates(
        [
            .. fingers.Select(finger =>
            {
                FingerView view = People.Person(person).Finger(finger, 1);
                return new ExtractedTemplate
                {
                    Position = view.Position,
                    Format = TemplateFormat.Iso19794v2005,
                    Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]),
                    Quality = quality,
                    Features = view.Minutiae.Count,
                    Notes = quality < 40 ? [new ImageNote("too-dark", "the print is too dark")] : [],
                };
            }),
        ]);
    }

    /// <summary>A picture as this extractor reads it, as PGM.</summary>
    public static byte[] Picture(int person, int quality = 60) =>
        [.. System.Text.Encoding.ASCII.GetBytes($"P5 {Side} {Side} 255\n"), .. Pixels(person, quality)];

    public static byte[] Pixels(int person, int quality = 60)
    {
        byte[] pixels = new byte[Side * Side];
        Array.Fill(pixels, (byte)128);
        (pixels[0], pixels[1]) = ((byte)person, (byte)quality);
        return pixels;
    }
}
