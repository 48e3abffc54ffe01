using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>Records laid out by hand from the formats' tables.</summary>
public sealed class FingerDecodeTests
{
    public static TheoryData<TemplateFormat, int> Formats => new()
    {
        { TemplateFormat.Iso19794v2005, 256 },
        { TemplateFormat.Iso19794v2011, 256 },
        { TemplateFormat.Ansi378v2004, 180 },
        { TemplateFormat.Ansi378v2009, 180 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Several_views_are_read_and_their_extended_data_passed_over(TemplateFormat format, int units)
    {
        FingerRecord record = Same.Accepted(FingerRecords.Decode(format, RawRecords.Of(format)));

        Same.Views(Expected(units), record.Views);
    }

    [Fact]
    public void The_long_form_of_the_2004_length_is_read_too()
    {
        byte[] record = RawRecords.Ansi2004(longLength: true);

        FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Ansi378v2004, record));

        Same.Views(Expected(180), read.Views);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void The_draft_of_2007_and_amendment_1_of_2009_are_read_too(bool draft, bool amended)
    {
        byte[] record = RawRecords.Ansi2009(draft, amended);

        FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Ansi378v2009, record));

        Same.Views(Expected(180), read.Views);
    }

    [Theory]
    [InlineData(true, new int[0], null)]
    [InlineData(true, new[] { 77 }, 77)]
    [InlineData(false, new[] { 255, 31, 99 }, 31)]
    [InlineData(false, new[] { 255 }, null)]
    public void Blocks_of_quality_and_certification_are_counted(bool certified, int[] qualities, int? quality)
    {
        byte[] record = RawRecords.Iso2011(certified, qualities);

        FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2011, record));

        Same.Views([.. Expected(256).Select(view => view with { Quality = quality })], read.Views);
    }

    [Fact]
    public void Minutiae_of_five_bytes_have_no_quality()
    {
        byte[] record = RawRecords.Iso2011(minutiaQuality: false);

        FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2011, record));

        Assert.All(read.Views.SelectMany(view => view.Minutiae), minutia => Assert.Equal(0, minutia.Quality));
        Assert.Equal(299, read.Views[0].Minutiae[1].X);
    }

    [Fact]
    public void Reserved_bits_of_y_are_passed_over()
    {
        byte[] record = RawRecords.Iso2005();
        record[30] |= 0xc0;

        FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2005, record));

        Same.Views(Expected(256), read.Views);
    }

    [Theory]
    [InlineData(254)]
    [InlineData(255)]
    public void Qualities_that_were_not_computed_are_none(byte special)
    {
        byte[] record = RawRecords.Iso2005();
        record[26] = special;
        record[33] = special;

        FingerView view = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2005, record)).Views[0];

        Assert.Null(view.Quality);
        Assert.Equal(0, view.Minutiae[0].Quality);
    }

    [Fact]
    public void A_view_without_minutiae_is_a_view()
    {
        byte[] record = FingerRecords.Encode(
            TemplateFormat.Iso19794v2005, [Expected(256)[0] with { Minutiae = [] }]);

        FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2005, record));

        Assert.Empty(Assert.Single(read.Views).Minutiae);
    }

    private static FingerView[] Expected(int units)
    {
        Minutia[] minutiae =
        [
            new(0, 0, 0, 90, MinutiaKind.RidgeEnding),
            new(299, 399, Angle(45, units), 0, MinutiaKind.Bifurcation),
            new(150, 20, Angle(179, units), 100, MinutiaKind.Other),
        ];
        FingerView thumb = new()
        {
            Position = BiometricPosition.OfFinger(1),
            ViewNumber = 0,
            Impression = 1,
            Quality = 77,
            Width = RawRecords.Width,
            Height = RawRecords.Height,
            ResolutionX = RawRecords.Resolution,
            ResolutionY = RawRecords.Resolution,
            Minutiae = minutiae,
        };
        FingerView index = thumb with
        {
            Position = BiometricPosition.OfFinger(7),
            ViewNumber = 2,
            Minutiae = minutiae[..1],
        };
        return [thumb, index];
    }

    private static ushort Angle(int value, int units) => (ushort)Math.Round(value * 65536.0 / units);
}
