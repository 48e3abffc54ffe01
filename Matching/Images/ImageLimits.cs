namespace MatchCluster.Matching.Images;

/// <summary>What a picture may be, checked before anything is allocated for its pixels.</summary>
public static class ImageLimits
{
    /// <summary>Bytes of a file: a ten-print card at 1,000 ppi, compressed, is below it.</summary>
    public const int MostFileBytes = 8 << 20;

    /// <summary>Pixels of a side. A palm at 1,000 ppi has some 5,000.</summary>
    public const int LongestSide = 10_000;

    /// <summary>Pixels of a side below which nothing is a print or an eye.</summary>
    public const int ShortestSide = 16;

    /// <summary>Pixels of a picture: 64 MB of working floats.</summary>
    public const int MostPixels = 16_000_000;

    /// <summary>What is wrong with a size, or null.</summary>
    public static string? FaultOf(long width, long height) =>
        width < ShortestSide || height < ShortestSide || width > LongestSide || height > LongestSide
            ? $"a picture of {width} x {height} pixels; wanted {ShortestSide}..{LongestSide} on each side"
            : width * height > MostPixels
                ? $"a picture of {width * height} pixels; wanted at most {MostPixels}"
                : null;
}
