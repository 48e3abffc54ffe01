using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Bmp;

/// <summary>What the headers of a bitmap say, checked.</summary>
internal sealed record BmpHeader
{
    /// <summary>Compression: none, run lengths of 8 or 4 bits, or masks for the channels.</summary>
    public const int Plain = 0;
    public const int Runs8 = 1;
    public const int Runs4 = 2;
    public const int Masks = 3;
    private const int AlphaMasks = 6;

    private const int FileHeader = 14;
    private const int CoreHeader = 12;
    private const int InfoHeader = 40;

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Whether the first row of the file is the topmost.</summary>
    public required bool IsTopDown { get; init; }

    /// <summary>Bits a pixel: 1, 4, 8, 16, 24 or 32.</summary>
    public required int Bits { get; init; }

    public required int Compression { get; init; }

    /// <summary>Grey values of the palette; empty where there is none.</summary>
    public required byte[] Palette { get; init; }

    /// <summary>Masks of red, green and blue of pixels of 16 and 32 bits.</summary>
    public required (uint Red, uint Green, uint Blue) Channels { get; init; }

    /// <summary>Offset of the pixels.</summary>
    public required int PixelsAt { get; init; }

    public required double MetresAcross { get; init; }

    public required double MetresDown { get; init; }

    public static Decoded<BmpHeader> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FileHeader + CoreHeader)
        {
            return new Rejection(bytes.Length, "the end in the header", "a bitmap's headers");
        }

        long pixelsAt = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        uint headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]);
        bool isCore = headerBytes == CoreHeader;
        if (!isCore && (headerBytes < InfoHeader || headerBytes > 1024 || bytes.Length < FileHeader + headerBytes))
        {
            return new Rejection(14, $"a header of {headerBytes} bytes", "12, or 40 and more within the file");
        }

        ReadOnlySpan<byte> info = bytes.Slice(FileHeader, (int)headerBytes);
        long width = isCore ? Word(info, 4) : Int(info, 4);
        long height = isCore ? Word(info, 6) : Int(info, 8);
        int bits = isCore ? Word(info, 10) : Word(info, 14);
        int compression = isCore ? Plain : Int(info, 16);
        compression = compression == AlphaMasks ? Masks : compression;
        if (FaultOf(width, Math.Abs(height), bits, compression) is { } fault)
        {
            return fault;
        }

        bool hasMasksAfter = headerBytes == InfoHeader && compression == Masks;
        int paletteAt = FileHeader + (int)headerBytes + (hasMasksAfter ? 12 : 0);
        int masksAt = FileHeader + InfoHeader;
        if (pixelsAt < paletteAt || pixelsAt > bytes.Length || (compression == Masks && bytes.Length < masksAt + 12))
        {
            return new Rejection(10, $"pixels at byte {pixelsAt}", $"{paletteAt}..{bytes.Length}");
        }

        return new BmpHeader
        {
            Width = (int)width,
            Height = (int)Math.Abs(height),
            IsTopDown = height < 0,
            Bits = bits,
            Compression = compression,
            Palette = bits <= 8 ? PaletteOf(bytes[paletteAt..(int)pixelsAt], isCore ? 3 : 4, 1 << bits) : [],
            Channels = compression == Masks ? MasksAt(bytes[masksAt..])
                : bits == 16 ? (0x7C00u, 0x3E0u, 0x1Fu) : (0xFF0000u, 0xFF00u, 0xFFu),
            PixelsAt = (int)pixelsAt,
            MetresAcross = isCore ? 0 : Int(info, 24),
            MetresDown = isCore ? 0 : Int(info, 28),
        };
    }

    private static Rejection? FaultOf(long width, long height, int bits, int compression)
    {
        bool fits = (bits, compression) switch
        {
            (1 or 4 or 8 or 16 or 24 or 32, Plain) => true,
            (8, Runs8) or (4, Runs4) or (16 or 32, Masks) => true,
            _ => false,
        };
        return !fits
            ? new Rejection(28, $"{bits} bits a pixel with compression {compression}",
                "1, 4, 8, 16, 24 or 32 bits, plain, by run lengths (4 and 8) or by masks (16 and 32)")
            : ImageLimits.FaultOf(18, width, height, bits);
    }

    /// <summary>The palette as grey; entries that the file does not have are black.</summary>
    private static byte[] PaletteOf(ReadOnlySpan<byte> bytes, int entryBytes, int entries)
    {
        byte[] palette = new byte[entries];
        int there = Math.Min(entries, bytes.Length / entryBytes);
        for (int i = 0; i < there; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(i * entryBytes, 3);
            palette[i] = Grey.OfRgb(entry[2], entry[1], entry[0]);
        }

        return palette;
    }

    private static (uint Red, uint Green, uint Blue) MasksAt(ReadOnlySpan<byte> bytes) => (
        BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));

    private static int Word(ReadOnlySpan<byte> info, int at) => BinaryPrimitives.ReadUInt16LittleEndian(info[at..]);

    private static int Int(ReadOnlySpan<byte> info, int at) => BinaryPrimitives.ReadInt32LittleEndian(info[at..]);
}
