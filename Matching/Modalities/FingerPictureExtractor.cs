using System.Collections.Concurrent;
using MatchCluster.Matching.Drawings;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Extraction.Slaps;
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

    /// <summary>A finger of a slap is there and cannot be used.</summary>
    private const string FingerRefused = "finger-refused";

    /// <summary>
    /// Pixels up to which an extractor is kept: 2 x 2 inches, in some 30 MB. One that reads larger pictures has up to
    /// three times as much; it serves the next of them, until the collector wants its memory.
    /// </summary>
    internal const int MostKeptPixels = 1_000_000;

    private readonly ConcurrentBag<FingerExtractor> idle = [];

    /// <summary>
    /// Extractors of large pictures. A new one for each of them leaves 100 MB to the collector, which waits until
    /// several are dead.
    /// </summary>
    private readonly ConcurrentBag<WeakReference<FingerExtractor>> idleLarge = [];

    /// <summary>The extractor of slaps that waits; one is kept, and others are made and forgotten.</summary>
    private SlapExtractor? idleSlaps;

    /// <summary>Extractors that wait for the next picture, and those of them that wait for a large one.</summary>
    internal (int Usual, int Large) Kept => (idle.Count, idleLarge.Count);

    public Rejection? SizeFault(int width, int height) =>
        ExtractionLimits.SizeFault(width, height) is { IsExtracted: false } fault
            ? Refused(fault.Failure.Value, fault.Rejection) : null;

    public Decoded<ExtractedTemplates> Extract(
        GrayImage image, BiometricPosition position, SlapRequest? slap, IReadOnlyList<DrawingKind> drawings)
    {
        if (slap is not null)
        {
            return ExtractSlap(image, slap, drawings);
        }

        bool isLarge = image.Pixels.Length > MostKeptPixels;
        FingerExtractor extractor = Taken(isLarge);
        FingerExtraction found = extractor.Extract(image, PrintPreparation.Ppi, position);
        DrawnPicture? drawn =
            found.IsExtracted ? FingerDrawing.Of(image, found, extractor.Steps, drawings) : null;
        GiveBack(extractor, isLarge);
        return found.IsExtracted
            ? new ExtractedTemplates([TemplateOf(image, found, found.View, position) with { Drawn = drawn }])
            : Refused(found.Failure.Value, found.Rejection);
    }

    /// <summary>An extractor that waits, or a new one.</summary>
    private FingerExtractor Taken(bool isLarge)
    {
        if (!isLarge)
        {
            return idle.TryTake(out FingerExtractor? kept) ? kept : new FingerExtractor();
        }

        while (idleLarge.TryTake(out WeakReference<FingerExtractor>? large))
        {
            if (large.TryGetTarget(out FingerExtractor? kept))
            {
                return kept;
            }
        }

        return new FingerExtractor();
    }

    private void GiveBack(FingerExtractor extractor, bool isLarge)
    {
        if (isLarge && idleLarge.Count < Environment.ProcessorCount)
        {
            idleLarge.Add(new WeakReference<FingerExtractor>(extractor));
        }
        else if (!isLarge && idle.Count < Environment.ProcessorCount)
        {
            idle.Add(extractor);
        }
    }

    private Decoded<ExtractedTemplates> ExtractSlap(
        GrayImage image, SlapRequest slap, IReadOnlyList<DrawingKind> drawings)
    {
        // Pictures take at most half of the processors, and so do the fingers of one.
        SlapExtractor extractor = Interlocked.Exchange(ref idleSlaps, null)
            ?? new SlapExtractor(Math.Max(1, Environment.ProcessorCount / 2));
        SlapExtraction found = extractor.Extract(
            image, PrintPreparation.Ppi, slap,
            (picture, print, steps) => FingerDrawing.Of(picture, print, steps, drawings));
        idleSlaps = extractor;
        if (found.Segmentation.IsRefused)
        {
            return Refused(found.Segmentation.Failure.Value, found.Segmentation.Rejection);
        }

        List<ImageNote> notes = [.. found.Segmentation.Warnings.Select(NoteOf)];
        foreach (ExtractedFinger finger in found.Fingers)
        {
            if (!finger.Print.IsExtracted)
            {
                notes.Add(new ImageNote(
                    FingerRefused,
                    $"{finger.Finger.Position} gives no template: {finger.Print.Failure.Value.Word()}: "
                        + finger.Print.Rejection));
            }
        }

        ExtractedTemplate[] all =
        [
            .. found.Fingers.Where(finger => finger.Print.IsExtracted).Select(finger =>
            {
                ExtractedTemplate template =
                    TemplateOf(finger.Picture, finger.Print, finger.Print.View!, finger.Finger.Position);
                return template with
                {
                    Box = finger.Finger.Box,
                    Notes = [.. notes, .. template.Notes],
                    Drawn = finger.Drawn,
                };
            }),
        ];
        return all.Length > 0 ? new ExtractedTemplates(all) : NoneOf(found.Fingers);
    }

    /// <summary>Why none of the fingers gives a template: what each shows, and what the first lacks.</summary>
    private static Rejection NoneOf(IReadOnlyList<ExtractedFinger> fingers)
    {
        FingerExtraction first = fingers[0].Print;
        return Refused(first.Failure!.Value, first.Rejection! with
        {
            Found = string.Join(
                "; ", fingers.Select(finger => $"{finger.Finger.Position} with {finger.Print.Rejection!.Found}")),
        });
    }

    private static Rejection Refused(ExtractionFailure failure, Rejection why) =>
        why with { Found = $"{failure.Word()}: {why.Found}" };

    private static ExtractedTemplate TemplateOf(
        GrayImage image, FingerExtraction found, FingerView view, BiometricPosition position) =>
        new()
        {
            Position = position,
            Format = TemplateFormat.Iso19794v2005,
            Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]),
            Quality = found.Quality,
            Features = view.Minutiae.Count,
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
