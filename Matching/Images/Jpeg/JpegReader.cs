using MatchCluster.Matching.Images.Native;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Jpeg;

/// <summary>Reads JPEG: grey, colours and CMYK, upright as its Exif data say.</summary>
internal static class JpegReader
{
    public static Decoded<GrayImage> Read(ReadOnlyMemory<byte> file)
    {
        if (JpegHeader.Read(file, out JpegHeader header) is { } fault)
        {
            return fault;
        }

        Decoded<GrayImage> decoded =
            NativeCodec.Decode(file.Span, NativeFormat.Jpeg, header.Width, header.Height);
        if (!decoded.IsAccepted)
        {
            return decoded;
        }

        byte[] pixels = [.. decoded.Value.Pixels.Span];
        GrayImage upright = Orientation.Apply(
            header.Width, header.Height, pixels, header.Orientation, header.Warnings);
        return upright with { StatedPpi = header.Ppi, Warnings = header.Warnings };
    }
}
