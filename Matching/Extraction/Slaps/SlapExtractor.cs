using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>A finger of a picture of several and what was extracted of it.</summary>
/// <param name="Finger">Which, and where in the picture.</param>
/// <param name="Picture">It alone, upright, at 500 ppi.</param>
/// <param name="Print">Its minutiae in that picture, or why there are none.</param>
/// <param name="Drawn">What was drawn of it; null where nothing was, and without minutiae.</param>
public sealed record ExtractedFinger(
    SlapFinger Finger, GrayImage Picture, FingerExtraction Print, DrawnPicture? Drawn = null);

/// <summary>What a picture of several fingers gave.</summary>
/// <param name="Segmentation">Where the fingers are; its failure goes with no finger.</param>
/// <param name="Fingers">From the left; one without minutiae says why.</param>
public sealed record SlapExtraction(SlapSegmentation Segmentation, IReadOnlyList<ExtractedFinger> Fingers);

/// <summary>
/// From a picture of several fingers to the minutiae of each. One extractor serves one call at a time; the fingers of a
/// picture go through extractors of their own, several at a time.
/// </summary>
public sealed class SlapExtractor
{
    private readonly SlapSegmenter segmenter = new();
    private readonly List<FingerExtractor> extractors = [];
    private readonly int threads;

    /// <param name="threads">Fingers that are extracted at a time.</param>
    public SlapExtractor(int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        this.threads = threads;
    }

    /// <summary>Where the fingers are, without extracting them.</summary>
    /// <param name="image">Prints of any resolution that <see cref="FingerExtractor"/> takes.</param>
    /// <param name="ppi">Its pixels per inch.</param>
    /// <param name="request">The fingers that it should show.</param>
    public SlapSegmentation Segment(GrayImage image, int ppi, SlapRequest request) =>
        Scaled(At(image, ppi, request, out _), ppi);

    /// <summary>The fingers with their minutiae; boxes are in pixels of the picture that was given.</summary>
    /// <param name="image">Prints of any resolution that <see cref="FingerExtractor"/> takes.</param>
    /// <param name="ppi">Its pixels per inch.</param>
    /// <param name="request">The fingers that it should show.</param>
    public SlapExtraction Extract(GrayImage image, int ppi, SlapRequest request) =>
        Extract(image, ppi, request, static (_, _, _) => null);

    /// <summary>The fingers with their minutiae, and with what is drawn of each while its planes are there.</summary>
    /// <param name="image">Prints of any resolution that <see cref="FingerExtractor"/> takes.</param>
    /// <param name="ppi">Its pixels per inch.</param>
    /// <param name="request">The fingers that it should show.</param>
    /// <param name="draw">Draws a finger that gave minutiae; called by several threads at a time.</param>
    internal SlapExtraction Extract(
        GrayImage image, int ppi, SlapRequest request,
        Func<GrayImage, FingerExtraction, PrintSteps, DrawnPicture?> draw)
    {
        SlapSegmentation found = At(image, ppi, request, out GrayImage picture);
        if (found.IsRefused)
        {
            return new SlapExtraction(Scaled(found, ppi), []);
        }

        while (extractors.Count < Math.Min(threads, found.Fingers.Count))
        {
            extractors.Add(new FingerExtractor());
        }

        var pictures = new GrayImage[found.Fingers.Count];
        var prints = new FingerExtraction[pictures.Length];
        var drawn = new DrawnPicture?[pictures.Length];
        int next = -1;
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, Math.Min(threads, prints.Length), atOnce, turn =>
        {
            for (int k = Interlocked.Increment(ref next); k < prints.Length; k = Interlocked.Increment(ref next))
            {
                SlapFinger finger = found.Fingers[k];
                pictures[k] = segmenter.Cut.Of(picture, finger, k + 1);
                prints[k] = extractors[turn].Extract(pictures[k], FingerExtractor.WorkingPpi, finger.Position);
                drawn[k] = prints[k].IsExtracted ? draw(pictures[k], prints[k], extractors[turn].Steps) : null;
            }
        });
        SlapSegmentation scaled = Scaled(found, ppi);
        return new SlapExtraction(
            scaled,
            [.. scaled.Fingers.Select((finger, k) => new ExtractedFinger(finger, pictures[k], prints[k], drawn[k]))]);
    }

    private SlapSegmentation At(GrayImage image, int ppi, SlapRequest request, out GrayImage picture)
    {
        ArgumentNullException.ThrowIfNull(image);
        picture = image;
        if (ExtractionLimits.FaultOf(image, ppi, out int width, out _) is { IsExtracted: false } fault)
        {
            return SlapSegmentation.Refused(fault.Failure.Value, fault.Rejection);
        }

        picture = width == image.Width ? image : Resampling.ToPpi(image, ppi, FingerExtractor.WorkingPpi);
        return segmenter.Segment(picture, request);
    }

    private static SlapSegmentation Scaled(SlapSegmentation found, int ppi)
    {
        double scale = ppi / (double)FingerExtractor.WorkingPpi;
        return found with { Fingers = [.. found.Fingers.Select(finger => finger.Scaled(scale))] };
    }
}
