using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// ISO/IEC 19794-2:2005 finger minutiae record: identifier and version 'FMR\0 20\0', total length (32 bits),
/// capture device (16), then <see cref="SharedImageViews"/>. Angles in 360/256 degrees. (The card formats of
/// the same standard have no header and are not this.)
/// </summary>
internal static class Iso19794v2005
{
    private const int LengthOffset = 8;

    /// <summary>Identifier, version, length, capture device.</summary>
    private const int OwnHeaderBytes = 14;

    private static ReadOnlySpan<byte> Magic => "FMR\0 20\0"u8;

    public static Decoded<FingerRecord> Decode(ReadOnlySpan<byte> bytes)
    {
        RecordReader reader = new(bytes);
        reader.Magic(Magic);
        SharedMagic.WantIso(ref reader, bytes);
        reader.Declares(reader.Long("record length"), LengthOffset);
        reader.Skip(2, "capture device");
        return SharedImageViews.Read(ref reader, TemplateFormat.Iso19794v2005, AngleUnit.Turn256th);
    }

    /// <summary>
    /// Byte for byte the record the views were read from where that had no capture device, reserved bits or
    /// extended data but <see cref="ExtractorMark"/>.
    /// </summary>
    public static byte[] Encode(IReadOnlyList<FingerView> views)
    {
        SharedImageViews.Check(views);
        int length = Representable.Length(OwnHeaderBytes + SharedImageViews.Measure(views));
        RecordWriter writer = new(length);
        writer.Bytes(Magic);
        writer.Long(length);
        writer.Word(0);
        SharedImageViews.Write(ref writer, views, AngleUnit.Turn256th);
        return writer.Finish();
    }
}
