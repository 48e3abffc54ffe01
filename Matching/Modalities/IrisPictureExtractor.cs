using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Modalities;

/// <summary>
/// The encoder of irises as the port that every modality has: one template with both codes of the eye.
/// </summary>
internal sealed class IrisPictureExtractor : ITemplateExtractor
{
    /// <summary>How sure the outer border is from which on the answer says that it is not.</summary>
    private const double Doubtful = 0.9;

    public Decoded<ExtractedTemplates> Extract(GrayImage image, BiometricPosition position, SlapRequest? slap)
    {
        Decoded<IrisEncoded> found = IrisEncoder.Encode(image, position);
        if (!found.IsAccepted)
        {
            return new Rejection(-1, $"no-iris: {found.Rejection.Found}", found.Rejection.Wanted);
        }

        IrisEncoded eye = found.Value;
        return new ExtractedTemplates(
        [
            new ExtractedTemplate
            {
                Position = position,
                Format = TemplateFormat.MatchClusterIris,
                Template = IrisTemplates.Encode(TemplateFormat.MatchClusterIris, eye.Codes),
                Quality = eye.Quality.Overall,
                Features = eye.Narrow.ValidBits,
                Notes = [.. NotesOf(eye)],
                Source = image,
            },
        ]);
    }

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
