using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Extraction;

/// <summary>What is looked at; everything else is a failure with its numbers.</summary>
internal static class ExtractionLimits
{
    /// <summary>Below it ridges are narrower than two pixels.</summary>
    public const int LowestPpi = 180;

    /// <summary>The finest scanners of prints have 2,000; latent work alone goes further.</summary>
    public const int HighestPpi = 2000;

    /// <summary>Pixels of a side at 500 ppi: 8 mm, of which a print must show as much.</summary>
    public const int ShortestSide = 128;

    /// <summary>
    /// Pixels at 500 ppi: five planes of floats are then 60 MB. A slap of four fingers has 2.4 million.
    /// </summary>
    public const int MostPixels = 3_000_000;

    /// <summary>Pixels per inch to either side of 500 that records lose by rounding to centimetres.</summary>
    private const int Near = 2;

    public static FingerExtraction? SizeFault(int width, int height) =>
        Math.Min(width, height) < ShortestSide
            ? FingerExtractor.Failed(
                ExtractionFailure.TooSmall,
                $"{width} x {height} pixels at 500 ppi", $"at least {ShortestSide} on each side")
            : (long)width * height > MostPixels
                ? FingerExtractor.Failed(
                    ExtractionFailure.TooLarge,
                    $"{width} x {height} pixels at 500 ppi", $"at most {MostPixels} in all")
                : null;

    /// <summary>What is wrong with a picture before anything is made of it: its resolution, then its size.</summary>
    /// <param name="image">The picture as it was captured.</param>
    /// <param name="ppi">Its pixels per inch.</param>
    /// <param name="width">Pixels of a row at <see cref="FingerExtractor.WorkingPpi"/>.</param>
    /// <param name="height">Rows there.</param>
    public static FingerExtraction? FaultOf(GrayImage image, int ppi, out int width, out int height)
    {
        width = AtWorkingPpi(image.Width, ppi);
        height = AtWorkingPpi(image.Height, ppi);
        return ppi is < LowestPpi or > HighestPpi
            ? FingerExtractor.Failed(ExtractionFailure.Resolution, $"{ppi} ppi", $"{LowestPpi}..{HighestPpi}")
            : SizeFault(width, height);
    }

    private static int AtWorkingPpi(int pixels, int ppi) => Math.Abs(ppi - FingerExtractor.WorkingPpi) <= Near
        ? pixels : Resampling.SideAt(pixels, ppi, FingerExtractor.WorkingPpi);
}
