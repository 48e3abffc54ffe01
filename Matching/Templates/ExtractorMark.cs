using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Says in a minutiae record what extracted a view: an area of extended data of a vendor's type, which all four formats
/// lay out alike and which readers pass over that do not know it.
/// </summary>
/// <remarks>
/// Area: type 4D45 (16 bits; 0100 to FFFF are the vendors'), length of the whole area (16 bits, 24), 19 characters
/// "matchcluster-finger", version (8 bits). The characters decide, not the type, which another vendor may use too. The
/// formats' own fields do not fit: they name the capture device, or the product of a registered vendor.
/// </remarks>
internal static class ExtractorMark
{
    private const int AreaType = 0x4D45;
    private const int AreaHeaderBytes = 4;
    private const int AreaBytes = 24;

    private static ReadOnlySpan<byte> Name => "matchcluster-finger"u8;

    /// <summary>Bytes that the mark takes in a view's extended data.</summary>
    public static int Measure(FingerExtractorId extractor) =>
        extractor == FingerExtractorId.Unknown ? 0 : AreaBytes;

    /// <summary>Writes the area; nothing where no extractor is known.</summary>
    public static void Write(ref RecordWriter writer, FingerExtractorId extractor)
    {
        if (extractor != FingerExtractorId.Unknown)
        {
            writer.Word(AreaType);
            writer.Word(AreaBytes);
            writer.Bytes(Name);
            writer.Byte((int)extractor);
        }
    }

    /// <summary>
    /// The extractor that extended data name. Data that are no areas, or name none that is known, are no fault.
    /// </summary>
    public static FingerExtractorId In(ReadOnlySpan<byte> extendedData)
    {
        while (extendedData.Length >= AreaHeaderBytes)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(extendedData[2..]);
            if (length < AreaHeaderBytes || length > extendedData.Length)
            {
                break;
            }

            if (length == AreaBytes && BinaryPrimitives.ReadUInt16BigEndian(extendedData) == AreaType
                && extendedData[AreaHeaderBytes..].StartsWith(Name)
                && extendedData[AreaBytes - 1] == (byte)FingerExtractorId.MatchCluster1)
            {
                return FingerExtractorId.MatchCluster1;
            }

            extendedData = extendedData[length..];
        }

        return FingerExtractorId.Unknown;
    }
}
