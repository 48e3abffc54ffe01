using System.Buffers.Binary;
using MatchCluster.Matching.Images.Tiff;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Jpeg;

/// <summary>
/// What the segments of a JPEG say, walked from the first byte to the mark of the end before anything is decoded: what
/// a decoder would need too much time or memory for is refused here.
/// </summary>
internal sealed class JpegHeader
{
    private const int StartOfFrame = 0xC0;
    private const int ExtendedFrame = 0xC1;
    private const int ProgressiveFrame = 0xC2;
    private const int LastFrame = 0xCF;
    private const int HuffmanTables = 0xC4;
    private const int ArithmeticTables = 0xCC;
    private const int JpgExtension = 0xC8;
    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;
    private const int Jfif = 0xE0;
    private const int Exif = 0xE1;

    /// <summary>Scans of a file; progressive ones of cameras have about ten.</summary>
    private const int MostScans = 100;

    /// <summary>Pixels times scans of a file of several: each scan goes over all of them.</summary>
    private const long MostScannedPixels = 60_000_000;

    /// <summary>Samples of a file of several scans: a decoder holds them in two bytes each.</summary>
    private const long MostHeldSamples = 24_000_000;

    /// <summary>Pixels of four inks, whose conversion takes longer than their decoding.</summary>
    private const long MostInkPixels = 6_000_000;
    private const int Inks = 4;

    private static readonly byte[] ExifMagic = [.. "Exif\0\0"u8];

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int Components { get; private set; }

    /// <summary>The orientation tag of Exif data; 1 where they have none.</summary>
    public int Orientation { get; private set; } = Images.Orientation.Upright;

    public int? Ppi { get; private set; }

    public List<string> Warnings { get; } = [];

    /// <summary>The segments, or the first thing that is wrong.</summary>
    public static Rejection? Read(ReadOnlyMemory<byte> file, out JpegHeader header)
    {
        header = new JpegHeader();
        ReadOnlySpan<byte> bytes = file.Span;
        int at = 2;
        int scans = 0;
        while (true)
        {
            while (at < bytes.Length && bytes[at] == 0xFF && at + 1 < bytes.Length && bytes[at + 1] == 0xFF)
            {
                at++;
            }

            if (at + 2 > bytes.Length)
            {
                return new Rejection(bytes.Length, "the end of the file", "the mark of a JPEG's end");
            }

            int marker = bytes[at + 1];
            if (bytes[at] != 0xFF || marker is 0 or 0xD8)
            {
                return new Rejection(at, $"bytes {bytes[at]:X2}{marker:X2}", "a marker of a JPEG");
            }

            if (marker == EndOfImage)
            {
                return header.Ended(at, scans, bytes.Length);
            }

            int length = at + 4 <= bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) : 0;
            if (length < 2 || at + 2 + length > bytes.Length)
            {
                return new Rejection(at, $"a segment of {length} bytes", "one that ends within the file");
            }

            if (header.Take(marker, file.Slice(at + 4, length - 2), at) is { } fault)
            {
                return fault;
            }

            at += 2 + length;
            if (marker == StartOfScan)
            {
                scans++;
                at = AfterScan(bytes, at);
                bool isMany = scans > 1 && (header.Pixels * scans > MostScannedPixels
                    || header.Pixels * header.Components > MostHeldSamples);
                if (scans > MostScans || isMany)
                {
                    return new Rejection(
                        at, $"{scans} scans of {header.Pixels} pixels",
                        $"at most {MostScans}, and {MostScannedPixels} pixels in all of several");
                }
            }
        }
    }

    private long Pixels => (long)Width * Height;

    private Rejection? Ended(int at, int scans, int fileBytes)
    {
        if (Width == 0 || scans == 0)
        {
            return new Rejection(at, "the mark of the end", "a frame and a scan before it");
        }

        if (at + 2 < fileBytes)
        {
            Warnings.Add($"{fileBytes - at - 2} bytes after the picture are passed over");
        }

        return null;
    }

    private Rejection? Take(int marker, ReadOnlyMemory<byte> content, int at)
    {
        ReadOnlySpan<byte> bytes = content.Span;
        if (marker == ArithmeticTables || (marker is > ProgressiveFrame and <= LastFrame
            && marker is not (HuffmanTables or JpgExtension)))
        {
            return new Rejection(
                at, $"a JPEG of kind SOF{marker - StartOfFrame}", "baseline, extended or progressive (SOF0 to SOF2)");
        }

        if (marker is StartOfFrame or ExtendedFrame or ProgressiveFrame)
        {
            return TakeFrame(bytes, at);
        }

        if (marker == Jfif && bytes.Length >= 12 && bytes.StartsWith("JFIF\0"u8))
        {
            double across = BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]);
            double down = BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]);
            Ppi ??= bytes[7] == 1 ? StatedResolution.OfInches(across, down, Warnings)
                : bytes[7] == 2 ? StatedResolution.OfCentimetres(across, down, Warnings) : null;
        }

        if (marker == Exif && bytes.StartsWith(ExifMagic)
            && TiffDirectory.Read(content[ExifMagic.Length..]) is { } directory)
        {
            Orientation = (int)Math.Clamp(directory.Number(TiffTag.Orientation, 1), 0, 9);
            Ppi ??= TiffReader.PpiOf(directory, Warnings);
        }

        return marker == StartOfScan && Width == 0 ? new Rejection(at, "a scan", "the frame before it") : null;
    }

    private Rejection? TakeFrame(ReadOnlySpan<byte> bytes, int at)
    {
        if (Width > 0 || bytes.Length < 6 || bytes.Length != 6 + (3 * bytes[5]))
        {
            return new Rejection(at, "a frame header that is doubled or of a wrong length", "one");
        }

        if (bytes[0] != 8 || bytes[5] is not (1 or 3 or 4))
        {
            return new Rejection(at, $"{bytes[5]} components of {bytes[0]} bits", "1, 3 or 4 of 8");
        }

        Height = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        Width = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        Components = bytes[5];
        for (int i = 0; i < Components; i++)
        {
            int sampling = bytes[7 + (3 * i)];
            if ((sampling >> 4) is 0 or > 4 || (sampling & 15) is 0 or > 4)
            {
                return new Rejection(at, $"sampling factors {sampling >> 4} x {sampling & 15}", "1..4");
            }
        }

        return ImageLimits.FaultOf(at, Width, Height, 8 * Components)
            ?? (Components == Inks && Pixels > MostInkPixels
                ? new Rejection(at, $"{Pixels} pixels of four inks", $"at most {MostInkPixels}") : null);
    }

    /// <summary>The offset of the marker after a scan's data; markers of a restart belong to them.</summary>
    private static int AfterScan(ReadOnlySpan<byte> bytes, int at)
    {
        while (true)
        {
            int next = bytes[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= bytes.Length)
            {
                return bytes.Length;
            }

            at += next;
            if (bytes[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }

            at += bytes[at + 1] == 0xFF ? 1 : 2;
        }
    }
}
