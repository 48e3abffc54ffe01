using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MatchCluster.Matching.Fingers.Ridges;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// The bytes of a prepared finger: what a gallery holds and what a comparison reads. Little-endian; the length is a
/// multiple of 64.
/// </summary>
/// <remarks>
/// <code>
/// 0    header      "MCC1", u16 cylinders n (0..64), u16 minutiae, u32 row bytes, u16 bytes of ridges, u8 extractor,
///                  zeros to byte 64
/// 64   bits        ceil(n/8) octets of 5 sections of 8 words: word (octet, section, lane)
/// then roots       f32 per lane: square root of the cylinder's set bits
/// then angle, x, y i16 per lane each: 65536ths of a turn; 1/8 pixel at 500 dpi from the print's middle, y up
/// then ridges      what the print shows besides minutiae (RidgeColumns), in lines of their own; most rows have none
/// </code>
/// Cylinders are ordered by angle. Lanes beyond n are zeros: their similarity to anything is exactly 0, so kernels
/// need no tail. Only the third stage reads the ridges.
/// </remarks>
internal readonly ref struct FingerRow
{
    public const int HeaderBytes = 64;
    public const int Lanes = 8;
    public const int OctetWords = MccParameters.Sections * Lanes;
    private const int ExtractorOffset = 14;
    private const uint Magic = 0x3143434D;
    private const int RidgesAt = 12;
    private const int OctetBytes = (OctetWords * 8) + (Lanes * (4 + 2 + 2 + 2));

    private FingerRow(ReadOnlySpan<byte> bytes, int cylinders, int minutiae)
    {
        Cylinders = cylinders;
        Minutiae = minutiae;
        Octets = (cylinders + Lanes - 1) / Lanes;
        int lanes = Octets * Lanes;
        ReadOnlySpan<byte> rest = bytes[HeaderBytes..];
        Bits = MemoryMarshal.Cast<byte, ulong>(rest[..(Octets * OctetWords * 8)]);
        rest = rest[(Octets * OctetWords * 8)..];
        Roots = MemoryMarshal.Cast<byte, float>(rest[..(lanes * 4)]);
        ReadOnlySpan<short> places = MemoryMarshal.Cast<byte, short>(rest.Slice(lanes * 4, lanes * 6));
        Angles = places[..lanes];
        X = places.Slice(lanes, lanes);
        Y = places.Slice(2 * lanes, lanes);
        RidgeBytes = bytes[BytesFor(cylinders)..];
    }

    public int Cylinders { get; }

    public int Minutiae { get; }

    public int Octets { get; }

    /// <summary>Octets x 5 sections x 8 lanes.</summary>
    public ReadOnlySpan<ulong> Bits { get; }

    public ReadOnlySpan<float> Roots { get; }

    public ReadOnlySpan<short> Angles { get; }

    public ReadOnlySpan<short> X { get; }

    public ReadOnlySpan<short> Y { get; }

    /// <summary>The end of the row: what <see cref="RidgeColumns"/> reads, or nothing.</summary>
    private ReadOnlySpan<byte> RidgeBytes { get; }

    /// <summary>What the ridges do; empty where the row does not say it.</summary>
    public RidgeColumns Ridges => RidgeColumns.Over(RidgeBytes, Cylinders);

    /// <summary>Bytes of a row with this number of cylinders and without ridges.</summary>
    public static int BytesFor(int cylinders)
    {
        int octets = (cylinders + Lanes - 1) / Lanes;
        return (HeaderBytes + (octets * OctetBytes) + 63) / 64 * 64;
    }

    /// <summary>Reads the header and lays the columns over the bytes; nothing is copied.</summary>
    /// <exception cref="ArgumentException">The bytes are not a row, or end before it does.</exception>
    public static FingerRow Over(ReadOnlySpan<byte> bytes)
    {
        int length = LengthOf(bytes);
        if (bytes.Length < length)
        {
            throw new ArgumentException($"a finger row of {length} bytes ends after {bytes.Length}", nameof(bytes));
        }

        return new(
            bytes[..length],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]));
    }

    /// <summary>Cylinders of a row, from its header.</summary>
    public static int CylindersOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);

    /// <summary>What extracted the minutiae of a row, from its header.</summary>
    public static FingerExtractorId ExtractorOf(ReadOnlySpan<byte> bytes) =>
        (FingerExtractorId)bytes[ExtractorOffset];

    /// <summary>Whether two rows are of one print, whatever extracted it.</summary>
    public static bool AreSame(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a[..ExtractorOffset].SequenceEqual(b[..ExtractorOffset])
        && a[(ExtractorOffset + 1)..].SequenceEqual(b[(ExtractorOffset + 1)..]);

    /// <summary>Whether the bytes are one whole row by its header. Never throws.</summary>
    public static bool IsRow(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes && HasHeader(bytes)
        && bytes.Length == BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);

    /// <summary>The row's length from its header.</summary>
    /// <exception cref="ArgumentException">The bytes are not the header of a row.</exception>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes)
        {
            throw new ArgumentException(
                $"found {bytes.Length} bytes, wanted a finger row's header of {HeaderBytes}", nameof(bytes));
        }

        if (!HasHeader(bytes))
        {
            throw new ArgumentException(
                $"found {Convert.ToHexString(bytes[..12])}, wanted a finger row's header", nameof(bytes));
        }

        return (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
    }

    private static bool HasHeader(ReadOnlySpan<byte> bytes)
    {
        int cylinders = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        int ridges = RidgeBytesOf(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic
            && cylinders <= Limits.MinutiaeScored
            && bytes[ExtractorOffset] <= (byte)FingerExtractorId.MatchCluster1
            && ridges <= RidgeColumns.MostBytes && ridges % HeaderBytes == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == BytesFor(cylinders) + ridges;
    }

    /// <summary>Bytes of the ridges at the end of a row, from its header; 0 where it has none.</summary>
    public static int RidgeBytesOf(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[RidgesAt..]);

    /// <summary>Writes a row: header and columns, zeros in unused lanes.</summary>
    /// <param name="cylinders">Ordered by angle.</param>
    /// <param name="minutiae">Number of minutiae that they were built from.</param>
    /// <param name="extractor">What extracted them.</param>
    /// <param name="ridges">What <see cref="RidgeColumns.Of"/> gives, or nothing.</param>
    public static byte[] Write(
        ReadOnlySpan<Cylinder> cylinders, int minutiae, FingerExtractorId extractor = FingerExtractorId.Unknown,
        ReadOnlySpan<byte> ridges = default)
    {
        byte[] bytes = new byte[BytesFor(cylinders.Length) + ridges.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(RidgesAt), (ushort)ridges.Length);
        ridges.CopyTo(bytes.AsSpan(bytes.Length - ridges.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)cylinders.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), (ushort)minutiae);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)bytes.Length);
        bytes[ExtractorOffset] = (byte)extractor;

        int lanes = (cylinders.Length + Lanes - 1) / Lanes * Lanes;
        Span<byte> roots = bytes.AsSpan(HeaderBytes + (lanes * MccParameters.Sections * 8));
        Span<byte> places = roots[(lanes * 4)..];
        for (int i = 0; i < cylinders.Length; i++)
        {
            Cylinder cylinder = cylinders[i];
            for (int section = 0; section < MccParameters.Sections; section++)
            {
                int word = WordOf(i) + (section * Lanes);
                BinaryPrimitives.WriteUInt64LittleEndian(
                    bytes.AsSpan(HeaderBytes + (word * 8)), cylinder[section]);
            }

            BinaryPrimitives.WriteSingleLittleEndian(roots[(i * 4)..], MathF.Sqrt(cylinder.SetBits));
            BinaryPrimitives.WriteInt16LittleEndian(places[(i * 2)..], cylinder.Angle);
            BinaryPrimitives.WriteInt16LittleEndian(places[((lanes + i) * 2)..], cylinder.X);
            BinaryPrimitives.WriteInt16LittleEndian(places[(((2 * lanes) + i) * 2)..], cylinder.Y);
        }

        return bytes;
    }

    /// <summary>Index in <see cref="Bits"/> of a cylinder's section 0; the others follow 8 words apart.</summary>
    public static int WordOf(int cylinder) => (cylinder / Lanes * OctetWords) + (cylinder % Lanes);
}
