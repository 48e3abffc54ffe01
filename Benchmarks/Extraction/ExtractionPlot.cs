using MatchCluster.Matching.Drawings;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;

namespace MatchCluster.Benchmarks.Extraction;

/// <summary>
/// One picture's steps side by side at 500 ppi, as an SVG: the picture with its minutiae coloured by quality,
/// the directions of its ridges, the enhanced ridges, and how much of each block the ridges explain.
/// </summary>
internal static class ExtractionPlot
{
    private const int Gap = 12;
    private const int Header = 26;

    private static readonly DrawingKind[] Shown =
        [DrawingKind.Minutiae, DrawingKind.Orientation, DrawingKind.Enhanced, DrawingKind.Quality];

    /// <summary>Draws what the extractor holds of its last picture.</summary>
    public static byte[] Draw(PictureFile picture, FingerExtraction found, FingerExtractor extractor)
    {
        FingerDrawing drawing = new(picture.Image, picture.Ppi, found, extractor.Steps);
        int step = drawing.Width + Gap;
        SvgSheet sheet = new((Shown.Length * step) - Gap, Header + drawing.Height, "Steps of the extraction");
        sheet.Text(4, 17, Headline(found));

        // A picture that was refused before the steps is shown without them.
        for (int i = 0; i < (drawing.HasSteps ? Shown.Length : 1); i++)
        {
            sheet.Begin(i * step, Header);
            drawing.Draw(sheet, Shown[i]);
            sheet.End();
        }

        return sheet.ToBytes();
    }

    private static string Headline(FingerExtraction found) => found.IsExtracted
        ? $"{found.Minutiae.Count} minutiae, quality {found.Quality}, {found.Area:0} mm², "
            + $"period {found.RidgePeriod:0.0}"
        : $"{found.Failure.Value.Word()}: {found.Rejection}";
}
