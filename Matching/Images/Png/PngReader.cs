using System.IO.Compression;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Png;

/// <summary>
/// Reads PNG (ISO/IEC 15948): all colour types and depths, interlaced or not. Colours become grey, transparent pixels
/// lie on white. No more is inflated than the rows that the header states.
/// </summary>
internal static class PngReader
{
    public static Decoded<GrayImage> Read(ReadOnlyMemory<byte> bytes)
    {
        if (PngChunks.Read(bytes.Span, out PngChunks chunks) is { } fault)
        {
            return fault;
        }

        PngHeader header = chunks.Header!;
        PngPlane plane = new(chunks);
        using ZLibStream inflated = new(new PngData(bytes, chunks.Data), CompressionMode.Decompress);
        try
        {
            Rejection? wrong = header.IsInterlaced ? Interlaced(inflated, header, plane)
                : Pass(inflated, header, plane, new PngPass(0, 0, 1, 1));
            return wrong is not null ? wrong : plane.ToImage();
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            // An IOException is what zlib says to a stream that wants a dictionary.
            return new Rejection(chunks.Data[0].At, "compressed data that are damaged", "a zlib stream");
        }
    }

    private static Rejection? Interlaced(Stream inflated, PngHeader header, PngPlane plane)
    {
        foreach (PngPass pass in PngPass.Adam7)
        {
            if (Pass(inflated, header, plane, pass) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static Rejection? Pass(Stream inflated, PngHeader header, PngPlane plane, PngPass pass)
    {
        int width = pass.Columns(header.Width);
        int height = pass.Rows(header.Height);
        if (width == 0 || height == 0)
        {
            return null;
        }

        int step = Math.Max(1, header.Bits / 8);
        byte[] row = new byte[header.RowBytes(width) + 1];
        byte[] above = new byte[row.Length];
        for (int y = 0; y < height; y++)
        {
            if (inflated.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
            {
                return new Rejection(-1, $"the end of the picture in row {y} of {height}", "all rows");
            }

            if (!PngFilters.Undo(row[0], row.AsSpan(1), above.AsSpan(1), step))
            {
                return new Rejection(-1, $"filter {row[0]} of row {y}", "0..4");
            }

            plane.Put(row.AsSpan(1), pass, y, width);
            (row, above) = (above, row);
        }

        return null;
    }
}
