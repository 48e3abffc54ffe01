using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// The bytes of every writer, frozen. The files were laid out once by a program apart from this one (Python's
/// struct and zlib), from the formulas below. A change is a new version beside a new file, and these still
/// read.
/// </summary>
public sealed class GoldenTemplateTests
{
    private const ulong CodeStep = 0x9E3779B97F4A7C15;
    private const ulong MaskStep = 0xBF58476D1CE4E5B9;

    public static TheoryData<TemplateFormat, string> Records => new()
    {
        { TemplateFormat.Iso19794v2005, "iso2005.fmr" },
        { TemplateFormat.Iso19794v2011, "iso2011.fmr" },
        { TemplateFormat.Ansi378v2004, "ansi2004.fmr" },
        { TemplateFormat.Ansi378v2009, "ansi2009.fmr" },
    };

    [Fact]
    public void Every_format_of_minutiae_records_has_a_frozen_one() =>
        Assert.Equal(FieldRecords.Fingers.Order(), Records.Select(row => (TemplateFormat)row[0]).Order());

    [Theory]
    [MemberData(nameof(Records))]
    public void Minutiae_records_are_frozen(TemplateFormat format, string file)
    {
        FingerView[] views = [View(2, 0, 80, 12), View(7, 1, null, 5)];

        Assert.Equal(Golden(file), FingerRecords.Encode(format, views));

        FingerRecord read = Same.Accepted(FingerRecords.Decode(format, Golden(file)));
        Assert.Equal([12, 5], read.Views.Select(view => view.Minutiae.Count));
        Assert.Equal(
            views[0].Minutiae.Select(minutia => minutia with { Angle = 0 }),
            read.Views[0].Minutiae.Select(minutia => minutia with { Angle = 0 }));
        Assert.Equal(Golden(file), FingerRecords.Encode(format, read.Views));
    }

    [Fact]
    public void The_iris_template_with_a_mask_shared_by_phases_is_frozen()
    {
        ulong[] mask = [.. Words(32, MaskStep).Select(word =>
            (word & 0x5555555555555555) | ((word & 0x5555555555555555) << 1))];
        IrisCode code = new()
        {
            Position = BiometricPosition.LeftEye,
            Shape = IrisShape.D2048,
            Code = Words(32, CodeStep),
            Mask = mask,
            Quality = 93,
        };

        AssertFrozen(code, "iris-v1-shared-mask.bin");
    }

    [Fact]
    public void The_iris_template_with_a_mask_per_bit_is_frozen() => AssertFrozen(
        new IrisCode
        {
            Position = BiometricPosition.RightEye,
            Shape = IrisShape.D2048,
            Code = Words(32, CodeStep),
            Mask = Words(32, MaskStep),
        },
        "iris-v1-full-mask.bin");

    [Fact]
    public void The_iris_template_of_two_codes_and_their_encoder_is_frozen()
    {
        IrisCode[] codes = [.. new[] { IrisShape.D2048, IrisShape.W16384 }.Select(shape => new IrisCode
        {
            Position = BiometricPosition.LeftEye,
            Shape = shape,
            Code = Words(shape.Words, CodeStep),
            Mask = Words(shape.Words, MaskStep).Select(word =>
                (word & 0x5555555555555555) | ((word & 0x5555555555555555) << 1)).ToArray(),
            Quality = 93,
            Encoder = IrisEncoderId.MatchCluster1,
        })];
        byte[] golden = Golden("iris-v2-two-codes.bin");

        Assert.Equal(golden, IrisTemplates.Encode(TemplateFormat.MatchClusterIris, codes));
        IrisCodes read = IrisTemplates.Decode(TemplateFormat.MatchClusterIris, golden, out _).Value!;
        Assert.Equal(2, read.Codes.Count);
        for (int i = 0; i < codes.Length; i++)
        {
            Same.Codes(codes[i], read.Codes[i]);
            Assert.Equal(IrisEncoderId.MatchCluster1, read.Codes[i].Encoder);
        }
    }

    [Fact]
    public void The_JSON_of_open_iris_is_frozen()
    {
        IrisCode code = new()
        {
            Position = BiometricPosition.UnknownEye,
            Shape = IrisShape.OpenIris12800,
            Code = Words(200, CodeStep),
            Mask = Words(200, MaskStep),
        };

        Assert.Equal(Golden("open-iris.json"), IrisTemplates.EncodeOpenIrisJson(code));
        Same.Codes(code, Same.Accepted(
            IrisTemplates.Decode(TemplateFormat.OpenIrisJson, Golden("open-iris.json"))));
    }

    private static void AssertFrozen(IrisCode code, string file)
    {
        Assert.Equal(Golden(file), IrisTemplates.EncodeMatchCluster(code));
        Same.Codes(code, Same.Accepted(IrisTemplates.Decode(TemplateFormat.MatchClusterIris, Golden(file))));
    }

    private static byte[] Golden(string file) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Templates", "Golden", file));

    private static FingerView View(int finger, int number, int? quality, int minutiae) => new()
    {
        Position = BiometricPosition.OfFinger(finger),
        ViewNumber = number,
        Impression = number,
        Quality = quality,
        Width = 300,
        Height = 400,
        ResolutionX = 197,
        ResolutionY = 197,
        Minutiae = [.. Enumerable.Range(0, minutiae).Select(i => new Minutia(
            (ushort)((17 * i) + 5), (ushort)((31 * i) + 8),
            (ushort)Math.Round(30 * i % 360 * 65536 / 360.0), (byte)(10 * i % 101), (MinutiaKind)(i % 3)))],
    };

    private static ulong[] Words(int count, ulong step) =>
        [.. Enumerable.Range(1, count).Select(i => (ulong)i * step).Select(word => word ^ (word >> 29))];
}
