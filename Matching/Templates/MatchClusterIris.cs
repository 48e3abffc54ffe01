using System.Buffers.Binary;
using System.IO.Hashing;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Our iris template, version 1: a header of 16 bytes, the code, the mask, a CRC-32. Defined byte by byte in
/// docs/iris-template.md and frozen by a golden file. Little-endian, bits in the order of <see
/// cref="IrisCode"/>, so that code and mask are its words as they lie in memory.
/// </summary>
internal static class MatchClusterIris
{
    private const byte Version = 1;
    private const int HeaderBytes = 16;
    private const int CrcBytes = 4;
    public const byte NoQuality = 255;

    public const int VersionOffset = 4;
    private const int EyeOffset = 5;
    private const int MaskKindOffset = 6;
    private const int QualityOffset = 7;
    private const int RowsOffset = 8;
    private const int WaveletsOffset = 9;
    private const int PhasesOffset = 10;
    private const int ColumnsOffset = 12;

    private const byte MaskPerBit = 0;
    private const byte MaskPerCell = 1;

    /// <summary>Every second bit: the first phase of each pair.</summary>
    private const ulong FirstPhase = 0x5555555555555555;

    public static ReadOnlySpan<byte> Magic => "MCIT"u8;

    /// <summary>Bytes of the template that begins here; -1 where none does.</summary>
    public static int LengthAt(ReadOnlySpan<byte> bytes) => HeaderFault(bytes, out IrisShape shape) is null
        ? HeaderBytes + (shape.Bits / 8) + MaskBytes(shape, bytes[MaskKindOffset] == MaskPerCell) + CrcBytes
        : -1;

    public static Decoded<IrisCode> Decode(ReadOnlySpan<byte> bytes)
    {
        if (HeaderFault(bytes, out IrisShape shape) is { } fault)
        {
            return fault;
        }

        bool perCell = bytes[MaskKindOffset] == MaskPerCell;
        int codeBytes = shape.Bits / 8;
        int maskBytes = MaskBytes(shape, perCell);
        int length = HeaderBytes + codeBytes + maskBytes + CrcBytes;
        if (bytes.Length != length)
        {
            return new Rejection(
                -1, $"{bytes.Length} bytes",
                $"{length} for shape {shape} and mask kind {bytes[MaskKindOffset]}");
        }

        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^CrcBytes..]);
        uint computed = Crc32.HashToUInt32(bytes[..^CrcBytes]);
        if (stated != computed)
        {
            return new Rejection(
                length - CrcBytes, $"CRC-32 {stated:x8}", $"{computed:x8}, as the bytes before it give");
        }

        ReadOnlySpan<byte> mask = bytes.Slice(HeaderBytes + codeBytes, maskBytes);
        byte quality = bytes[QualityOffset];
        return new IrisCode
        {
            Position = BiometricPosition.OfEye(bytes[EyeOffset]),
            Shape = shape,
            Code = ReadWords(bytes.Slice(HeaderBytes, codeBytes)),
            Mask = perCell ? Spread(mask) : ReadWords(mask),
            Quality = quality == NoQuality ? null : quality,
        };
    }

    /// <summary>
    /// Both phases of a cell usually share their mask bit: then half of the mask is enough.
    /// </summary>
    public static byte[] Encode(IrisCode code)
    {
        IrisShape shape = code.Shape;
        bool perCell = shape.Phases == 2 && PhasesAgree(code.Mask.Span);
        int codeBytes = shape.Bits / 8;
        int maskBytes = MaskBytes(shape, perCell);
        byte[] bytes = new byte[HeaderBytes + codeBytes + maskBytes + CrcBytes];

        Magic.CopyTo(bytes);
        bytes[VersionOffset] = Version;
        bytes[EyeOffset] = (byte)code.Position.Eye;
        bytes[MaskKindOffset] = perCell ? MaskPerCell : MaskPerBit;
        bytes[QualityOffset] = (byte)(code.Quality ?? NoQuality);
        bytes[RowsOffset] = (byte)shape.Rows;
        bytes[WaveletsOffset] = (byte)shape.Wavelets;
        bytes[PhasesOffset] = (byte)shape.Phases;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(ColumnsOffset), (ushort)shape.Columns);

        WriteWords(code.Code.Span, bytes.AsSpan(HeaderBytes, codeBytes));
        Span<byte> mask = bytes.AsSpan(HeaderBytes + codeBytes, maskBytes);
        if (perCell)
        {
            Gather(code.Mask.Span, mask);
        }
        else
        {
            WriteWords(code.Mask.Span, mask);
        }

        uint crc = Crc32.HashToUInt32(bytes.AsSpan(..^CrcBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(^CrcBytes..), crc);
        return bytes;
    }

    private static Rejection? HeaderFault(ReadOnlySpan<byte> bytes, out IrisShape shape)
    {
        shape = default;
        if (bytes.Length < HeaderBytes)
        {
            return new Rejection(-1, $"{bytes.Length} bytes", $"at least {HeaderBytes}, the header");
        }

        if (!bytes.StartsWith(Magic))
        {
            return new Rejection(
                0, $"magic {Convert.ToHexString(bytes[..Magic.Length])}", "4D434954, 'MCIT'");
        }

        if (bytes[VersionOffset] != Version)
        {
            return new Rejection(
                VersionOffset, $"version {bytes[VersionOffset]}", $"{Version} or {MatchClusterIrisSet.Version}");
        }

        if (bytes[EyeOffset] > 2)
        {
            return new Rejection(EyeOffset, $"eye {bytes[EyeOffset]}", "0 undefined, 1 right or 2 left");
        }

        if (bytes[QualityOffset] is > 100 and not NoQuality)
        {
            return new Rejection(QualityOffset, $"quality {bytes[QualityOffset]}", "0..100, or 255 for none");
        }

        shape = new IrisShape(
            bytes[RowsOffset], BinaryPrimitives.ReadUInt16LittleEndian(bytes[ColumnsOffset..]),
            bytes[WaveletsOffset], bytes[PhasesOffset]);
        if (!shape.IsValid)
        {
            return new Rejection(
                RowsOffset, $"shape {shape}",
                "rows 1..64, columns 8..512, wavelets 1..4, phases 1..2, "
                + "whole 64-bit words up to 16,384 bits");
        }

        if (bytes[MaskKindOffset] > (shape.Phases == 2 ? MaskPerCell : MaskPerBit))
        {
            return new Rejection(
                MaskKindOffset, $"mask kind {bytes[MaskKindOffset]} with {shape.Phases} phases",
                "0 per bit, or 1 shared by two phases");
        }

        foreach (int reserved in (ReadOnlySpan<int>)[11, 14, 15])
        {
            if (bytes[reserved] != 0)
            {
                return new Rejection(reserved, $"reserved byte {bytes[reserved]}", "0");
            }
        }

        return null;
    }

    private static int MaskBytes(IrisShape shape, bool perCell) => shape.Bits / 8 / (perCell ? 2 : 1);

    private static ulong[] ReadWords(ReadOnlySpan<byte> bytes)
    {
        ulong[] words = new ulong[bytes.Length / 8];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
        }

        return words;
    }

    private static void WriteWords(ReadOnlySpan<ulong> words, Span<byte> bytes)
    {
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * i)..], words[i]);
        }
    }

    private static bool PhasesAgree(ReadOnlySpan<ulong> mask)
    {
        ulong different = 0;
        foreach (ulong word in mask)
        {
            different |= (word ^ (word >> 1)) & FirstPhase;
        }

        return different == 0;
    }

    /// <summary>Each of 32 bits becomes the two phases of its cell.</summary>
    private static ulong[] Spread(ReadOnlySpan<byte> mask)
    {
        ulong[] words = new ulong[mask.Length / 4];
        for (int i = 0; i < words.Length; i++)
        {
            ulong cells = BinaryPrimitives.ReadUInt32LittleEndian(mask[(4 * i)..]);
            cells = (cells | (cells << 16)) & 0x0000ffff0000ffff;
            cells = (cells | (cells << 8)) & 0x00ff00ff00ff00ff;
            cells = (cells | (cells << 4)) & 0x0f0f0f0f0f0f0f0f;
            cells = (cells | (cells << 2)) & 0x3333333333333333;
            cells = (cells | (cells << 1)) & FirstPhase;
            words[i] = cells | (cells << 1);
        }

        return words;
    }

    /// <summary>The inverse of <see cref="Spread"/>.</summary>
    private static void Gather(ReadOnlySpan<ulong> words, Span<byte> mask)
    {
        for (int i = 0; i < words.Length; i++)
        {
            ulong cells = words[i] & FirstPhase;
            cells = (cells | (cells >> 1)) & 0x3333333333333333;
            cells = (cells | (cells >> 2)) & 0x0f0f0f0f0f0f0f0f;
            cells = (cells | (cells >> 4)) & 0x00ff00ff00ff00ff;
            cells = (cells | (cells >> 8)) & 0x0000ffff0000ffff;
            cells |= cells >> 16;
            BinaryPrimitives.WriteUInt32LittleEndian(mask[(4 * i)..], (uint)cells);
        }
    }
}
