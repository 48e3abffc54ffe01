using System.Buffers.Binary;
using System.IO.Hashing;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Png;

/// <summary>
/// The chunks of a file, walked once before anything is inflated: the ones that a grey picture needs are checked by
/// their checksums, all others are passed over unread.
/// </summary>
internal sealed class PngChunks
{
    private const int Signature = 8;
    private const int Overhead = 12;

    /// <summary>A file of more chunks is made to cost time.</summary>
    private const int MostChunks = 20_000;

    public PngHeader? Header { get; private set; }

    /// <summary>Grey value and alpha of each entry.</summary>
    public (byte Grey, byte Alpha)[] Palette { get; private set; } = [];

    /// <summary>The grey sample, or the three samples, that stands for transparent; empty where none does.</summary>
    public int[] Transparent { get; private set; } = [];

    public int? Ppi { get; private set; }

    public List<string> Warnings { get; } = [];

    /// <summary>Where the parts of the compressed picture lie: offset and length.</summary>
    public List<(int At, int Length)> Data { get; } = [];

    /// <summary>The chunks, or the first thing that is wrong.</summary>
    public static Rejection? Read(ReadOnlySpan<byte> bytes, out PngChunks chunks)
    {
        chunks = new PngChunks();
        int at = Signature;
        for (int count = 0; count < MostChunks; count++)
        {
            if (at + Overhead > bytes.Length)
            {
                return new Rejection(bytes.Length, "the end of the file", "the chunk IEND");
            }

            long length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - Overhead)
            {
                return new Rejection(at, $"a chunk of {length} bytes", $"at most {bytes.Length - at - Overhead}");
            }

            if (bytes.Slice(at + 4, 4).SequenceEqual("IEND"u8))
            {
                return chunks.Header is null ? new Rejection(at, "IEND", "the chunk IHDR first")
                    : chunks.Data.Count == 0 ? new Rejection(at, "IEND", "a chunk IDAT before it") : null;
            }

            if (chunks.Take(bytes, at, (int)length) is { } fault)
            {
                return fault;
            }

            at += (int)length + Overhead;
        }

        return new Rejection(at, $"more than {MostChunks} chunks", "fewer");
    }

    private Rejection? Take(ReadOnlySpan<byte> bytes, int at, int length)
    {
        ReadOnlySpan<byte> type = bytes.Slice(at + 4, 4);
        ReadOnlySpan<byte> content = bytes.Slice(at + 8, length);
        bool isHeader = type.SequenceEqual("IHDR"u8);
        if (isHeader != (at == Signature))
        {
            return new Rejection(at, isHeader ? "a second IHDR" : "another chunk than IHDR", "IHDR first and once");
        }

        bool isPalette = type.SequenceEqual("PLTE"u8);
        bool isData = type.SequenceEqual("IDAT"u8);
        bool isTransparency = type.SequenceEqual("tRNS"u8);
        bool isDensity = type.SequenceEqual("pHYs"u8);
        if (!(isHeader || isPalette || isData || isTransparency || isDensity))
        {
            bool isAnimation = type.SequenceEqual("acTL"u8);
            if (isAnimation)
            {
                Warnings.Add("of an animation the first picture is taken");
            }

            return (type[0] & 0x20) == 0
                ? new Rejection(at, "a critical chunk that PNG does not define", "a known one") : null;
        }

        uint stated = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + length)..]);
        if (Crc32.HashToUInt32(bytes.Slice(at + 4, length + 4)) != stated)
        {
            return new Rejection(at, "a chunk whose checksum is wrong", "undamaged chunks");
        }

        return isHeader ? TakeHeader(content, at + 8)
            : isPalette ? TakePalette(content, at + 8)
            : isTransparency ? TakeTransparency(content, at + 8)
            : isDensity ? TakeDensity(content)
            : TakeData(at + 8, length);
    }

    private Rejection? TakeHeader(ReadOnlySpan<byte> content, int at)
    {
        if (content.Length != PngHeader.Bytes)
        {
            return new Rejection(at, $"IHDR of {content.Length} bytes", $"{PngHeader.Bytes}");
        }

        Decoded<PngHeader> header = PngHeader.Read(content, at);
        Header = header.Value;
        return header.Rejection;
    }

    private Rejection? TakePalette(ReadOnlySpan<byte> content, int at)
    {
        if (content.Length % 3 != 0 || content.Length is 0 or > 768 || Data.Count > 0 || Palette.Length > 0)
        {
            return new Rejection(at, $"PLTE of {content.Length} bytes", "one, of 1 to 256 colours, before IDAT");
        }

        Palette = new (byte, byte)[content.Length / 3];
        for (int i = 0; i < Palette.Length; i++)
        {
            Palette[i] = (Grey.OfRgb(content[3 * i], content[(3 * i) + 1], content[(3 * i) + 2]), byte.MaxValue);
        }

        return null;
    }

    private Rejection? TakeTransparency(ReadOnlySpan<byte> content, int at)
    {
        PngColour colour = Header!.Colour;
        if (colour == PngColour.Palette)
        {
            for (int i = 0; i < Math.Min(content.Length, Palette.Length); i++)
            {
                Palette[i].Alpha = content[i];
            }

            return null;
        }

        int wanted = colour switch
        {
            PngColour.Grey => 1,
            PngColour.Rgb => 3,
            PngColour.Palette or PngColour.GreyAlpha or PngColour.RgbAlpha => 0,
        };
        if (content.Length != 2 * wanted)
        {
            return new Rejection(at, $"tRNS of {content.Length} bytes", $"{2 * wanted} for this colour type");
        }

        Transparent = new int[wanted];
        for (int i = 0; i < wanted; i++)
        {
            Transparent[i] = BinaryPrimitives.ReadUInt16BigEndian(content[(2 * i)..]);
        }

        return null;
    }

    private Rejection? TakeDensity(ReadOnlySpan<byte> content)
    {
        bool isMetric = content.Length == 9 && content[8] == 1;
        if (isMetric)
        {
            Ppi = StatedResolution.OfMetres(
                BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]),
                Warnings);
        }

        return null;
    }

    private Rejection? TakeData(int at, int length)
    {
        if (Header!.Colour == PngColour.Palette && Palette.Length == 0)
        {
            return new Rejection(at, "a picture by palette without PLTE", "PLTE before IDAT");
        }

        Data.Add((at, length));
        return null;
    }
}
