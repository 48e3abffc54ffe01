using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Records;

/// <summary>
/// Type-17 of ANSI/NIST-ITL 1-2011 (update 2015), an iris image, alone or several one after the other: label, size,
/// compression and orientation of the picture. A whole transaction (it begins with Type-1) is not read here.
/// </summary>
internal static class IrisType17
{
    private const int Type = 17;
    private const int EyeLabel = 3;
    private const int Width = 6;
    private const int Height = 7;
    private const int Scale = 8;
    private const int PixelScale = 9;
    private const int Compression = 11;
    private const int Depth = 12;
    private const int ImageProperties = 16;
    private const int Damaged = 28;
    private const int Data = 999;

    private const int PixelsPerInch = 1;
    private const int PixelsPerCm = 2;
    private const int GreyDepth = 8;

    public static bool IsRecord(ReadOnlySpan<byte> bytes) => TaggedRecord.Begins(bytes, Type);

    public static Decoded<RecordPictures> Read(ReadOnlyMemory<byte> bytes)
    {
        List<RecordPicture> pictures = [];
        int at = 0;
        while (at < bytes.Length)
        {
            ReadOnlyMemory<byte> rest = bytes[at..];
            if (pictures.Count >= PictureRecords.MostPictures || !IsRecord(rest.Span))
            {
                return new Rejection(
                    at, $"{rest.Length} bytes after {pictures.Count} records of Type-17",
                    $"a record of Type-17, and at most {PictureRecords.MostPictures}");
            }

            Decoded<TaggedRecord> record = TaggedRecord.Read(rest, Type, at);
            if (!record.IsAccepted)
            {
                return record.Rejection;
            }

            Decoded<RecordPicture> picture = PictureOf(record.Value, at);
            if (!picture.IsAccepted)
            {
                return picture.Rejection;
            }

            pictures.Add(picture.Value);
            at += record.Value.Length;
        }

        return new RecordPictures("ANSI/NIST-ITL Type-17", pictures, []);
    }

    private static Decoded<RecordPicture> PictureOf(TaggedRecord record, int at)
    {
        ReadOnlyMemory<byte> data = record.Bytes(Data);
        if (data.IsEmpty)
        {
            return new Rejection(
                at, record.Text(Damaged) is { } why ? $"no picture (17.028: {Shown(why)})" : "no picture (17.999)",
                "a picture");
        }

        if (record.Number(EyeLabel) is not (0 or 1 or 2) and var eye)
        {
            return new Rejection(at, $"the eye label {eye?.ToString() ?? "missing"} (17.003)", "0, 1 or 2");
        }

        RawSize? raw = null;
        if (record.Text(Compression) is null or "NONE" && ImageMagic.Of(data.Span) is null)
        {
            if (record.Number(Depth) is not (null or GreyDepth) and var depth)
            {
                return new Rejection(at, $"pixels of {depth} bits (17.012)", $"{GreyDepth}, or a compressed picture");
            }

            if (record.Number(Width) is not { } width || record.Number(Height) is not { } height)
            {
                return new Rejection(at, "pixels without a size", "17.006 and 17.007");
            }

            raw = new RawSize(width, height);
        }

        return new RecordPicture
        {
            Position = IrisFields.PositionOf(record.Number(EyeLabel)!.Value),
            Bytes = data,
            Raw = raw,
            Ppi = PpiOf(record),
            IsFlippedAcross = record.Number(ImageProperties) == IrisFields.Flipped,
            IsFlippedDown = record.Number(ImageProperties, 1) == IrisFields.Flipped,
        };
    }

    private static int? PpiOf(TaggedRecord record) => (record.Number(Scale), record.Number(PixelScale)) switch
    {
        (PixelsPerInch, > 0 and < 10_000 and var scale) => scale,
        (PixelsPerCm, > 0 and < 10_000 and var scale) => (int)Math.Round(scale * 2.54),
        _ => null,
    };

    /// <summary>The start of a text that the caller sent, letters and digits alone.</summary>
    private static string Shown(string text) => new([.. text.Where(char.IsAsciiLetterOrDigit).Take(8)]);
}
