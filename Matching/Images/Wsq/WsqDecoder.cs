using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Decodes a WSQ stream (wavelet scalar quantisation; IAFIS-IC-0110 v3.1 and ANSI/NIST-ITL 1) to the very
/// pixels that certified decoders give. Never throws for hostile bytes and never allocates more than the
/// limits allow.
/// </summary>
/// <remarks>
/// Pictures of fewer than 33 pixels on a side are the exception: their lowest subbands have a single sample,
/// which the common decoder reflects past its own memory. Zeros are taken there.
/// </remarks>
public static class WsqDecoder
{
    /// <summary>
    /// Whether bytes begin as a WSQ stream does; formats are told by this and never by a name.
    /// </summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xA0]);

    /// <summary>The picture, with what had to be forgiven, or why there is none.</summary>
    public static Decoded<GrayImage> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ImageLimits.MostFileBytes)
        {
            return new Rejection(-1, $"{bytes.Length} bytes", $"at most {ImageLimits.MostFileBytes}");
        }

        RecordReader reader = new(bytes);
        int marker = reader.Word("start of the stream");
        if (!reader.Failed && marker != WsqMarker.StartOfImage)
        {
            reader.Reject(0, $"{marker:X4}", $"{WsqMarker.StartOfImage:X4}, the start of a WSQ stream");
        }

        WsqTables tables = new();
        WsqFrame? frame = ReadHead(ref reader, tables);
        return frame is null ? reader.Rejection! : ReadBody(bytes, reader, frame, tables);
    }

    private static WsqFrame? ReadHead(ref RecordReader reader, WsqTables tables)
    {
        while (true)
        {
            int at = reader.Offset;
            int marker = reader.Word("a marker");
            if (reader.Failed)
            {
                return null;
            }

            if (marker == WsqMarker.StartOfFrame)
            {
                return WsqSegments.ReadFrame(ref reader, tables);
            }

            if (!WsqSegments.ReadTable(ref reader, marker, tables))
            {
                reader.Reject(
                    at, $"marker {marker:X4} before the frame header", "a table, a comment or the frame header");
            }
        }
    }

    private static Decoded<GrayImage> ReadBody(
        ReadOnlySpan<byte> bytes, RecordReader reader, WsqFrame frame, WsqTables tables)
    {
        WsqSubbands subbands = WsqSubbands.Of(frame.Width, frame.Height);
        WsqCoefficients? coefficients = null;
        int at = reader.Offset;
        int marker = reader.Word("a marker");
        while (!reader.Failed && marker != WsqMarker.EndOfImage)
        {
            if (marker == WsqMarker.StartOfBlock)
            {
                WsqHuffman? table = WsqSegments.ReadBlockHeader(ref reader, tables);
                if (table is null)
                {
                    break;
                }

                if (tables.Quantisation is not { } bins)
                {
                    return new Rejection(at, "a block before any quantisation table", "the table first");
                }

                coefficients ??= new WsqCoefficients(Coded(subbands, bins, frame));
                if (ReadBlock(bytes, ref reader, coefficients, table, out marker) is { } fault)
                {
                    return fault;
                }

                at = reader.Offset - 2;
                continue;
            }

            if (!WsqSegments.ReadTable(ref reader, marker, tables))
            {
                reader.Reject(
                    at, $"marker {marker:X4} after the frame header", "a table, a comment, a block or the end");
            }

            at = reader.Offset;
            marker = reader.Word("a marker");
        }

        if (reader.Rejection is { } rejection)
        {
            return rejection;
        }

        if (tables.Filters is not { } filters || tables.Quantisation is not { } quantisation)
        {
            return new Rejection(-1, "a stream without transform or quantisation table", "both");
        }

        return Reconstruct(frame, tables, subbands, filters, quantisation, coefficients);
    }

    private static Rejection? ReadBlock(
        ReadOnlySpan<byte> bytes, ref RecordReader reader, WsqCoefficients coefficients, WsqHuffman table,
        out int marker)
    {
        WsqBits bits = new(bytes, reader.Offset);
        Rejection? fault;
        do
        {
            fault = coefficients.Read(ref bits, table);
            marker = bits.Marker;
            if (fault is null && WsqMarker.IsRestart(marker))
            {
                bits = new WsqBits(bytes, bits.Offset);
            }
        }
        while (fault is null && WsqMarker.IsRestart(marker));
        reader.Skip(bits.Offset - reader.Offset, "block");
        return fault;
    }

    /// <summary>
    /// Coefficients that a stream may hold: the picture's pixels less the subbands without a bin.
    /// </summary>
    private static int Coded(WsqSubbands subbands, WsqQuantisation bins, WsqFrame frame)
    {
        int most = frame.Width * frame.Height;
        for (int band = 0; band < WsqSubbands.Listed; band++)
        {
            if (bins.Bins[band] == 0)
            {
                most -= subbands.Bands[band].Width * subbands.Bands[band].Height;
            }
        }

        return most;
    }

    private static Decoded<GrayImage> Reconstruct(
        WsqFrame frame, WsqTables tables, WsqSubbands subbands, WsqFilters filters, WsqQuantisation quantisation,
        WsqCoefficients? coefficients)
    {
        WsqSynthesis synthesis = new(frame.Width, frame.Height);
        int wanted = Dequantise(
            synthesis.Plane, frame.Width, subbands, quantisation, coefficients is null ? [] : coefficients.Values);
        int found = coefficients?.Count ?? 0;
        if (found < wanted)
        {
            tables.Warnings.Add($"{wanted - found} of {wanted} coefficients are missing and taken as zero");
        }
        else if (coefficients is not null && found > coefficients.Values.Length)
        {
            tables.Warnings.Add("one coefficient more than the picture has is passed over");
        }

        synthesis.Run(subbands, filters);
        return new GrayImage(frame.Width, frame.Height, Pixels(synthesis.Plane, frame))
        {
            StatedPpi = tables.Ppi,
            Warnings = tables.Warnings,
        };
    }

    /// <summary>Coefficients to the middles of their bins, each in its subband.</summary>
    /// <returns>Coefficients that the coded subbands have.</returns>
    private static int Dequantise(
        Span<float> plane, int width, WsqSubbands subbands, WsqQuantisation quantisation, ReadOnlySpan<short> values)
    {
        int wanted = 0;
        for (int band = 0; band < WsqSubbands.Coded; band++)
        {
            float bin = quantisation.Bins[band];
            float zero = quantisation.ZeroBins[band] / 2f;
            WsqRegion region = subbands.Bands[band];
            for (int row = 0; row < region.Height && bin != 0; row++)
            {
                Span<float> line = plane.Slice(((region.Y + row) * width) + region.X, region.Width);
                wanted += line.Length;
                for (int i = 0; i < line.Length && i < values.Length; i++)
                {
                    int value = values[i];
                    line[i] = value == 0 ? 0f
                        : value > 0 ? (bin * (value - quantisation.Centre)) + zero
                        : (bin * (value + quantisation.Centre)) - zero;
                }

                values = values[Math.Min(line.Length, values.Length)..];
            }
        }

        return wanted;
    }

    private static byte[] Pixels(ReadOnlySpan<float> plane, WsqFrame frame)
    {
        byte[] pixels = new byte[frame.Width * frame.Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            float value = (plane[i] * frame.Scale) + frame.Shift + 0.5f;
            pixels[i] = value > 255f ? (byte)255 : value >= 0f ? (byte)value : (byte)0;
        }

        return pixels;
    }
}
