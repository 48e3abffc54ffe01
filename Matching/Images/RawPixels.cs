using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images;

/// <summary>Pixels without a header, one byte each, whose size the sender states.</summary>
public static class RawPixels
{
    /// <summary>The picture; the bytes must be as many as its pixels.</summary>
    public static Decoded<GrayImage> Read(ReadOnlyMemory<byte> bytes, RawSize size)
    {
        if (ImageLimits.FaultOf(-1, size.Width, size.Height) is { } fault)
        {
            return fault;
        }

        return bytes.Length == size.Width * size.Height
            ? new GrayImage(size.Width, size.Height, bytes) { Format = ImageFormat.Raw }
            : new Rejection(
                -1, $"{bytes.Length} bytes of pixels", $"{size.Width} x {size.Height}, one byte each");
    }
}
