using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// INCITS 378-2004 finger minutiae record: identifier and version 'FMR\0 20\0' (equal to those of the ISO
/// record of 2005; <see cref="SharedMagic"/> tells them apart), length (16 bits, or 16 zero bits and 32),
/// product identifier (owner and type, 16 each), capture device (16), then <see cref="SharedImageViews"/>.
/// Angles in 2 degrees.
/// </summary>
/// <remarks>
/// The standard means the long form of the length for records above 65,535 bytes; some writers use it for
/// all, so it is read for any.
/// </remarks>
internal static class Ansi378v2004
{
    private const int LengthOffset = 8;

    /// <summary>Identifier, version, short length, product identifier, capture device.</summary>
    private const int OwnHeaderBytes = 16;

    private static ReadOnlySpan<byte> Magic => "FMR\0 20\0"u8;

    public static Decoded<FingerRecord> Decode(ReadOnlySpan<byte> bytes)
    {
        RecordReader reader = new(bytes);
        reader.Magic(Magic);
        SharedMagic.WantAnsi(ref reader, bytes);
        uint length = reader.Word("record length");
        reader.Declares(length == 0 ? reader.Long("long record length") : length, LengthOffset);
        reader.Skip(4, "product identifier");
        reader.Skip(2, "capture device");
        return SharedImageViews.Read(ref reader, TemplateFormat.Ansi378v2004, AngleUnit.TwoDegrees);
    }

    /// <summary>Product identifier and capture device are written as 0: we have none registered.</summary>
    public static byte[] Encode(IReadOnlyList<FingerView> views)
    {
        SharedImageViews.Check(views);
        int length = Representable.Length(OwnHeaderBytes + SharedImageViews.Measure(views, isIso: false));
        RecordWriter writer = new(length);
        writer.Bytes(Magic);
        writer.Word(length);
        writer.Long(0);
        writer.Word(0);
        SharedImageViews.Write(ref writer, views, AngleUnit.TwoDegrees, isIso: false);
        return writer.Finish();
    }
}
