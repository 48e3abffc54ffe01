using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// The card formats of ISO/IEC 19794-2:2005 (clause 8): minutiae alone, without a header. The normal size has 5 bytes a
/// minutia (kind and x, y, angle) with 0.01 mm, the compact size 3 bytes (x, y, kind and angle) with 0.1 mm.
/// </summary>
/// <remarks>
/// They state no finger, resolution or size. A view holds whole pixels of a resolution up to
/// <see cref="Limits.PixelsPerCm"/>: the normal size is read at 200 pixels per cm (0.05 mm, finer than a minutia can be
/// placed), the compact one at 100, where its unit is one pixel. Written again, coordinates of the normal size are
/// therefore multiples of 0.05 mm.
/// </remarks>
public static class CardMinutiae
{
    private const int NormalBytes = 5;
    private const int CompactBytes = 3;
    private const int NormalPixelsPerCm = 200;
    private const int CompactPixelsPerCm = 100;

    /// <summary>Hundredths of a millimetre of a pixel of the normal size.</summary>
    private const int NormalUnits = 1000 / NormalPixelsPerCm;
    private const int Low14 = 0x3FFF;
    private const int LowSix = 0x3F;

    /// <summary>An angle of the compact size is a 64th of a turn.</summary>
    private const int CompactAngleShift = 10;

    /// <summary>The minutiae as a view of an unknown finger, with what was forgiven.</summary>
    /// <param name="size">Which of the two sizes.</param>
    /// <param name="bytes">Minutiae alone.</param>
    public static Decoded<FingerRecord> Decode(CardSize size, ReadOnlySpan<byte> bytes)
    {
        bool isCompact = size == CardSize.Compact;
        if (bytes.StartsWith("FMR\0"u8))
        {
            return new Rejection(0, "the header of a minutiae record", "a card format, which has none");
        }

        int each = isCompact ? CompactBytes : NormalBytes;
        int count = bytes.Length / each;
        if (bytes.Length % each != 0 || count is 0 or > Limits.MinutiaePerView)
        {
            return new Rejection(
                -1, $"{bytes.Length} bytes", $"minutiae of {each} bytes, 1..{Limits.MinutiaePerView} of them");
        }

        ForgivenTally forgiven = new();
        Minutia[] minutiae = new Minutia[count];
        for (int i = 0; i < count; i++)
        {
            minutiae[i] = isCompact ? Compact(bytes[(i * each)..]) : Normal(bytes[(i * each)..]);
            if (minutiae[i].Kind > MinutiaKind.Bifurcation)
            {
                forgiven.Add(ForgivenKind.MinutiaKind, i * each, (int)minutiae[i].Kind);
                minutiae[i] = minutiae[i] with { Kind = MinutiaKind.Other };
            }
        }

        int resolution = isCompact ? CompactPixelsPerCm : NormalPixelsPerCm;
        FingerView view = new()
        {
            Position = BiometricPosition.UnknownFinger,
            Width = minutiae.Max(minutia => minutia.X) + 1,
            Height = minutiae.Max(minutia => minutia.Y) + 1,
            ResolutionX = resolution,
            ResolutionY = resolution,
            Minutiae = minutiae,
        };
        return new FingerRecord(TemplateFormat.Iso19794v2005, [view]) { Forgiven = forgiven.Kinds };
    }

    /// <summary>The minutiae of one view.</summary>
    /// <exception cref="ArgumentException">
    /// There are several views, or a minutia lies farther out than the format can say.
    /// </exception>
    public static byte[] Encode(CardSize size, IReadOnlyList<FingerView> views)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (views.Count != 1)
        {
            throw new ArgumentException($"found {views.Count} views, wanted the one that a card holds", nameof(views));
        }

        FingerView view = views[0];
        if (view.Minutiae.Count is 0 or > Limits.MinutiaePerView)
        {
            throw new ArgumentException(
                $"found {view.Minutiae.Count} minutiae, wanted 1..{Limits.MinutiaePerView}", nameof(views));
        }

        bool isCompact = size == CardSize.Compact;
        int unitsPerCm = isCompact ? CompactPixelsPerCm : NormalPixelsPerCm * NormalUnits;
        int most = isCompact ? byte.MaxValue : Low14;
        RecordWriter writer = new(view.Minutiae.Count * (isCompact ? CompactBytes : NormalBytes));
        foreach (Minutia minutia in view.Minutiae)
        {
            int x = Scaled(minutia.X, view.ResolutionX, unitsPerCm, most);
            int y = Scaled(minutia.Y, view.ResolutionY, unitsPerCm, most);
            if (isCompact)
            {
                int angle = ((minutia.Angle + (1 << (CompactAngleShift - 1))) >> CompactAngleShift) & LowSix;
                writer.Byte(x);
                writer.Byte(y);
                writer.Byte(((int)minutia.Kind << 6) | angle);
            }
            else
            {
                writer.Word(((int)minutia.Kind << 14) | x);
                writer.Word(y);
                writer.Byte(Angles.ToByte(minutia.Angle, AngleUnit.Turn256th));
            }
        }

        return writer.Finish();
    }

    private static Minutia Normal(ReadOnlySpan<byte> bytes)
    {
        int kindX = (bytes[0] << 8) | bytes[1];
        int y = ((bytes[2] << 8) | bytes[3]) & Low14;
        return new Minutia(
            Pixels(kindX & Low14), Pixels(y), Angles.FromByte(bytes[4], AngleUnit.Turn256th), 0,
            (MinutiaKind)(kindX >> 14));
    }

    private static Minutia Compact(ReadOnlySpan<byte> bytes) => new(
        bytes[0], bytes[1], (ushort)((bytes[2] & LowSix) << CompactAngleShift), 0, (MinutiaKind)(bytes[2] >> 6));

    private static ushort Pixels(int hundredths) => (ushort)((hundredths + (NormalUnits / 2)) / NormalUnits);

    private static int Scaled(int pixels, int pixelsPerCm, int unitsPerCm, int most)
    {
        int units = ((pixels * unitsPerCm) + (pixelsPerCm / 2)) / pixelsPerCm;
        return units <= most ? units
            : throw new ArgumentException($"found a minutia at {units} units, wanted at most {most}", nameof(pixels));
    }
}

/// <summary>The two sizes of minutiae on cards.</summary>
public enum CardSize
{
    /// <summary>5 bytes a minutia (OSIA's ISO_19794_2_NS).</summary>
    Normal,

    /// <summary>3 bytes a minutia (ISO_19794_2_CS).</summary>
    Compact,
}
