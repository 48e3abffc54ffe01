using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Jpeg2000;

/// <summary>
/// The boxes of a .jp2 file (ISO/IEC 15444-1, annex I): where the codestream lies, and the resolution, which no decoder
/// gives back. Only the codestream is decoded; what boxes say of colours is not needed for grey.
/// </summary>
internal sealed record Jp2File(int CodestreamAt, int CodestreamBytes, int? Ppi, bool HasLumaAndChroma)
{
    private const int MostBoxes = 1_000;

    /// <summary>Enumerated colour space: luma and chroma, as of JPEG.</summary>
    private const int Sycc = 18;

    /// <summary>The codestream of a file, or of bytes that are one.</summary>
    public static Decoded<Jp2File> Read(ReadOnlySpan<byte> bytes, List<string> warnings)
    {
        if (bytes[0] == 0xFF)
        {
            return new Jp2File(0, bytes.Length, null, false);
        }

        int? ppi = null;
        bool isSycc = false;
        int end = bytes.Length;
        int at = 0;
        for (int box = 0; box < MostBoxes; box++)
        {
            if (BoxAt(bytes, at, end) is not { } found)
            {
                return new Rejection(at, "no box within the file", "the boxes of a JP2 file up to its codestream");
            }

            ReadOnlySpan<byte> content = bytes[found.Content..found.End];
            if (found.Type.Is("jp2c"))
            {
                return new Jp2File(found.Content, content.Length, ppi, isSycc);
            }

            if (found.Type.Is("jp2h"))
            {
                Rejection? fault = ReadHeader(bytes, found, ref ppi, ref isSycc, warnings);
                if (fault is not null)
                {
                    return fault;
                }
            }

            at = found.End;
        }

        return new Rejection(at, $"more than {MostBoxes} boxes", "fewer");
    }

    private static Rejection? ReadHeader(
        ReadOnlySpan<byte> bytes, Box header, ref int? ppi, ref bool isSycc, List<string> warnings)
    {
        int at = header.Content;
        for (int i = 0; at < header.End && i < MostBoxes; i++)
        {
            if (BoxAt(bytes, at, header.End) is not { } box)
            {
                return new Rejection(at, "no box within the header", "whole boxes");
            }

            ReadOnlySpan<byte> content = bytes[box.Content..box.End];
            if (box.Type.Is("pclr"))
            {
                return new Rejection(at, "a palette", "samples that are grey or colours");
            }

            if (box.Type.Is("colr") && content.Length >= 7 && content[0] == 1)
            {
                isSycc = BinaryPrimitives.ReadUInt32BigEndian(content[3..]) == Sycc;
            }

            if (box.Type.Is("res "))
            {
                ppi = ReadResolution(bytes, box, warnings) ?? ppi;
            }

            at = box.End;
        }

        return null;
    }

    /// <summary>The capture resolution, or else the one for display.</summary>
    private static int? ReadResolution(ReadOnlySpan<byte> bytes, Box outer, List<string> warnings)
    {
        int? display = null;
        int at = outer.Content;
        while (BoxAt(bytes, at, outer.End) is { } box)
        {
            ReadOnlySpan<byte> content = bytes[box.Content..box.End];
            bool isCapture = box.Type.Is("resc");
            if ((isCapture || box.Type.Is("resd")) && content.Length >= 10)
            {
                double down = Scaled(content, (sbyte)content[8]);
                double across = Scaled(content[4..], (sbyte)content[9]);
                int? ppi = StatedResolution.OfMetres(across, down, warnings);
                if (isCapture)
                {
                    return ppi;
                }

                display = ppi;
            }

            at = box.End;
        }

        return display;
    }

    private static double Scaled(ReadOnlySpan<byte> fraction, sbyte exponent)
    {
        double below = BinaryPrimitives.ReadUInt16BigEndian(fraction[2..]);
        return below == 0 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(fraction) / below * Math.Pow(10, exponent);
    }

    private static Box? BoxAt(ReadOnlySpan<byte> bytes, int at, int end)
    {
        if (at + 8 > end)
        {
            return null;
        }

        long length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
        int header = 8;
        if (length == 1)
        {
            if (at + 16 > end)
            {
                return null;
            }

            ulong longLength = BinaryPrimitives.ReadUInt64BigEndian(bytes[(at + 8)..]);
            length = (long)Math.Min(longLength, int.MaxValue);
            header = 16;
        }
        else if (length == 0)
        {
            length = end - at;
        }

        return length < header || length > end - at ? null
            : new Box(
                new BoxType(BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..])), at + header, at + (int)length);
    }

    private readonly record struct Box(BoxType Type, int Content, int End);

    private readonly record struct BoxType(uint Code)
    {
        public bool Is(string name) =>
            Code == (((uint)name[0] << 24) | ((uint)name[1] << 16) | ((uint)name[2] << 8) | name[3]);
    }
}
