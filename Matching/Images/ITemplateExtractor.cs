using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images;

/// <summary>
/// Makes templates of a picture. A modality has one or none; everything round it (decoding, containers, resolution,
/// polarity, quality gates, answers) is the same for all.
/// </summary>
public interface ITemplateExtractor
{
    /// <summary>Why a picture of this size is refused before work is done on it; null where it is taken.</summary>
    /// <param name="width">Pixels of a row, of a print at <see cref="PrintPreparation.Ppi"/>.</param>
    /// <param name="height">Rows.</param>
    Rejection? SizeFault(int width, int height) => null;

    /// <summary>The templates of a picture, or why it gives none.</summary>
    /// <param name="image">
    /// A print at <see cref="PrintPreparation.Ppi"/> with dark ridges on light, or an eye as it was captured.
    /// </param>
    /// <param name="position">The finger or eye; unknown where nobody says, or where it is a slap.</param>
    /// <param name="slap">What a picture of several fingers should show; null for one finger or an eye.</param>
    /// <param name="drawings">
    /// What is to be drawn of each template's picture while the steps are still there; kinds of another modality are
    /// passed over.
    /// </param>
    Decoded<ExtractedTemplates> Extract(
        GrayImage image, BiometricPosition position, SlapRequest? slap, IReadOnlyList<DrawingKind> drawings);
}

/// <summary>What a picture gave; at least one template.</summary>
public sealed record ExtractedTemplates(IReadOnlyList<ExtractedTemplate> All);

/// <summary>One template that was made of a picture.</summary>
public sealed record ExtractedTemplate
{
    public required BiometricPosition Position { get; init; }

    public required TemplateFormat Format { get; init; }

    public required ReadOnlyMemory<byte> Template { get; init; }

    /// <summary>0 (nothing to see) to 100.</summary>
    public required int Quality { get; init; }

    /// <summary>What was found to compare by: minutiae of a finger, valid bits of an eye.</summary>
    public required int Features { get; init; }

    /// <summary>Where the finger lies in a picture of several; null for a picture of its own.</summary>
    public FingerBox? Box { get; init; }

    /// <summary>What was assumed or changed, and why a picture is poor.</summary>
    public IReadOnlyList<ImageNote> Notes { get; init; } = [];

    /// <summary>What was asked to be drawn of the picture; null where nothing was.</summary>
    public DrawnPicture? Drawn { get; init; }
}
