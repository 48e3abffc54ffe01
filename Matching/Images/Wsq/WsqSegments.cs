using System.Globalization;
using System.Text;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Reads the segments of a stream: tables, comments, frame header. Segments of fixed structure end where the
/// structure does; a length that says otherwise is wrong in practice and is only mentioned. Huffman tables
/// and comments end where their length says.
/// </summary>
internal static class WsqSegments
{
    /// <summary>
    /// Powers of ten that a scaled number may be divided by; a byte can ask for more than a float holds.
    /// </summary>
    private const int MostDecimals = 60;

    /// <summary>Reads one table or comment into the tables.</summary>
    /// <returns>False where the marker is none of them.</returns>
    public static bool ReadTable(ref RecordReader reader, int marker, WsqTables tables)
    {
        switch (marker)
        {
            case WsqMarker.TransformTable:
                ReadFilters(ref reader, tables);
                return true;
            case WsqMarker.QuantisationTable:
                ReadQuantisation(ref reader, tables);
                return true;
            case WsqMarker.HuffmanTables:
                ReadHuffman(ref reader, tables);
                return true;
            case WsqMarker.RestartInterval:
                Segment(ref reader, "restart interval");
                return true;
            case WsqMarker.Comment:
                ReadComment(ref reader, tables);
                return true;
            default:
                return false;
        }
    }

    public static WsqFrame? ReadFrame(ref RecordReader reader, WsqTables tables)
    {
        int end = StatedEnd(ref reader);
        reader.Skip(2, "black and white level");
        int height = reader.Word("height");
        int width = reader.Word("width");
        float shift = Scaled(reader.Byte("scale of the shift"), reader.Word("shift"));
        float scale = Scaled(reader.Byte("scale of the scale"), reader.Word("scale"));
        reader.Skip(3, "encoder and software");
        Ended(ref reader, end, "frame header", tables);
        if (!reader.Failed && ImageLimits.FaultOf(reader.Offset, width, height) is { } fault)
        {
            reader.Reject(reader.Offset, fault.Found, fault.Wanted);
        }
        else if (!reader.Failed && Math.Min(width, height) < WsqSubbands.ShortestSide)
        {
            reader.Reject(
                reader.Offset, $"{width} x {height} pixels", $"at least {WsqSubbands.ShortestSide} on each side");
        }

        return reader.Failed ? null : new WsqFrame(width, height, shift, scale);
    }

    /// <summary>The table that a block is coded by.</summary>
    public static WsqHuffman? ReadBlockHeader(ref RecordReader reader, WsqTables tables)
    {
        int end = StatedEnd(ref reader);
        int number = reader.Byte("Huffman table of the block");
        Ended(ref reader, end, "block header", tables);
        WsqHuffman? table = number < WsqTables.HuffmanTables ? tables.Huffman[number] : null;
        if (!reader.Failed && table is null)
        {
            reader.Reject(reader.Offset - 1, $"a block by Huffman table {number}", "a table that was defined before");
        }

        return table;
    }

    private static void ReadFilters(ref RecordReader reader, WsqTables tables)
    {
        int end = StatedEnd(ref reader);
        int high = reader.ByteIn(1, WsqFilters.MostTaps, "taps of the low-pass filter");
        int low = reader.ByteIn(1, WsqFilters.MostTaps, "taps of the high-pass filter");
        if (!reader.Failed && high % 2 != low % 2)
        {
            reader.Reject(reader.Offset, $"filters of {high} and {low} taps", "both even or both odd");
        }

        float[] lowHalf = Coefficients(ref reader, (high + 1) / 2);
        float[] highHalf = Coefficients(ref reader, (low + 1) / 2);
        Ended(ref reader, end, "transform table", tables);
        tables.Filters = reader.Failed ? null : WsqFilters.FromHalves(lowHalf, highHalf, high, low);
    }

    private static float[] Coefficients(ref RecordReader reader, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            bool negative = reader.Byte("sign of a filter tap") != 0;
            float value = Scaled(reader.Byte("scale of a filter tap"), reader.Long("filter tap"));
            values[i] = negative ? -value : value;
        }

        return values;
    }

    private static void ReadQuantisation(ref RecordReader reader, WsqTables tables)
    {
        int end = StatedEnd(ref reader);
        float centre = Scaled(reader.Byte("scale of the bin centre"), reader.Word("bin centre"));
        float[] bins = new float[WsqSubbands.Listed];
        float[] zeroBins = new float[WsqSubbands.Listed];
        for (int band = 0; band < WsqSubbands.Listed; band++)
        {
            bins[band] = Scaled(reader.Byte("scale of a bin"), reader.Word("bin"));
            zeroBins[band] = Scaled(reader.Byte("scale of a zero bin"), reader.Word("zero bin"));
        }

        Ended(ref reader, end, "quantisation table", tables);
        tables.Quantisation = new WsqQuantisation(centre, bins, zeroBins);
    }

    private static void ReadHuffman(ref RecordReader reader, WsqTables tables)
    {
        RecordReader segment = Segment(ref reader, "Huffman tables");
        do
        {
            int number = segment.ByteIn(0, WsqTables.HuffmanTables - 1, "number of a Huffman table");
            ReadOnlySpan<byte> counts = segment.Take(WsqHuffman.LongestCode, "counts of Huffman codes");
            int total = 0;
            foreach (byte count in counts)
            {
                total += count;
            }

            if (!segment.Failed && total > WsqHuffman.MostSymbols)
            {
                segment.Reject(
                    segment.Offset, $"{total} Huffman codes", $"at most {WsqHuffman.MostSymbols}");
            }

            ReadOnlySpan<byte> symbols = segment.Take(total, "symbols of a Huffman table");
            if (!segment.Failed)
            {
                tables.Huffman[number] = WsqHuffman.Of(counts, symbols);
                if (tables.Huffman[number] is null)
                {
                    segment.Reject(
                        segment.Offset, "more Huffman codes of a length than there are", "a prefix code");
                }
            }
        }
        while (!segment.Failed && segment.Remaining > 0);
        Keep(ref reader, segment.Rejection, segment.Length);
    }

    /// <summary>
    /// A NISTCOM comment states the resolution; everything else in comments is passed over.
    /// </summary>
    private static void ReadComment(ref RecordReader reader, WsqTables tables)
    {
        RecordReader segment = Segment(ref reader, "comment");
        ReadOnlySpan<byte> text = segment.Take(segment.Remaining, "comment");
        Keep(ref reader, segment.Rejection, segment.Length);
        if (!text.StartsWith("NIST_COM"u8))
        {
            return;
        }

        foreach (Range line in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> field = text[line];
            if (field.StartsWith("PPI "u8)
                && int.TryParse(
                    Encoding.ASCII.GetString(field[4..]).Trim(), NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture, out int ppi))
            {
                tables.Ppi ??= ppi;
            }
        }
    }

    /// <summary>The content of a segment by its length, which counts itself.</summary>
    private static RecordReader Segment(ref RecordReader reader, string field)
    {
        int at = reader.Offset;
        int length = reader.Word("length of a segment");
        if (!reader.Failed && length < 2)
        {
            reader.Reject(at, $"a {field} of {length} bytes", "its length, at least 2");
        }

        return new RecordReader(reader.Take(Math.Max(length - 2, 0), field));
    }

    /// <summary>Where a segment ends by the length that it states.</summary>
    private static int StatedEnd(ref RecordReader reader)
    {
        int at = reader.Offset;
        return at + reader.Word("length of a segment");
    }

    private static void Ended(ref RecordReader reader, int stated, string segment, WsqTables tables)
    {
        if (!reader.Failed && reader.Offset != stated)
        {
            tables.Warnings.Add($"the {segment} states another length than it has");
        }
    }

    /// <summary>
    /// What was wrong inside a segment is wrong with the stream, at the place in the stream.
    /// </summary>
    private static void Keep(ref RecordReader reader, Rejection? fault, int length)
    {
        if (fault is not null)
        {
            reader.Reject(reader.Offset - length + (int)Math.Max(fault.Offset, 0), fault.Found, fault.Wanted);
        }
    }

    /// <summary>
    /// An integer divided by ten as often as the scale says, rounded each time as a float is.
    /// </summary>
    private static float Scaled(byte scale, uint value)
    {
        float scaled = value;
        for (int i = Math.Min(scale, (byte)MostDecimals); i > 0; i--)
        {
            scaled /= 10f;
        }

        return scaled;
    }
}
