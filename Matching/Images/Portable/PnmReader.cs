using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Portable;

/// <summary>
/// Reads Netpbm's bitmaps, graymaps and pixmaps (P1 to P6), the first picture of a file. Their headers state no
/// resolution.
/// </summary>
internal static class PnmReader
{
    public static Decoded<GrayImage> Read(ReadOnlySpan<byte> bytes)
    {
        PnmTokens tokens = new(bytes);
        int kind = bytes[1] - '0';
        bool isText = kind <= 3;
        int channels = kind is 3 or 6 ? 3 : 1;
        bool isBitmap = kind is 1 or 4;
        int width = tokens.Number("width");
        int height = tokens.Number("height");
        int most = isBitmap ? 1 : tokens.Number("largest sample");
        if (tokens.Rejection is { } wrong)
        {
            return wrong;
        }

        int bits = isBitmap && !isText ? 1 : channels * (most > 255 ? 16 : 8);
        if (ImageLimits.FaultOf(0, width, height, bits) is { } fault)
        {
            return fault;
        }

        if (most is 0 or > ushort.MaxValue)
        {
            return new Rejection(tokens.At, $"a largest sample of {most}", "1..65535");
        }

        ushort[] row = new ushort[width * channels];
        byte[] pixels = new byte[width * height];
        List<string> warnings = [];
        tokens.EndHeader(isText);
        for (int y = 0; y < height; y++)
        {
            if (!(isText ? tokens.TextRow(row, isBitmap) : tokens.BinaryRow(row, isBitmap ? 1 : most > 255 ? 16 : 8)))
            {
                return new Rejection(tokens.At, $"the end in row {y} of {height}", "all rows");
            }

            ToGrey(row, channels, isBitmap, most, pixels.AsSpan(y * width, width));
        }

        if (!isText && tokens.At < bytes.Length)
        {
            warnings.Add($"{bytes.Length - tokens.At} bytes after the picture are passed over");
        }

        return new GrayImage(width, height, pixels) { Warnings = warnings };
    }

    private static void ToGrey(ReadOnlySpan<ushort> row, int channels, bool isBitmap, int most, Span<byte> pixels)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            pixels[x] = channels == 3
                ? Grey.OfRgb(
                    Grey.OfRange(row[x * 3], most), Grey.OfRange(row[(x * 3) + 1], most),
                    Grey.OfRange(row[(x * 3) + 2], most))
                : isBitmap ? (row[x] == 0 ? (byte)255 : (byte)0)
                : Grey.OfRange(row[x], most);
        }
    }
}
