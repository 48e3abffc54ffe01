using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Bmp;

/// <summary>
/// Bitmaps by run lengths (RLE8, RLE4). Pixels that the runs leave out are the palette's first colour; runs never go
/// past their row.
/// </summary>
internal static class BmpRuns
{
    private const int EndOfRow = 0;
    private const int EndOfPicture = 1;
    private const int Move = 2;

    public static Rejection? Read(ReadOnlySpan<byte> data, BmpHeader header, Span<byte> pixels)
    {
        pixels.Fill(header.Palette[0]);
        int at = 0;
        int x = 0;
        int row = 0;
        while (row < header.Height)
        {
            if (at + 2 > data.Length)
            {
                return new Rejection(data.Length, $"the end in row {row} of {header.Height}", "the mark of the end");
            }

            int count = data[at];
            int value = data[at + 1];
            at += 2;
            if (count > 0)
            {
                Span<byte> rest = Rest(header, pixels, row, x);
                for (int i = 0; i < count && i < rest.Length; i++)
                {
                    rest[i] = header.Palette[header.Bits == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15];
                }

                x += count;
                continue;
            }

            switch (value)
            {
                case EndOfRow:
                    row++;
                    x = 0;
                    break;
                case EndOfPicture:
                    return null;
                case Move:
                    if (at + 2 > data.Length)
                    {
                        return new Rejection(data.Length, "the end in a move", "two bytes");
                    }

                    x += data[at];
                    row += data[at + 1];
                    at += 2;
                    break;
                default:
                    int length = header.Bits == 8 ? value : (value + 1) / 2;
                    if (at + length > data.Length)
                    {
                        return new Rejection(data.Length, $"the end in row {row} of {header.Height}", "all pixels");
                    }

                    ReadPixels(data.Slice(at, length), header, value, Rest(header, pixels, row, x));
                    x += value;
                    at += (length + 1) / 2 * 2;
                    break;
            }
        }

        return null;
    }

    private static void ReadPixels(ReadOnlySpan<byte> data, BmpHeader header, int count, Span<byte> pixels)
    {
        for (int i = 0; i < count && i < pixels.Length; i++)
        {
            int index = header.Bits == 8 ? data[i] : i % 2 == 0 ? data[i / 2] >> 4 : data[i / 2] & 15;
            pixels[i] = header.Palette[index];
        }
    }

    private static Span<byte> Rest(BmpHeader header, Span<byte> pixels, int row, int x) =>
        x >= header.Width || row >= header.Height ? []
            : pixels.Slice((BmpReader.Target(header, row) * header.Width) + x, header.Width - x);
}
