using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Our iris template, version 2: the name and version of the encoder, then one to four whole templates of
/// version 1 of the same eye, then a CRC-32. Defined byte by byte in docs/iris-template.md and frozen by a
/// golden file.
/// </summary>
internal static class MatchClusterIrisSet
{
    public const byte Version = 2;

    private const int HeaderBytes = 32;
    private const int CrcBytes = 4;
    private const int EyeOffset = 5;
    private const int CountOffset = 6;
    private const int QualityOffset = 7;
    private const int EncoderVersionOffset = 8;
    private const int ReservedOffset = 10;
    private const int NameOffset = 12;
    private const int NameBytes = HeaderBytes - NameOffset;
    private const int MostCodes = 4;

    /// <summary>Encoders that have a calibration of their own.</summary>
    private static readonly (IrisEncoderId Id, string Name, ushort Version)[] Known =
        [(IrisEncoderId.MatchCluster1, "matchcluster-iris", 1)];

    /// <summary>Whether bytes are of this version: only a template that says so is read here.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) =>
        bytes.Length > MatchClusterIris.VersionOffset && bytes.StartsWith(MatchClusterIris.Magic)
        && bytes[MatchClusterIris.VersionOffset] == Version;

    public static Decoded<IrisCodes> Decode(ReadOnlySpan<byte> bytes)
    {
        if (HeaderFault(bytes) is { } fault)
        {
            return fault;
        }

        IrisEncoderId encoder = EncoderOf(bytes);
        List<IrisCode> codes = [];
        int at = HeaderBytes;
        for (int i = 0; i < bytes[CountOffset]; i++)
        {
            ReadOnlySpan<byte> rest = bytes[at..^CrcBytes];
            int length = MatchClusterIris.LengthAt(rest);
            if (length < 0 || length > rest.Length)
            {
                return new Rejection(
                    at, $"{rest.Length} bytes of code {i + 1} of {bytes[CountOffset]}",
                    "a whole template of version 1");
            }

            Decoded<IrisCode> code = MatchClusterIris.Decode(rest[..length]);
            if (!code.IsAccepted)
            {
                return code.Rejection with { Offset = at + Math.Max(0, code.Rejection.Offset) };
            }

            if (code.Value.Position.Eye != bytes[EyeOffset] || code.Value.Quality != QualityOf(bytes))
            {
                return new Rejection(
                    at, $"code {i + 1} of another eye or quality than the template states", "those of the template");
            }

            codes.Add(code.Value with { Encoder = encoder });
            at += length;
        }

        int left = bytes.Length - CrcBytes - at;
        return left == 0 ? new IrisCodes(codes) : new Rejection(at, $"{left} bytes after the last code", "the CRC-32");
    }

    /// <exception cref="ArgumentException">The codes are none or too many, or not of one eye and
    /// encoder.</exception>
    public static byte[] Encode(IReadOnlyList<IrisCode> codes)
    {
        if (codes.Count is 0 or > MostCodes || codes.Any(code => code.Position != codes[0].Position
            || code.Encoder != codes[0].Encoder || code.Quality != codes[0].Quality))
        {
            throw new ArgumentException(
                $"found {codes.Count} codes, wanted 1 to {MostCodes} of one eye, quality and encoder", nameof(codes));
        }

        byte[][] parts = [.. codes.Select(MatchClusterIris.Encode)];
        byte[] bytes = new byte[HeaderBytes + parts.Sum(part => part.Length) + CrcBytes];
        MatchClusterIris.Magic.CopyTo(bytes);
        bytes[MatchClusterIris.VersionOffset] = Version;
        bytes[EyeOffset] = (byte)codes[0].Position.Eye;
        bytes[CountOffset] = (byte)codes.Count;
        bytes[QualityOffset] = (byte)(codes[0].Quality ?? MatchClusterIris.NoQuality);
        foreach ((IrisEncoderId id, string name, ushort version) in Known)
        {
            if (id == codes[0].Encoder)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(EncoderVersionOffset), version);
                Encoding.ASCII.GetBytes(name, bytes.AsSpan(NameOffset, NameBytes));
            }
        }

        int at = HeaderBytes;
        foreach (byte[] part in parts)
        {
            part.CopyTo(bytes, at);
            at += part.Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Crc32.HashToUInt32(bytes.AsSpan(..at)));
        return bytes;
    }

    private static Rejection? HeaderFault(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + CrcBytes)
        {
            return new Rejection(-1, $"{bytes.Length} bytes", $"at least {HeaderBytes + CrcBytes}, header and CRC-32");
        }

        if (bytes[EyeOffset] > 2)
        {
            return new Rejection(EyeOffset, $"eye {bytes[EyeOffset]}", "0 undefined, 1 right or 2 left");
        }

        if (bytes[CountOffset] is 0 or > MostCodes)
        {
            return new Rejection(CountOffset, $"{bytes[CountOffset]} codes", $"1 to {MostCodes}");
        }

        if (bytes[ReservedOffset] != 0 || bytes[ReservedOffset + 1] != 0)
        {
            return new Rejection(ReservedOffset, "reserved bytes that are not 0", "0");
        }

        ReadOnlySpan<byte> name = bytes.Slice(NameOffset, NameBytes);
        ReadOnlySpan<byte> text = name.TrimEnd((byte)0);
        if (text.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
        {
            return new Rejection(NameOffset, "an encoder's name that is not printable ASCII", "ASCII, filled with 0");
        }

        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^CrcBytes..]);
        uint computed = Crc32.HashToUInt32(bytes[..^CrcBytes]);
        return stated == computed ? null : new Rejection(
            bytes.Length - CrcBytes, $"CRC-32 {stated:x8}", $"{computed:x8}, as the bytes before it give");
    }

    private static int? QualityOf(ReadOnlySpan<byte> bytes) =>
        bytes[QualityOffset] == MatchClusterIris.NoQuality ? null : bytes[QualityOffset];

    private static IrisEncoderId EncoderOf(ReadOnlySpan<byte> bytes)
    {
        string name = Encoding.ASCII.GetString(bytes.Slice(NameOffset, NameBytes).TrimEnd((byte)0));
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[EncoderVersionOffset..]);
        foreach ((IrisEncoderId id, string known, ushort of) in Known)
        {
            if (known == name && of == version)
            {
                return id;
            }
        }

        return IrisEncoderId.Unknown;
    }
}
