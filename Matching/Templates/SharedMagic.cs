using System.Buffers.Binary;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// ISO/IEC 19794-2:2005 and INCITS 378-2004 share identifier and version. The bytes after them tell which of
/// the two a record is, whatever length it declares: they are an ISO record's 32-bit length, whose upper half
/// is 0 or 1, or an INCITS record's 16-bit length, which is its header (26) at least, or 16 zero bits before a
/// 32-bit one.
/// </summary>
internal static class SharedMagic
{
    private const int LengthOffset = 8;
    private const int LongLengthOffset = 10;

    /// <summary>The shortest ISO record without a view, and the shortest of INCITS 378-2004.</summary>
    private const int IsoHeader = 24;
    private const int AnsiHeader = 26;

    /// <summary>Refuses a record of INCITS 378-2004 that comes under the name of the ISO record.</summary>
    public static void WantIso(ref RecordReader reader, ReadOnlySpan<byte> bytes)
    {
        if (reader.Failed || bytes.Length < IsoHeader)
        {
            return;
        }

        if (First(bytes) >= AnsiHeader)
        {
            reader.Reject(
                LengthOffset, $"a 16-bit length of {First(bytes)} bytes, as in INCITS 378-2004",
                "a 32-bit length, as in ISO/IEC 19794-2:2005");
        }
        else if (Long(bytes, LengthOffset) < IsoHeader
            && Long(bytes, LongLengthOffset) is var length && length >= AnsiHeader && length <= bytes.Length)
        {
            reader.Reject(
                LongLengthOffset, $"a long length of {length} bytes, as in INCITS 378-2004",
                "a 32-bit length at byte 8, as in ISO/IEC 19794-2:2005");
        }
    }

    /// <summary>Refuses an ISO record that comes under the name of INCITS 378-2004.</summary>
    public static void WantAnsi(ref RecordReader reader, ReadOnlySpan<byte> bytes)
    {
        if (!reader.Failed && bytes.Length >= IsoHeader && First(bytes) < AnsiHeader
            && Long(bytes, LengthOffset) >= IsoHeader)
        {
            reader.Reject(
                LengthOffset, $"a 32-bit length of {Long(bytes, LengthOffset)} bytes, as in ISO/IEC 19794-2:2005",
                "a 16-bit length, or 16 zero bits and a 32-bit one, as in INCITS 378-2004");
        }
    }

    private static int First(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes[LengthOffset..]);

    private static uint Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
