using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// INCITS 378-2009 finger minutiae record: identifier and version 'FMR\0030\0' (with amendment 1
/// 'FMR\0035\0', the same layout), length (32 bits), product owner and type (16 each), certification (8),
/// capture device (16), number of views (8), reserved (8), then views with their own image size and
/// resolution. Angles in 2 degrees.
/// </summary>
/// <remarks>
/// The draft of 2007 had no certification byte, and its records (NIST published one) are read too. Which of
/// the two it is, is decided by one byte without a guess: byte 19 is the number of views in the standard,
/// never 0 in a record that holds anything, and the reserved byte, always 0, in the draft.
/// </remarks>
internal static class Ansi378v2009
{
    private const int LengthOffset = 8;

    /// <summary>Number of views in the standard, reserved in the draft.</summary>
    private const int DecidingOffset = 19;

    /// <summary>
    /// Identifier, version, length, product identifier, certification, capture device, views, reserved.
    /// </summary>
    private const int HeaderBytes = 21;

    /// <summary>A view up to its minutiae: 4 + 4 + 8 + 1.</summary>
    private const int ViewBytes = 17;

    /// <summary>Quality of a finger or a minutia that states none.</summary>
    private const byte NoQuality = 254;

    private static ReadOnlySpan<byte> Magic => "FMR\0030\0"u8;

    private static ReadOnlySpan<byte> AmendedMagic => "FMR\0035\0"u8;

    public static Decoded<FingerRecord> Decode(ReadOnlySpan<byte> bytes)
    {
        Decoded<FingerRecord> record = Read(bytes);
        return record.IsAccepted && Iso19794v2011.IsExactly(bytes)
            ? new Rejection(0, "a record of ISO/IEC 19794-2:2011", "one of INCITS 378-2009")
            : record;
    }

    /// <summary>
    /// Reads a record without a look at ISO/IEC 19794-2:2011, which has the same identifier and version.
    /// </summary>
    internal static Decoded<FingerRecord> Read(ReadOnlySpan<byte> bytes)
    {
        RecordReader reader = new(bytes);
        reader.Magic(bytes.StartsWith(AmendedMagic) ? AmendedMagic : Magic);
        reader.Declares(reader.Long("record length"), LengthOffset);
        reader.Skip(4, "product identifier");
        bool draft = bytes.Length > DecidingOffset && bytes[DecidingOffset] == 0;
        if (!draft)
        {
            reader.Skip(1, "capture equipment certification");
        }

        reader.Skip(2, "capture device");
        int count = reader.ByteIn(1, Limits.ViewsPerRecord, "number of finger views");
        reader.Skip(1, "reserved byte");

        List<FingerView> views = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            views.Add(ReadView(ref reader, isLast: i == count - 1));
        }

        return reader.Finish(TemplateFormat.Ansi378v2009, views);
    }

    /// <summary>Product identifier, certification and capture device are written as 0: we have none.</summary>
    public static byte[] Encode(IReadOnlyList<FingerView> views)
    {
        Representable.Check(views, byte.MaxValue, byte.MaxValue);
        int length = Representable.Length(
            HeaderBytes + views.Sum(view => ViewBytes + (view.Minutiae.Count * MinutiaeBlock.BytesWithQuality)
                + ExtendedData.Measure(view, isIso: false)));
        RecordWriter writer = new(length);
        writer.Bytes(Magic);
        writer.Long(length);
        writer.Long(0);
        writer.Byte(0);
        writer.Word(0);
        writer.Byte(views.Count);
        writer.Byte(0);
        foreach (FingerView view in views)
        {
            writer.Byte(view.Position.Finger);
            writer.Byte(view.ViewNumber);
            writer.Byte(view.Impression);
            writer.Byte(view.Quality ?? NoQuality);
            writer.Long(0);
            writer.Word(view.Width);
            writer.Word(view.Height);
            writer.Word(view.ResolutionX);
            writer.Word(view.ResolutionY);
            writer.Byte(view.Minutiae.Count);
            MinutiaeBlock.Write(
                ref writer, view.Minutiae, MinutiaeBlock.BytesWithQuality, AngleUnit.TwoDegrees, NoQuality);
            ExtendedData.Write(ref writer, view, isIso: false);
        }

        return writer.Finish();
    }

    private static FingerView ReadView(ref RecordReader reader, bool isLast)
    {
        BiometricPosition position = reader.Finger();
        byte number = reader.Byte("view number");
        byte impression = reader.Byte("impression type");
        int? quality = reader.Quality();
        reader.Skip(4, "quality algorithm");
        ushort width = reader.WordIn(1, ushort.MaxValue, "image width in pixels");
        ushort height = reader.WordIn(1, ushort.MaxValue, "image height in pixels");
        ushort resolutionX = reader.Resolution("x resolution in pixels per cm");
        ushort resolutionY = reader.Resolution("y resolution in pixels per cm");
        byte count = reader.Byte("number of minutiae");
        Minutia[] minutiae = MinutiaeBlock.Read(
            ref reader, count, MinutiaeBlock.BytesWithQuality, width, height, AngleUnit.TwoDegrees);
        RidgeBlock? ridges = ExtendedData.Read(ref reader, minutiae, isLast, out FingerExtractorId extractor);
        return new FingerView
        {
            Position = position,
            ViewNumber = number,
            Impression = impression,
            Quality = quality,
            Width = width,
            Height = height,
            ResolutionX = resolutionX,
            ResolutionY = resolutionY,
            Minutiae = minutiae,
            Extractor = extractor,
            Ridges = ridges,
        };
    }
}
