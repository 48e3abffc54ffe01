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

    /// <summary>
    /// Bytes of samples before they are grey: 16 million pixels of three bytes are below it. What is compressed a
    /// thousandfold costs the time of these bytes.
    /// </summary>
    public const long MostSampleBytes = 64 << 20;

    /// <summary>What a size should have been.</summary>
    public const string Wanted = "a picture within these limits";

    /// <summary>What is wrong with a size, or null.</summary>
    public static string? FaultOf(long width, long height) =>
        width < ShortestSide || height < ShortestSide || width > LongestSide || height > LongestSide
            ? $"a picture of {width} x {height} pixels; wanted {ShortestSide}..{LongestSide} on each side"
            : width * height > MostPixels
                ? $"a picture of {width * height} pixels; wanted at most {MostPixels}"
                : null;

    /// <summary>What is wrong with a size at so many bits a pixel, or null.</summary>
    public static string? FaultOf(long width, long height, int bitsPerPixel)
    {
        long bytes = height * (((width * bitsPerPixel) + 7) / 8);
        return FaultOf(width, height) ?? (bytes > MostSampleBytes
            ? $"{bytes} bytes of samples; wanted at most {MostSampleBytes}" : null);
    }
}
