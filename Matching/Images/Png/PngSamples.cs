namespace MatchCluster.Matching.Images.Png;

/// <summary>A row of samples to grey pixels.</summary>
internal static class PngSamples
{
    /// <summary>8-bit grey of a row; every colour type but grey of 16 bits, which <see cref="Deep"/> reads.</summary>
    public static void ToGrey(PngChunks chunks, ReadOnlySpan<byte> row, Span<byte> pixels)
    {
        PngHeader header = chunks.Header!;
        switch (header.Colour)
        {
            case PngColour.Grey:
                Grey8(chunks, row, pixels);
                break;
            case PngColour.Palette:
                ByPalette(chunks, row, pixels);
                break;
            case PngColour.Rgb:
                Rgb(chunks, row, pixels);
                break;
            case PngColour.GreyAlpha:
                for (int x = 0, i = 0; x < pixels.Length; x++, i += header.Bits / 8)
                {
                    pixels[x] = Grey.OverPaper(row[i], row[i + (header.Depth / 8)]);
                }

                break;
            case PngColour.RgbAlpha:
                int step = header.Depth / 8;
                for (int x = 0, i = 0; x < pixels.Length; x++, i += 4 * step)
                {
                    pixels[x] = Grey.OverPaper(
                        Grey.OfRgb(row[i], row[i + step], row[i + (2 * step)]), row[i + (3 * step)]);
                }

                break;
        }
    }

    /// <summary>Samples of 16 bits; a transparent one is white.</summary>
    public static void Deep(PngChunks chunks, ReadOnlySpan<byte> row, Span<ushort> samples)
    {
        int transparent = chunks.Transparent.Length > 0 ? chunks.Transparent[0] : -1;
        for (int x = 0; x < samples.Length; x++)
        {
            int value = (row[2 * x] << 8) | row[(2 * x) + 1];
            samples[x] = value == transparent ? ushort.MaxValue : (ushort)value;
        }
    }

    private static void Grey8(PngChunks chunks, ReadOnlySpan<byte> row, Span<byte> pixels)
    {
        PngHeader header = chunks.Header!;
        int most = (1 << header.Depth) - 1;
        int scale = 255 / most;
        int transparent = chunks.Transparent.Length > 0 ? chunks.Transparent[0] : -1;
        Grey.Unpack(row, header.Depth, pixels);
        if (scale == 1 && transparent < 0)
        {
            return;
        }

        foreach (ref byte pixel in pixels)
        {
            pixel = pixel == transparent ? (byte)Grey.Paper : (byte)(pixel * scale);
        }
    }

    private static void ByPalette(PngChunks chunks, ReadOnlySpan<byte> row, Span<byte> pixels)
    {
        Grey.Unpack(row, chunks.Header!.Depth, pixels);
        foreach (ref byte pixel in pixels)
        {
            // An entry that the palette does not have is black, as browsers show it.
            (byte grey, byte alpha) = pixel < chunks.Palette.Length ? chunks.Palette[pixel] : ((byte)0, byte.MaxValue);
            pixel = alpha == byte.MaxValue ? grey : Grey.OverPaper(grey, alpha);
        }
    }

    /// <remarks>Of colour samples of 16 bits the upper 8 are taken.</remarks>
    private static void Rgb(PngChunks chunks, ReadOnlySpan<byte> row, Span<byte> pixels)
    {
        int step = chunks.Header!.Depth / 8;
        int[] transparent = chunks.Transparent;
        for (int x = 0, i = 0; x < pixels.Length; x++, i += 3 * step)
        {
            bool isTransparent = transparent.Length == 3 && Sample(row, i, step) == transparent[0]
                && Sample(row, i + step, step) == transparent[1]
                && Sample(row, i + (2 * step), step) == transparent[2];
            pixels[x] = isTransparent ? (byte)Grey.Paper : Grey.OfRgb(row[i], row[i + step], row[i + (2 * step)]);
        }
    }

    private static int Sample(ReadOnlySpan<byte> row, int at, int bytes) =>
        bytes == 1 ? row[at] : (row[at] << 8) | row[at + 1];
}
