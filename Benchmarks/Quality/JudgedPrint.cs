using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quality;
using MatchCluster.Matching.Quality.Nfiq2;

namespace MatchCluster.Benchmarks.Quality;

/// <summary>A print's image with what it was judged to be worth.</summary>
/// <param name="Image">The image at 500 ppi with dark ridges.</param>
/// <param name="SourcePpi">Pixels per inch of the file.</param>
/// <param name="Minutiae">
/// Those of the record beside the image, at 500 ppi; those that were extracted where there is none.
/// </param>
/// <param name="Extraction">What our own extractor finds in the image, and the quality of that.</param>
/// <param name="Signs">What is read of the pixels; null where they show no contrast.</param>
/// <param name="Measures">NFIQ 2's measures, or why there are none.</param>
/// <param name="NfiqLike">
/// Score of the forest with these minutiae; null without a forest, minutiae or measures.
/// </param>
internal sealed record JudgedPrint(
    GrayImage Image, int SourcePpi, IReadOnlyList<Minutia>? Minutiae, FingerExtraction Extraction, PrintSigns? Signs,
    Decoded<NfiqMeasures> Measures, int? NfiqLike)
{
    /// <summary>Pixels per inch of a record are rounded to whole pixels per centimetre.</summary>
    private const double CentimetresPerInch = 2.54;

    /// <summary>Endings of records that may lie beside an image.</summary>
    private static readonly string[] RecordEndings = [".iso", ".ansi", ".fmr"];

    /// <summary>Endings of images.</summary>
    public static IReadOnlyList<string> ImageEndings { get; } =
        [".png", ".tif", ".tiff", ".bmp", ".wsq", ".jpg", ".jpeg", ".jp2", ".pgm"];

    /// <summary>Reads and judges an image, or says why it cannot be read.</summary>
    /// <param name="path">The image; a record of minutiae beside it has its name and another ending.</param>
    /// <param name="ppi">Pixels per inch; null takes the record's, then the file's.</param>
    /// <param name="forest">The forest; null for none.</param>
    public static Decoded<JudgedPrint> Read(string path, int? ppi, QualityForest? forest)
    {
        Decoded<GrayImage> image = ImageDecoder.Decode(File.ReadAllBytes(path));
        if (!image.IsAccepted)
        {
            return image.Rejection;
        }

        FingerView? view = RecordEndings
            .Select(ending => Path.ChangeExtension(path, ending))
            .Where(File.Exists)
            .Select(record => FingerFiles.View(File.ReadAllBytes(record), out Rejection? _))
            .FirstOrDefault();
        int? recordPpi = view is null ? null : (int)Math.Round(view.ResolutionX * CentimetresPerInch);
        Decoded<PreparedPrint> print = PrintPreparation.Prepare(
            image.Value, new PrintReading { RequestPpi = ppi, RecordPpi = recordPpi });
        if (!print.IsAccepted)
        {
            return print.Rejection;
        }

        GrayImage prepared = print.Value.Image;
        double scale = (double)prepared.Width / image.Value.Width;
        FingerExtraction extraction = new FingerExtractor().Extract(prepared, PrintPreparation.Ppi);
        IReadOnlyList<Minutia>? minutiae = view is null ? extraction.View?.Minutiae
            : [.. view.Minutiae.Select(it => it with { X = Scaled(it.X, scale), Y = Scaled(it.Y, scale) })];
        NfiqEdition edition = forest?.Edition ?? NfiqEdition.Version23;
        Decoded<NfiqMeasures> measures = NfiqMeasures.Of(prepared, minutiae ?? [], edition);
        return new JudgedPrint(
            prepared, print.Value.SourcePpi, minutiae, extraction, PrintSigns.Of(prepared), measures,
            forest is null || minutiae is null || !measures.IsAccepted ? null : forest.Score(measures.Value));
    }

    /// <summary>Why the print is poor; null for one that is not.</summary>
    public QualityReason? Reason => Extraction.Quality >= PoorPrint.Quality ? null
        : PoorPrint.ReasonOf(Signs, Extraction.Minutiae.Count);

    private static ushort Scaled(ushort at, double scale) => (ushort)Math.Round(at * scale);
}
