using MatchCluster.Matching.Images.Bmp;
using MatchCluster.Matching.Images.Jpeg;
using MatchCluster.Matching.Images.Jpeg2000;
using MatchCluster.Matching.Images.Png;
using MatchCluster.Matching.Images.Portable;
using MatchCluster.Matching.Images.Tiff;
using MatchCluster.Matching.Images.Wsq;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images;

/// <summary>
/// The one way from a picture's bytes to grey pixels. The format is told by the bytes; limits are checked before
/// anything is allocated for pixels; hostile bytes give a reason and never an exception.
/// </summary>
public static class ImageDecoder
{
    /// <summary>The names of what is read, for a sentence.</summary>
    public const string Readable = "PNG, JPEG, JPEG 2000, WSQ, TIFF, BMP or PGM";

    /// <summary>The picture as 8-bit grey, or why there is none.</summary>
    /// <param name="bytes">
    /// A whole file or codestream, or pixels alone where <see cref="ImageReading.Raw"/> says so.
    /// </param>
    /// <param name="reading">How to read it; everything by default.</param>
    public static Decoded<GrayImage> Decode(ReadOnlyMemory<byte> bytes, ImageReading? reading = null)
    {
        reading ??= ImageReading.Default;
        if (bytes.Length > ImageLimits.MostFileBytes)
        {
            return new Rejection(-1, $"a picture of {bytes.Length} bytes", $"at most {ImageLimits.MostFileBytes}");
        }

        if (reading.Raw is { } size)
        {
            return RawPixels.Read(bytes, size);
        }

        if (ImageMagic.Of(bytes.Span) is not { } format)
        {
            return new Rejection(0, ImageMagic.Describe(bytes.Span), $"a picture as {Readable}");
        }

        if (format is ImageFormat.Jpeg or ImageFormat.Jpeg2000 && !reading.AllowsNative)
        {
            return new Rejection(0, $"a picture as {format}, which is switched off", "PNG, WSQ, TIFF, BMP or PGM");
        }

        Decoded<GrayImage> read = Read(format, bytes);
        return read.IsAccepted ? read.Value with { Format = format } : read;
    }

    private static Decoded<GrayImage> Read(ImageFormat format, ReadOnlyMemory<byte> bytes) => format switch
    {
        ImageFormat.Pnm => PnmReader.Read(bytes.Span),
        ImageFormat.Bmp => BmpReader.Read(bytes.Span),
        ImageFormat.Png => PngReader.Read(bytes),
        ImageFormat.Wsq => WsqDecoder.Decode(bytes.Span),
        ImageFormat.Tiff => TiffReader.Read(bytes),
        ImageFormat.Jpeg => JpegReader.Read(bytes),
        ImageFormat.Jpeg2000 => Jpeg2000Reader.Read(bytes.Span),
        ImageFormat.Raw => new Rejection(0, "pixels without a size", "the size"),
    };
}
