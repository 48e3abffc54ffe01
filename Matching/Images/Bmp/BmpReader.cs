using System.Buffers.Binary;
using System.Numerics;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Bmp;

/// <summary>Reads Windows bitmaps: 1 to 32 bits, palettes, run lengths, masks, rows in either order.</summary>
internal static class BmpReader
{
    public static Decoded<GrayImage> Read(ReadOnlySpan<byte> bytes)
    {
        Decoded<BmpHeader> read = BmpHeader.Read(bytes);
        if (!read.IsAccepted)
        {
            return read.Rejection;
        }

        BmpHeader header = read.Value;
        byte[] pixels = new byte[header.Width * header.Height];
        ReadOnlySpan<byte> data = bytes[header.PixelsAt..];
        Rejection? fault = header.Compression is BmpHeader.Runs8 or BmpHeader.Runs4
            ? BmpRuns.Read(data, header, pixels)
            : ReadRows(data, header, pixels);
        if (fault is not null)
        {
            return fault with { Offset = fault.Offset + header.PixelsAt };
        }

        List<string> warnings = [];
        int? ppi = StatedResolution.OfMetres(header.MetresAcross, header.MetresDown, warnings);
        return new GrayImage(header.Width, header.Height, pixels) { StatedPpi = ppi, Warnings = warnings };
    }

    /// <summary>The row of the picture that a row of the file is.</summary>
    public static int Target(BmpHeader header, int row) => header.IsTopDown ? row : header.Height - 1 - row;

    private static Rejection? ReadRows(ReadOnlySpan<byte> data, BmpHeader header, Span<byte> pixels)
    {
        int used = ((header.Width * header.Bits) + 7) / 8;
        int stride = (used + 3) / 4 * 4;
        for (int row = 0; row < header.Height; row++)
        {
            long at = (long)row * stride;
            if (at + used > data.Length)
            {
                return new Rejection(data.Length, $"the end in row {row} of {header.Height}", "all rows");
            }

            ReadRow(
                data.Slice((int)at, used), header, pixels.Slice(Target(header, row) * header.Width, header.Width));
        }

        return null;
    }

    private static void ReadRow(ReadOnlySpan<byte> row, BmpHeader header, Span<byte> pixels)
    {
        switch (header.Bits)
        {
            case <= 8:
                Grey.Unpack(row, header.Bits, pixels);
                foreach (ref byte pixel in pixels)
                {
                    pixel = header.Palette[pixel];
                }

                break;
            case 24:
                for (int x = 0; x < pixels.Length; x++)
                {
                    pixels[x] = Grey.OfRgb(row[(3 * x) + 2], row[(3 * x) + 1], row[3 * x]);
                }

                break;
            default:
                ReadMasked(row, header, pixels);
                break;
        }
    }

    private static void ReadMasked(ReadOnlySpan<byte> row, BmpHeader header, Span<byte> pixels)
    {
        (uint red, uint green, uint blue) = header.Channels;
        for (int x = 0; x < pixels.Length; x++)
        {
            uint value = header.Bits == 16
                ? BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * x)..])
                : BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]);
            pixels[x] = Grey.OfRgb(Channel(value, red), Channel(value, green), Channel(value, blue));
        }
    }

    /// <summary>The bits of a mask as 0..255; a mask without bits gives 0.</summary>
    private static int Channel(uint value, uint mask)
    {
        if (mask == 0)
        {
            return 0;
        }

        int shift = BitOperations.TrailingZeroCount(mask);
        ulong most = mask >> shift;
        return (int)((((ulong)(value & mask) >> shift) * 255 + (most / 2)) / most);
    }
}
