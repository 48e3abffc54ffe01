using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

public sealed class FingerEncodeTests
{
    private static readonly Minutia Minutia = new(1, 2, 3, 4, MinutiaKind.Bifurcation);

    private static readonly FingerView View = SyntheticRecords.Views(new Random(5), 1)[0] with
    {
        Width = 100,
        Height = 100,
        Minutiae = [Minutia],
    };

    public static TheoryData<string, FingerView> Unrepresentable => new()
    {
        { "wanted a finger", View with { Position = BiometricPosition.LeftEye } },
        { "found view number 16, wanted 0..15", View with { ViewNumber = 16 } },
        { "found impression type 24, wanted 0..15", View with { Impression = 24 } },
        { "found finger quality 101, wanted 0..100", View with { Quality = 101 } },
        { "found image width in pixels 0", View with { Width = 0 } },
        { "found image height in pixels 65536", View with { Height = 65536 } },
        { "found x resolution in pixels per cm 0", View with { ResolutionX = 0 } },
        { "found number of minutiae 256", View with { Minutiae = [.. Enumerable.Repeat(Minutia, 256)] } },
        { "found x resolution in pixels per cm 401, wanted 1..400", View with { ResolutionX = 401 } },
        { "found x of a minutia 16384", View with { Minutiae = [Minutia with { X = 16384 }] } },
        { "found y of a minutia 16384", View with { Height = 30000, Minutiae = [new(0, 16384, 0, 0, 0)] } },
        { "found quality of a minutia 255", View with { Minutiae = [Minutia with { Quality = 255 }] } },
        { "found kind of a minutia 3", View with { Minutiae = [Minutia with { Kind = (MinutiaKind)3 }] } },
    };

    [Theory]
    [MemberData(nameof(Unrepresentable))]
    public void What_cannot_be_represented_is_named_with_its_view(string message, FingerView view)
    {
        foreach (TemplateFormat format in new[] { TemplateFormat.Iso19794v2005, TemplateFormat.Ansi378v2004 })
        {
            ArgumentException refused =
                Assert.Throws<ArgumentException>(() => FingerRecords.Encode(format, [View, view]));

            Assert.Contains("view 1: ", refused.Message, StringComparison.Ordinal);
            Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(TemplateFormat.Iso19794v2011)]
    [InlineData(TemplateFormat.Ansi378v2009)]
    public void The_later_records_have_room_for_larger_numbers_and_an_image_per_view(TemplateFormat format)
    {
        FingerView other = View with { ViewNumber = 200, Impression = 29, Width = 500, ResolutionX = 394 };

        byte[] record = FingerRecords.Encode(format, [View, other]);

        FingerRecord read = Same.Accepted(FingerRecords.Decode(format, record));
        Assert.Equal((200, 29, 500, 394), (read.Views[1].ViewNumber, read.Views[1].Impression,
            read.Views[1].Width, read.Views[1].ResolutionX));
    }

    [Fact]
    public void One_image_size_for_all_views_is_asked_where_the_header_holds_it()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() =>
            FingerRecords.Encode(TemplateFormat.Iso19794v2005, [View, View with { Width = 101 }]));

        Assert.Contains("one image size and resolution", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TemplateFormat.OpenIrisJson)]
    [InlineData(TemplateFormat.MatchClusterIris)]
    public void A_format_without_a_writer_is_named(TemplateFormat format)
    {
        ArgumentException refused =
            Assert.Throws<ArgumentException>(() => FingerRecords.Encode(format, [View]));

        Assert.Contains($"found template format {format}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_view_and_more_bytes_than_a_decoder_takes_are_refused()
    {
        FingerView full = View with { Minutiae = [.. Enumerable.Repeat(Minutia, 255)] };

        Assert.Throws<ArgumentException>(() => FingerRecords.Encode(TemplateFormat.Iso19794v2005, []));
        ArgumentException refused = Assert.Throws<ArgumentException>(() =>
            FingerRecords.Encode(TemplateFormat.Iso19794v2005, [.. Enumerable.Repeat(full, 43)]));

        Assert.Contains("wanted less than 65536", refused.Message, StringComparison.Ordinal);
    }
}
