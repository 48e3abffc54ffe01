namespace MatchCluster.Matching.Images;

/// <summary>Tells formats by the first bytes.</summary>
public static class ImageMagic
{
    private static readonly (byte[] Bytes, ImageFormat Format)[] Read =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], ImageFormat.Png),
        ([0xFF, 0xA0], ImageFormat.Wsq),
        ([0xFF, 0xD8, 0xFF], ImageFormat.Jpeg),
        ([0xFF, 0x4F, 0xFF, 0x51], ImageFormat.Jpeg2000),
        ([0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 0x0D, 0x0A, 0x87, 0x0A], ImageFormat.Jpeg2000),
        ([(byte)'I', (byte)'I', 42, 0], ImageFormat.Tiff),
        ([(byte)'M', (byte)'M', 0, 42], ImageFormat.Tiff),
        ([(byte)'B', (byte)'M'], ImageFormat.Bmp),
    ];

    private static readonly (byte[] Bytes, string Name)[] NotRead =
    [
        ([.. "GIF8"u8], "a GIF"),
        ([.. "%PDF"u8], "a PDF document"),
        ([.. "<?xml"u8], "an XML document"),
        ([.. "<svg"u8], "an SVG drawing"),
        ([.. "8BPS"u8], "a Photoshop document"),
        ([(byte)'P', (byte)'K', 3, 4], "a ZIP archive"),
        ([0x1F, 0x8B], "a gzip file"),
        ([(byte)'I', (byte)'I', 43, 0], "a BigTIFF"),
        ([(byte)'M', (byte)'M', 0, 43], "a BigTIFF"),
        ([.. "FMR\0"u8], "a minutiae record"),
        ([0xFF, 0x0A], "a JPEG XL"),
        ([0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' '], "a JPEG XL"),
    ];

    /// <summary>The format of the bytes, or null where they begin as none that is read.</summary>
    public static ImageFormat? Of(ReadOnlySpan<byte> bytes)
    {
        foreach ((byte[] magic, ImageFormat format) in Read)
        {
            if (bytes.StartsWith(magic))
            {
                return format;
            }
        }

        return bytes.Length > 2 && bytes[0] == 'P' && bytes[1] is >= (byte)'1' and <= (byte)'6'
            && bytes[2] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'#' ? ImageFormat.Pnm : null;
    }

    /// <summary>What bytes that are not read look like, for the sentence of a refusal.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        foreach ((byte[] magic, string name) in NotRead)
        {
            if (bytes.StartsWith(magic))
            {
                return name;
            }
        }

        if (bytes.Length >= 12 && bytes[..4].SequenceEqual("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8))
        {
            return "a WebP";
        }

        if (bytes.Length >= 8 && bytes[4..8].SequenceEqual("ftyp"u8))
        {
            return "a HEIF, AVIF or film";
        }

        return bytes.IsEmpty ? "no bytes"
            : $"bytes that begin with {Convert.ToHexString(bytes[..Math.Min(bytes.Length, 8)])}";
    }
}
