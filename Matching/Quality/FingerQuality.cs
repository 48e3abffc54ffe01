using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Quality;

/// <summary>
/// What a finger image is worth to a comparison: 0..100, and why a poor one is poor. Fitted to predict which prints of
/// one finger fail to match (docs/quality.md); made of IEEE 754's basic operations alone, so that every machine gives
/// the same value.
/// </summary>
/// <param name="Value">0 for nothing that can be compared to 100; a usual print has about 70.</param>
/// <param name="Reason">Why the print is poor; null for one that is not.</param>
/// <param name="Signs">What was read of the print; null where there was nothing to read.</param>
public sealed record FingerQuality(int Value, QualityReason? Reason, PrintSigns? Signs)
{
    /// <summary>Prints below this value are poor and get a reason.</summary>
    public const int Poor = 50;

    /// <summary>Square millimetres of clear ridges with less than which nothing is taken for a finger.</summary>
    private const double LeastClearMm2 = 3.3;

    /// <summary>Points that a print has at most for each square millimetre of clear ridges.</summary>
    private const double PointsPerClearMm2 = 0.9;

    /// <summary>Points that a print has at most for each of its minutiae.</summary>
    private const double PointsPerMinutia = 8;

    /// <summary>The quality of an image of 500 ppi with dark ridges on light.</summary>
    /// <param name="image">The image; nothing about it makes this fail.</param>
    /// <param name="minutiae">Its minutiae where they are known: very few of them lower the value.</param>
    public static FingerQuality Of(GrayImage image, IReadOnlyList<Minutia>? minutiae = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (PrintSigns.Of(image) is not { } signs)
        {
            return new FingerQuality(0, QualityReason.NoFingerprint, null);
        }

        QualityParts parts = QualityParts.Of(signs);
        double byArea = PointsPerClearMm2 * signs.ClearMm2;
        double value = Math.Min(parts.Value, byArea);
        double most = minutiae is null ? 100 : PointsPerMinutia * minutiae.Count;
        int rounded = (int)Math.Round(Math.Min(value, most));
        QualityReason? reason = rounded >= Poor ? null
            : signs.ClearMm2 < LeastClearMm2 && signs.Contrast >= QualityParts.LowContrast ? QualityReason.NoFingerprint
            : most < value ? QualityReason.FewMinutiae
            : parts.Reason(signs, byArea < parts.Value);
        return new FingerQuality(rounded, reason, signs);
    }
}
