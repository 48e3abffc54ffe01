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

    public static FingerExtraction? SizeFault(int width, int height) =>
        Math.Min(width, height) < ShortestSide
            ? FingerExtractor.Failed(
                ExtractionFailure.TooSmall,
                $"{width} x {height} pixels at 500 ppi; wanted at least {ShortestSide} on each side")
            : (long)width * height > MostPixels
                ? FingerExtractor.Failed(
                    ExtractionFailure.TooLarge,
                    $"{width} x {height} pixels at 500 ppi; wanted at most {MostPixels} in all")
                : null;
}
