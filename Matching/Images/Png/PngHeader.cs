using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Png;

/// <summary>The IHDR chunk, checked.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, PngColour Colour, bool IsInterlaced)
{
    public const int Bytes = 13;

    public int Channels => Colour switch
    {
        PngColour.Grey or PngColour.Palette => 1,
        PngColour.GreyAlpha => 2,
        PngColour.Rgb => 3,
        PngColour.RgbAlpha => 4,
    };

    /// <summary>Bits of a pixel.</summary>
    public int Bits => Channels * Depth;

    /// <summary>Bytes of a row of so many pixels, without its filter.</summary>
    public int RowBytes(int pixels) => ((pixels * Bits) + 7) / 8;

    public static Decoded<PngHeader> Read(ReadOnlySpan<byte> chunk, int offset)
    {
        long width = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        long height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        int depth = chunk[8];
        int colour = chunk[9];
        bool fits = (colour, depth) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
        if (!fits)
        {
            return new Rejection(offset + 8, $"{depth} bits of colour type {colour}", "what PNG defines");
        }

        if (chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1)
        {
            return new Rejection(
                offset + 10, $"compression {chunk[10]}, filter {chunk[11]}, interlace {chunk[12]}", "0, 0 and 0 or 1");
        }

        PngHeader header = new((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue), depth,
            (PngColour)colour, chunk[12] == 1);
        return ImageLimits.FaultOf(offset, width, height, header.Bits) is { } fault ? fault : header;
    }
}

/// <summary>PNG's colour types.</summary>
internal enum PngColour
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}
