using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Quality;

/// <summary>
/// Why a print of low quality is poor, read from its pixels. How poor it is says the extraction (docs/quality.md). Made
/// of IEEE 754's basic operations alone, so that every machine gives the same reason.
/// </summary>
public static class PoorPrint
{
    /// <summary>Prints of a quality below this are poor and get a reason: about one in ten of public sets.</summary>
    public const int Quality = 70;

    /// <summary>Square millimetres of clear ridges with less than which nothing is taken for a finger.</summary>
    private const double LeastClearMm2 = 3.3;

    /// <summary>Points that a print has at most for each square millimetre of clear ridges.</summary>
    private const double PointsPerClearMm2 = 0.9;

    /// <summary>A print with fewer minutiae has few.</summary>
    private const int FewMinutiae = 12;

    /// <summary>The reason; null for a print that is not poor.</summary>
    /// <param name="image">The print at 500 ppi with dark ridges; nothing about it makes this fail.</param>
    /// <param name="quality">Quality of the extraction, 0..100.</param>
    /// <param name="minutiae">How many minutiae were extracted.</param>
    public static QualityReason? ReasonOf(GrayImage image, int quality, int minutiae)
    {
        ArgumentNullException.ThrowIfNull(image);
        return quality >= Quality ? null : ReasonOf(PrintSigns.Of(image), minutiae);
    }

    /// <summary>The reason for a print with these signs; null signs are those of a picture without contrast.</summary>
    public static QualityReason ReasonOf(PrintSigns? signs, int minutiae)
    {
        if (signs is null || (signs.ClearMm2 < LeastClearMm2 && signs.Contrast >= QualityParts.LowContrast))
        {
            return QualityReason.NoFingerprint;
        }

        QualityParts parts = QualityParts.Of(signs);
        double byArea = PointsPerClearMm2 * signs.ClearMm2;
        return byArea >= parts.Value && minutiae < FewMinutiae ? QualityReason.FewMinutiae
            : parts.Reason(signs, byArea < parts.Value);
    }
}
