using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// ISO/IEC 19794-2:2011 finger minutiae record: identifier and version 'FMR\0030\0', total length (32 bits),
/// number of representations (16), certification flag (8), then representations, each with its own length,
/// image size and resolution. Angles in 360/256 degrees.
/// </summary>
internal static class Iso19794v2011
{
    private const int LengthOffset = 8;
    private const int HeaderBytes = 15;

    /// <summary>Capture date and time (9), device technology (1), vendor (2) and type (2).</summary>
    private const int CaptureBytes = 14;

    private const int QualityBlockBytes = 5;
    private const int CertificationBlockBytes = 3;

    /// <summary>A representation with one quality block, up to its minutiae: 4 + 14 + 1 + 5 + 13.</summary>
    private const int ViewBytes = 37;

    /// <summary>A representation without quality blocks, minutiae and extended data.</summary>
    private const int LeastViewBytes = ViewBytes - QualityBlockBytes + ExtendedData.LengthBytes;

    /// <summary>
    /// Quality of a minutia that states none (254), and of a capture date that is not known (255).
    /// </summary>
    private const byte NoQuality = 254;
    private const byte NoDate = 255;

    private static ReadOnlySpan<byte> Magic => "FMR\0030\0"u8;

    public static Decoded<FingerRecord> Decode(ReadOnlySpan<byte> bytes)
    {
        Decoded<FingerRecord> record = Read(bytes);
        return record.IsAccepted && HasForgivenLength(record.Value) && Ansi378v2009.Read(bytes).IsAccepted
            ? new Rejection(0, "a record of INCITS 378-2009", "one of ISO/IEC 19794-2:2011")
            : record;
    }

    /// <summary>
    /// Whether these bytes are such a record with the lengths that its representations state: INCITS 378-2009 has the
    /// same identifier and version.
    /// </summary>
    public static bool IsExactly(ReadOnlySpan<byte> bytes) =>
        Read(bytes) is { IsAccepted: true } record && !HasForgivenLength(record.Value);

    private static bool HasForgivenLength(FingerRecord record) =>
        record.Forgiven.Any(each => each.Kind == ForgivenKind.RepresentationLength);

    private static Decoded<FingerRecord> Read(ReadOnlySpan<byte> bytes)
    {
        RecordReader reader = new(bytes);
        reader.Magic(Magic);
        reader.Declares(reader.Long("record length"), LengthOffset);
        int count = reader.WordIn(1, Limits.ViewsPerRecord, "number of representations");
        bool certified = reader.ByteIn(0, 1, "certification flag") == 1;

        List<FingerView> views = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            int start = reader.Offset;
            uint length = reader.Long("representation length");
            bool isLast = i == count - 1;
            views.Add(ReadView(ref reader, certified, isLast));
            Settle(ref reader, start, length, isLast);
        }

        return reader.Finish(TemplateFormat.Iso19794v2011, views);
    }

    /// <summary>
    /// Where a representation declares another length than its fields take, the next one begins where one can: at the
    /// declared end (bytes of the vendor's in between) or after the fields (a wrong length). After the last one
    /// nothing depends on it.
    /// </summary>
    private static void Settle(ref RecordReader reader, int start, uint length, bool isLast)
    {
        int taken = reader.Offset - start;
        if (reader.Failed || length == (uint)taken)
        {
            return;
        }

        long end = (long)start + length;
        bool endsInside = length > (uint)taken && end <= reader.Length;
        if (endsInside && (isLast || CanBegin(in reader, end)))
        {
            reader.Forgive(ForgivenKind.RepresentationLength, start, length);
            reader.Skip((int)(end - reader.Offset), "bytes after the extended data");
        }
        else if (isLast || CanBegin(in reader, reader.Offset))
        {
            reader.Forgive(ForgivenKind.RepresentationLength, start, length);
        }
        else
        {
            reader.Reject(
                start, $"a declared representation length of {length} bytes",
                $"{taken}, as many as its fields take");
        }
    }

    /// <summary>Whether a representation of a possible length begins at an offset.</summary>
    private static bool CanBegin(in RecordReader reader, long at) =>
        reader.LongAt(at) is { } length && length >= LeastViewBytes && at + length <= reader.Length;

    public static byte[] Encode(IReadOnlyList<FingerView> views)
    {
        Representable.Check(views, byte.MaxValue, byte.MaxValue);
        int length = Representable.Length(HeaderBytes + views.Sum(Measure));
        RecordWriter writer = new(length);
        writer.Bytes(Magic);
        writer.Long(length);
        writer.Word(views.Count);
        writer.Byte(0);
        foreach (FingerView view in views)
        {
            WriteView(ref writer, view);
        }

        return writer.Finish();
    }

    private static FingerView ReadView(ref RecordReader reader, bool certified, bool isLast)
    {
        reader.Skip(CaptureBytes, "capture date and device");
        int? quality = ReadQuality(ref reader);
        if (certified)
        {
            int blocks = reader.Byte("number of certification blocks");
            reader.Skip(blocks * CertificationBlockBytes, "certification blocks");
        }

        BiometricPosition position = reader.Finger();
        byte number = reader.Byte("representation number");
        ushort resolutionX = reader.Resolution("x resolution in pixels per cm");
        ushort resolutionY = reader.Resolution("y resolution in pixels per cm");
        byte impression = reader.Byte("impression type");
        ushort width = reader.WordIn(1, ushort.MaxValue, "image width in pixels");
        ushort height = reader.WordIn(1, ushort.MaxValue, "image height in pixels");
        int bytesEach = ReadMinutiaBytes(ref reader);
        byte count = reader.Byte("number of minutiae");
        Minutia[] minutiae = MinutiaeBlock.Read(
            ref reader, count, bytesEach, width, height, AngleUnit.Turn256th);
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

    /// <summary>Quality blocks come one per algorithm; the first that computed something speaks.</summary>
    private static int? ReadQuality(ref RecordReader reader)
    {
        int? quality = null;
        int blocks = reader.Byte("number of quality blocks");
        for (int i = 0; i < blocks && !reader.Failed; i++)
        {
            int? computed = reader.Quality();
            quality ??= computed;
            reader.Skip(QualityBlockBytes - 1, "quality algorithm");
        }

        return quality;
    }

    /// <summary>
    /// High four bits: bytes of a minutia; low four: what a ridge ending is, which nothing here needs.
    /// </summary>
    private static int ReadMinutiaBytes(ref RecordReader reader)
    {
        int size = reader.Byte("minutia field length and ridge ending type") >> 4;
        if (!reader.Failed
            && size is not (MinutiaeBlock.BytesWithoutQuality or MinutiaeBlock.BytesWithQuality))
        {
            reader.Reject(reader.Offset - 1, $"minutiae of {size} bytes", "5 or 6");
        }

        return size;
    }

    private static int MinutiaBytes(FingerView view) =>
        view.Minutiae.Any(minutia => minutia.Quality != 0)
            ? MinutiaeBlock.BytesWithQuality
            : MinutiaeBlock.BytesWithoutQuality;

    private static int Measure(FingerView view) =>
        ViewBytes - (view.Quality is null ? QualityBlockBytes : 0)
        + (view.Minutiae.Count * MinutiaBytes(view)) + ExtendedData.Measure(view, isIso: true);

    private static void WriteView(ref RecordWriter writer, FingerView view)
    {
        int bytesEach = MinutiaBytes(view);
        writer.Long(Measure(view));
        for (int i = 0; i < 9; i++)
        {
            writer.Byte(NoDate);
        }

        // Device technology, vendor and type: unknown.
        writer.Byte(0);
        writer.Word(0);
        writer.Word(0);
        writer.Byte(view.Quality is null ? 0 : 1);
        if (view.Quality is { } quality)
        {
            writer.Byte(quality);
            writer.Long(0);
        }

        writer.Byte(view.Position.Finger);
        writer.Byte(view.ViewNumber);
        writer.Word(view.ResolutionX);
        writer.Word(view.ResolutionY);
        writer.Byte(view.Impression);
        writer.Word(view.Width);
        writer.Word(view.Height);
        writer.Byte(bytesEach << 4);
        writer.Byte(view.Minutiae.Count);
        MinutiaeBlock.Write(ref writer, view.Minutiae, bytesEach, AngleUnit.Turn256th, NoQuality);
        ExtendedData.Write(ref writer, view, isIso: true);
    }
}
