using System.Collections.Concurrent;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quality;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Modalities;

/// <summary>
/// The extractor of fingers as the port that every modality has. Each extractor keeps its planes from picture to
/// picture and serves one thread; as many are kept as there are processors, of those that read usual pictures.
/// </summary>
internal sealed class FingerPictureExtractor : ITemplateExtractor
{
    private const char AfterCode = ':';

    /// <summary>
    /// Pixels up to which an extractor is kept: 2 x 2 inches, in some 30 MB. One that has read a larger picture has
    /// up to three times as much, which nobody needs again.
    /// </summary>
    internal const int MostKeptPixels = 1_000_000;

    private readonly ConcurrentBag<FingerExtractor> idle = [];

    /// <summary>Extractors that wait for the next picture.</summary>
    internal int Kept => idle.Count;

    public Decoded<ExtractedTemplates> Extract(
        GrayImage image, BiometricPosition position, IReadOnlyList<int>? slap)
    {
        if (slap is not null)
        {
            return new Rejection(-1, "several-fingers: a slap", "a picture of one finger in each item");
        }

        FingerExtractor extractor = idle.TryTake(out FingerExtractor? kept) ? kept : new FingerExtractor();
        FingerExtraction found = extractor.Extract(image, PrintPreparation.Ppi, position);
        if (image.Pixels.Length <= MostKeptPixels && idle.Count < Environment.ProcessorCount)
        {
            idle.Add(extractor);
        }

        return found.IsExtracted
            ? new ExtractedTemplates([TemplateOf(image, found, found.View, position)])
            : new Rejection(-1, $"{found.Failure.Value.Word()}: {found.Reason}", "a fingerprint");
    }

    private static ExtractedTemplate TemplateOf(
        GrayImage image, FingerExtraction found, FingerView view, BiometricPosition position) =>
        new()
        {
            Position = position,
            Format = TemplateFormat.Iso19794v2005,
            Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]),
            Quality = found.Quality,
            Features = view.Minutiae.Count,
            Source = image,
            Notes = [.. found.Warnings.Select(NoteOf), .. PoorNotes(image, found.Quality, view.Minutiae.Count)],
        };

    /// <summary>Why a print of low quality is poor; nothing of a good one.</summary>
    private static IEnumerable<ImageNote> PoorNotes(GrayImage image, int quality, int minutiae)
    {
        if (PoorPrint.ReasonOf(image, quality, minutiae) is { } reason)
        {
            yield return new ImageNote(reason.Word(), reason.Sentence());
        }
    }

    /// <summary>Warnings are a code and a sentence.</summary>
    private static ImageNote NoteOf(string warning)
    {
        int end = warning.IndexOf(AfterCode, StringComparison.Ordinal);
        return end < 0 ? new ImageNote(ImageNote.File, warning)
            : new ImageNote(warning[..end], warning[(end + 1)..].Trim());
    }
}
