using MatchCluster.Matching.Model;

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

    /// <summary>What is wrong with a size, or null.</summary>
    /// <param name="at">Byte at which the file states it; -1 where none does.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    public static Rejection? FaultOf(long at, long width, long height) =>
        width < ShortestSide || height < ShortestSide || width > LongestSide || height > LongestSide
            ? new Rejection(
                at, $"a picture of {width} x {height} pixels", $"{ShortestSide}..{LongestSide} on each side")
            : width * height > MostPixels
                ? new Rejection(at, $"a picture of {width * height} pixels", $"at most {MostPixels}")
                : null;

    /// <summary>What is wrong with a size at so many bits a pixel, or null.</summary>
    public static Rejection? FaultOf(long at, long width, long height, int bitsPerPixel)
    {
        long bytes = height * (((width * bitsPerPixel) + 7) / 8);
        return FaultOf(at, width, height) ?? (bytes > MostSampleBytes
            ? new Rejection(at, $"{bytes} bytes of samples", $"at most {MostSampleBytes}") : null);
    }
}
