using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// One record of every format, laid out by hand from the formats' tables: two views (right thumb with three
/// minutiae, left index with one), each with extended data. Angles are the bytes 0, 45 and 179.
/// </summary>
public static class RawRecords
{
    public const int Width = 300;
    public const int Height = 400;
    public const int Resolution = 197;

    /// <summary>Bytes of the extended data after each view, its length not counted.</summary>
    public const int ExtensionBytes = 6;

    private static readonly byte[] Extension = [0x01, 0x07, 0x00, 0x06, 0xab, 0xcd];

    public static byte[] Of(TemplateFormat format) => format switch
    {
        TemplateFormat.Iso19794v2005 => Iso2005(),
        TemplateFormat.Iso19794v2011 => Iso2011(),
        TemplateFormat.Ansi378v2004 => Ansi2004(),
        TemplateFormat.Ansi378v2009 => Ansi2009(),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no record of it is laid out by hand"),
    };

    public static byte[] Iso2005()
    {
        byte[] body = SharedImageBody();
        return new ByteBuilder().Text("FMR\0 20\0").U32(14 + body.Length).U16(0x8123).Raw(body).ToArray();
    }

    public static byte[] Ansi2004(bool longLength = false)
    {
        byte[] body = SharedImageBody();
        ByteBuilder record = new ByteBuilder().Text("FMR\0 20\0");
        _ = longLength ? record.U16(0).U32(20 + body.Length) : record.U16(16 + body.Length);
        return record.U16(0x42, 0x11, 0xb5).Raw(body).ToArray();
    }

    public static byte[] Iso2011(bool certified = false, int[]? qualities = null, bool minutiaQuality = true)
    {
        byte[][] views =
        [
            Representation(1, 0, 3, certified, qualities ?? [77], minutiaQuality),
            Representation(7, 2, 1, certified, qualities ?? [77], minutiaQuality),
        ];
        return new ByteBuilder().Text("FMR\0030\0")
            .U32(15 + views.Sum(view => view.Length)).U16(views.Length).U8(certified ? 1 : 0)
            .Raw(views[0]).Raw(views[1]).ToArray();
    }

    public static byte[] Ansi2009(bool draft = false, bool amended = false)
    {
        byte[][] views = [Ansi2009View(1, 0, 3), Ansi2009View(7, 2, 1)];
        ByteBuilder record = new ByteBuilder().Text(amended ? "FMR\0035\0" : "FMR\0030\0")
            .U32((draft ? 20 : 21) + views.Sum(view => view.Length)).U16(0x42, 0x11);
        _ = draft ? record : record.U8(0x80);
        return record.U16(0xb5).U8(views.Length, 0).Raw(views[0]).Raw(views[1]).ToArray();
    }

    private static byte[] SharedImageBody() => new ByteBuilder()
        .U16(Width, Height, Resolution, Resolution).U8(2, 0)
        .U8(1, 0x01, 77, 3).Raw(Minutiae(3, true)).U16(Extension.Length).Raw(Extension)
        .U8(7, 0x21, 77, 1).Raw(Minutiae(1, true)).U16(Extension.Length).Raw(Extension)
        .ToArray();

    private static byte[] Representation(
        int position, int number, int minutiae, bool certified, int[] qualities, bool minutiaQuality)
    {
        ByteBuilder fields = new ByteBuilder()
            .U16(2024, 0x0b16, 0x0a1e, 0, 0).U8(1, 0x0c, 0x01, 0x02).U8(qualities.Length);
        foreach (int quality in qualities)
        {
            fields.U8(quality).U16(0x42, 0x11);
        }

        _ = certified ? fields.U8(2).U8(0, 1, 2, 3, 4, 5) : fields;
        byte[] body = fields.U8(position, number).U16(Resolution, Resolution).U8(1).U16(Width, Height)
            .U8(minutiaQuality ? 0x61 : 0x50, minutiae).Raw(Minutiae(minutiae, minutiaQuality))
            .U16(Extension.Length).Raw(Extension).ToArray();
        return new ByteBuilder().U32(4 + body.Length).Raw(body).ToArray();
    }

    private static byte[] Ansi2009View(int position, int number, int minutiae) => new ByteBuilder()
        .U8(position, number, 1, 77).U16(0x42, 0x11, Width, Height, Resolution, Resolution)
        .U8(minutiae).Raw(Minutiae(minutiae, true)).U16(Extension.Length).Raw(Extension).ToArray();

    private static byte[] Minutiae(int count, bool quality)
    {
        (int Kind, int X, int Y, int Angle, int Quality)[] all =
            [(1, 0, 0, 0, 90), (2, 299, 399, 45, 0), (0, 150, 20, 179, 100)];
        ByteBuilder bytes = new();
        foreach ((int kind, int x, int y, int angle, int q) in all[..count])
        {
            bytes.U16((kind << 14) | x, y).U8(angle);
            _ = quality ? bytes.U8(q) : bytes;
        }

        return bytes.ToArray();
    }
}
