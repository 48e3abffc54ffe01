using MatchCluster.Matching.Drawings;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Modalities;

/// <summary>
/// The encoder of irises as the port that every modality has: for each eye one template with both of its codes. A
/// picture of both eyes gives both; where the label is of one, that one.
/// </summary>
internal sealed class IrisPictureExtractor : ITemplateExtractor
{
    /// <summary>How sure the outer border is from which on the answer says that it is not.</summary>
    private const double Doubtful = 0.9;

    private static readonly ImageNote TwoEyes = new(
        "two-eyes", "the picture shows two eyes; the one on its left is taken for the right eye");

    public Decoded<ExtractedTemplates> Extract(
        GrayImage image, BiometricPosition position, SlapRequest? slap, IReadOnlyList<DrawingKind> drawings)
    {
        Decoded<IReadOnlyList<IrisEncoded>> found = EyePair.Encode(image, position);
        if (!found.IsAccepted)
        {
            return new Rejection(-1, $"no-iris: {found.Rejection.Found}", found.Rejection.Wanted);
        }

        bool areBoth = found.Value.Count > 1;
        return new ExtractedTemplates(
        [
            .. found.Value.Where(eye => !areBoth || position.IsUnknown || eye.Narrow.Position == position)
                .Select(eye => TemplateOf(eye, areBoth) with { Drawn = EyeDrawing.Of(image, eye, drawings) }),
        ]);
    }

    private static ExtractedTemplate TemplateOf(IrisEncoded eye, bool isOfBoth) => new()
    {
        Position = eye.Narrow.Position,
        Format = TemplateFormat.MatchClusterIris,
        Template = IrisTemplates.Encode(TemplateFormat.MatchClusterIris, eye.Codes),
        Quality = eye.Quality.Overall,
        Features = eye.Narrow.ValidBits,
        Notes = isOfBoth ? [TwoEyes, .. NotesOf(eye)] : [.. NotesOf(eye)],
    };

    private static IEnumerable<ImageNote> NotesOf(IrisEncoded eye)
    {
        foreach (string fault in eye.Quality.Faults)
        {
            yield return new ImageNote("iris-quality", fault);
        }

        foreach ((string code, string sentence) in eye.Signs.Warnings)
        {
            yield return new ImageNote(code, sentence);
        }

        if (eye.Outline.Doubt > Doubtful)
        {
            yield return new ImageNote("border-doubtful", "another outer border of the iris was nearly as clear");
        }
    }
}
