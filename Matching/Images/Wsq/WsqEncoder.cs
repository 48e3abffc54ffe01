using System.Text;

namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Writes WSQ streams (IAFIS-IC-0110 v3.1): standard 9/7 filters, three blocks, two Huffman tables made for
/// the picture. What it writes is not equal byte by byte to another encoder's; every decoder reads it.
/// </summary>
public static class WsqEncoder
{
    /// <summary>What law enforcement exchanges prints with: about 15 to 1.</summary>
    public const double UsualBitsPerPixel = 0.75;

    /// <summary>
    /// Pixels of a side. In smaller pictures the lowest regions are lines of fewer than six samples, which certified
    /// decoders join otherwise than the standard's filters split them: what comes back is another picture.
    /// </summary>
    public const int ShortestSide = 81;

    /// <summary>A stream that is not registered for certified software.</summary>
    private const ushort NoSoftware = 0;

    private const int SecondBlock = 19;
    private const int ThirdBlock = 52;

    /// <param name="image">At least <see cref="ShortestSide"/> pixels on each side.</param>
    /// <param name="bitsPerPixel">Roughly what is spent; 0.75 is usual, 2.25 nearly lossless.</param>
    /// <exception cref="ArgumentException">The picture is outside the limits.</exception>
    public static byte[] Encode(GrayImage image, double bitsPerPixel = UsualBitsPerPixel)
    {
        if (ImageLimits.FaultOf(-1, image.Width, image.Height) is { } fault)
        {
            throw new ArgumentException(fault.ToString(), nameof(image));
        }

        if (Math.Min(image.Width, image.Height) < ShortestSide)
        {
            throw new ArgumentException(
                $"found {image.Width} x {image.Height} pixels, wanted at least {ShortestSide} on a side",
                nameof(image));
        }

        WsqSubbands subbands = WsqSubbands.Of(image.Width, image.Height);
        (float[] plane, float shift, float scale) = Centred(image);
        WsqAnalysis.Run(plane, image.Width, subbands);
        WsqQuantisation bins = WsqBinWidths.For(plane, image.Width, subbands, bitsPerPixel);
        WsqBlockWriter[] blocks =
        [
            Block(plane, image.Width, subbands, bins, 0, SecondBlock),
            Block(plane, image.Width, subbands, bins, SecondBlock, ThirdBlock),
            Block(plane, image.Width, subbands, bins, ThirdBlock, WsqSubbands.Coded),
        ];
        return Stream(image, shift, scale, bins, blocks);
    }

    /// <summary>Pixels about their mean, the farthest at 128.</summary>
    private static (float[] Plane, float Shift, float Scale) Centred(GrayImage image)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        double sum = 0;
        byte low = byte.MaxValue;
        byte high = 0;
        foreach (byte pixel in pixels)
        {
            sum += pixel;
            low = Math.Min(low, pixel);
            high = Math.Max(high, pixel);
        }

        float shift = (float)(sum / pixels.Length);
        float scale = Math.Max(shift - low, high - shift) / 128f;
        scale = scale > 0 ? scale : 1f;
        float[] plane = new float[pixels.Length];
        for (int i = 0; i < plane.Length; i++)
        {
            plane[i] = (pixels[i] - shift) / scale;
        }

        return (plane, shift, scale);
    }

    private static WsqBlockWriter Block(
        float[] plane, int width, WsqSubbands subbands, WsqQuantisation bins, int from, int to)
    {
        WsqBlockWriter block = new();
        for (int band = from; band < to; band++)
        {
            float bin = bins.Bins[band];
            float zero = bins.ZeroBins[band] / 2;
            WsqRegion region = subbands.Bands[band];
            for (int row = region.Y; row < region.Y + region.Height && bin > 0; row++)
            {
                foreach (float value in plane.AsSpan((row * width) + region.X, region.Width))
                {
                    block.Add(value > zero ? (int)((value - zero) / bin) + 1
                        : value < -zero ? (int)((value + zero) / bin) - 1 : 0);
                }
            }
        }

        return block;
    }

    private static byte[] Stream(
        GrayImage image, float shift, float scale, WsqQuantisation bins, WsqBlockWriter[] blocks)
    {
        List<byte> bytes = [];
        Word(bytes, WsqMarker.StartOfImage);
        if (image.StatedPpi is { } ppi)
        {
            Comment(bytes, image, ppi);
        }

        Filters(bytes);
        Quantisation(bytes, bins);
        Segment(bytes, WsqMarker.StartOfFrame, segment =>
        {
            segment.AddRange([0, byte.MaxValue]);
            Word(segment, (ushort)image.Height);
            Word(segment, (ushort)image.Width);
            Scaled(segment, shift);
            Scaled(segment, scale);
            segment.Add(2);
            Word(segment, NoSoftware);
        });

        WsqCodes first = Codes([blocks[0]]);
        WsqCodes second = Codes(blocks[1..]);
        Table(bytes, 0, first);
        Data(bytes, blocks[0], 0, first);
        Table(bytes, 1, second);
        Data(bytes, blocks[1], 1, second);
        Data(bytes, blocks[2], 1, second);
        Word(bytes, WsqMarker.EndOfImage);
        return [.. bytes];
    }

    private static WsqCodes Codes(IEnumerable<WsqBlockWriter> blocks)
    {
        long[] frequencies = new long[256];
        foreach (WsqBlockWriter block in blocks)
        {
            block.CountInto(frequencies);
        }

        return WsqCodes.Of(frequencies);
    }

    private static void Comment(List<byte> bytes, GrayImage image, int ppi) =>
        Segment(bytes, WsqMarker.Comment, segment => segment.AddRange(Encoding.ASCII.GetBytes(
            $"NIST_COM 7\nPIX_WIDTH {image.Width}\nPIX_HEIGHT {image.Height}\nPIX_DEPTH 8\nPPI {ppi}\nLOSSY 1\n"
            + "COLORSPACE GRAY\n")));

    private static void Filters(List<byte> bytes) => Segment(bytes, WsqMarker.TransformTable, segment =>
    {
        segment.Add((byte)((2 * WsqAnalysis.LowHalf.Length) - 1));
        segment.Add((byte)((2 * WsqAnalysis.HighHalf.Length) - 1));
        foreach (float tap in (float[])[.. WsqAnalysis.LowHalf, .. WsqAnalysis.HighHalf])
        {
            segment.Add(tap < 0 ? (byte)1 : (byte)0);
            segment.Add(9);
            uint value = (uint)Math.Round(Math.Abs((double)tap) * 1e9);
            Word(segment, (ushort)(value >> 16));
            Word(segment, (ushort)value);
        }
    });

    private static void Quantisation(List<byte> bytes, WsqQuantisation bins) =>
        Segment(bytes, WsqMarker.QuantisationTable, segment =>
        {
            Scaled(segment, bins.Centre);
            for (int band = 0; band < WsqSubbands.Listed; band++)
            {
                Scaled(segment, bins.Bins[band]);
                Scaled(segment, bins.ZeroBins[band]);
            }
        });

    private static void Table(List<byte> bytes, byte number, WsqCodes codes) =>
        Segment(bytes, WsqMarker.HuffmanTables, segment =>
        {
            segment.Add(number);
            segment.AddRange(codes.Counts);
            segment.AddRange(codes.SymbolsByLength);
        });

    private static void Data(List<byte> bytes, WsqBlockWriter block, byte table, WsqCodes codes)
    {
        Segment(bytes, WsqMarker.StartOfBlock, segment => segment.Add(table));
        block.WriteTo(bytes, codes);
    }

    private static void Segment(List<byte> bytes, ushort marker, Action<List<byte>> fill)
    {
        List<byte> content = [];
        fill(content);
        Word(bytes, marker);
        Word(bytes, (ushort)(content.Count + 2));
        bytes.AddRange(content);
    }

    /// <summary>A number as 16 bits and how often they are divided by ten, as exactly as that goes.</summary>
    private static void Scaled(List<byte> bytes, float value)
    {
        byte scale = 0;
        double scaled = value;
        while (scaled > 0 && scaled * 10 < ushort.MaxValue && scale < 20)
        {
            scaled *= 10;
            scale++;
        }

        bytes.Add(scale);
        Word(bytes, (ushort)Math.Min(Math.Round(scaled), ushort.MaxValue));
    }

    private static void Word(List<byte> bytes, ushort value) =>
        bytes.AddRange([(byte)(value >> 8), (byte)value]);
}
