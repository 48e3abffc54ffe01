using CsCheck;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>Generators of what templates hold.</summary>
internal static class SomeTemplates
{
    private const int UnitsOfIso = 256;
    private const int UnitsOfAnsi = 180;
    private const int Highest14 = 0x3fff;

    /// <summary>Every shape that is valid and not wasteful to try.</summary>
    private static readonly IrisShape[] Shapes =
    [
        IrisShape.D2048, IrisShape.W16384, IrisShape.OpenIris12800,
        .. from rows in Enumerable.Range(1, 64)
           from columns in new[] { 8, 9, 31, 32, 64, 100, 128, 200, 256, 511, 512 }
           from wavelets in Enumerable.Range(1, 4)
           from phases in Enumerable.Range(1, 2)
           let shape = new IrisShape(rows, columns, wavelets, phases)
           where shape.IsValid
           select shape,
    ];

    public static Gen<IrisCode> Iris { get; } = Some.One(Shapes).SelectMany(Code);

    /// <summary>What open-iris' own form has no room for is not there.</summary>
    public static Gen<IrisCode> OpenIris { get; } = Some.One(IrisShape.OpenIris12800, IrisShape.W16384)
        .SelectMany(Code).Select(code => code with { Position = BiometricPosition.UnknownEye, Quality = null });

    /// <summary>A view of that many minutiae at most, in angles of 65536ths.</summary>
    public static Gen<FingerView> View(int minutiae) => View(Gen.UShort, Image, byte.MaxValue, minutiae);

    /// <summary>Views that a format can represent as they are: its angles, and one image where it states one.</summary>
    public static Gen<List<FingerView>> Views(TemplateFormat format)
    {
        bool isIso = format is TemplateFormat.Iso19794v2005 or TemplateFormat.Iso19794v2011;
        bool isOld = format is TemplateFormat.Iso19794v2005 or TemplateFormat.Ansi378v2004;
        int units = isIso ? UnitsOfIso : UnitsOfAnsi;
        Gen<ushort> angle = Gen.Int[0, units - 1].Select(unit => (ushort)Math.Round(unit * 65536.0 / units));
        int highest = isOld ? 15 : byte.MaxValue;
        return
            from image in Image
            from views in Gen.Frequency(
                (1, Some.Many(View(angle, Image, highest, 50), 1, Limits.ViewsPerRecord, 4)),
                (4, Some.Many(View(angle, Image, highest, Limits.MinutiaePerView), 1, 12, 3)))
            select isOld ? views.Select(view => On(view, image)).ToList() : views;
    }

    private static Gen<(int Width, int Height, int X, int Y)> Image => Gen.Select(
        Some.Length(1, ushort.MaxValue, 1500), Some.Length(1, ushort.MaxValue, 1500),
        Some.Length(1, Limits.PixelsPerCm, 300), Some.Length(1, Limits.PixelsPerCm, 300));

    private static FingerView On(FingerView view, (int Width, int Height, int X, int Y) image) => view with
    {
        Width = image.Width,
        Height = image.Height,
        ResolutionX = image.X,
        ResolutionY = image.Y,
    };

    private static Gen<FingerView> View(
        Gen<ushort> angle, Gen<(int Width, int Height, int X, int Y)> images, int highest, int most) =>
        from position in Some.Finger
        from numbers in Gen.Select(Gen.Int[0, highest], Gen.Int[0, highest])
        from quality in Some.MaybeValue(Gen.Int[0, 100])
        from image in images
        from graded in Gen.Bool
        from minutiae in Some.Many(Minutia(angle, graded), 0, most, 30)
        select On(
            new FingerView
            {
                Position = position,
                ViewNumber = numbers.Item1,
                Impression = numbers.Item2,
                Quality = quality,
                Width = 1,
                Height = 1,
                ResolutionX = 1,
                ResolutionY = 1,
                Minutiae = minutiae,
            },
            image);

    private static Gen<Minutia> Minutia(Gen<ushort> angle, bool graded) =>
        from x in Some.Length(0, Highest14, 800)
        from y in Some.Length(0, Highest14, 800)
        from turned in angle
        from quality in Gen.Int[0, graded ? 100 : 0]
        from kind in Some.One(Enum.GetValues<MinutiaKind>())
        select new Minutia((ushort)x, (ushort)y, turned, (byte)quality, kind);

    private static Gen<IrisCode> Code(IrisShape shape) =>
        from eye in Some.Eye
        from quality in Some.MaybeValue(Gen.Int[0, 100])
        from code in Gen.ULong.Array[shape.Words]
        from words in Gen.ULong.Array[shape.Words]
        from mask in Gen.Int[0, 3]
        select new IrisCode
        {
            Position = eye,
            Shape = shape,
            Quality = quality,
            Code = code,
            Mask = words.Select(word => Masked(word, mask)).ToArray(),
        };

    /// <summary>None, all, any bits, or any cells of two phases.</summary>
    private static ulong Masked(ulong word, int kind) => kind switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => word,
        _ => (word & 0x5555555555555555) | ((word & 0x5555555555555555) << 1),
    };
}
