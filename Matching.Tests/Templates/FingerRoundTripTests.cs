using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

public sealed class FingerRoundTripTests
{
    private const int Seed = 20250611;

    public static TheoryData<TemplateFormat> Written => [.. FieldRecords.Fingers];

    [Theory]
    [MemberData(nameof(Written))]
    public void What_is_written_is_read_back_with_angles_in_the_unit_of_the_format(TemplateFormat format)
    {
        for (int i = 0; i < 50; i++)
        {
            FingerView[] views = SyntheticRecords.Views(new Random(Seed + i), 1 + (i % 12));
            byte[] record = FingerRecords.Encode(format, views);

            FingerRecord read = Same.Accepted(FingerRecords.Decode(format, record));

            Assert.Equal(format, read.Format);
            Assert.Empty(read.Forgiven);
            Same.Views([.. views.Select(view => Rounded(view, format))], read.Views);
            Assert.Equal(record, FingerRecords.Encode(format, read.Views));
        }
    }

    [Theory]
    [InlineData(TemplateFormat.Iso19794v2005, 256)]
    [InlineData(TemplateFormat.Iso19794v2011, 256)]
    [InlineData(TemplateFormat.Ansi378v2004, 180)]
    [InlineData(TemplateFormat.Ansi378v2009, 180)]
    public void Every_angle_byte_survives_decoding_and_encoding(TemplateFormat format, int units)
    {
        for (int angle = 0; angle < units; angle++)
        {
            byte[] record = FingerRecords.Encode(format, [OneMinutia(0)]);
            int at = record.Length - (format == TemplateFormat.Iso19794v2011 ? 3 : 4);
            record[at] = (byte)angle;

            FingerRecord read = Same.Accepted(FingerRecords.Decode(format, record));

            Assert.Equal(angle, read.Views[0].Minutiae[0].Angle * units / 65536.0, 0.01);
            Assert.Equal(record, FingerRecords.Encode(format, read.Views));
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void An_angle_just_below_a_full_turn_becomes_zero(TemplateFormat format)
    {
        byte[] record = FingerRecords.Encode(format, [OneMinutia(65535)]);

        Assert.Equal(0, Same.Accepted(FingerRecords.Decode(format, record)).Views[0].Minutiae[0].Angle);
    }

    [Fact]
    public void A_2011_record_without_any_minutia_quality_takes_five_bytes_a_minutia()
    {
        FingerView view = OneMinutia(0);
        FingerView withQuality = view with { Minutiae = [view.Minutiae[0] with { Quality = 1 }] };

        byte[] five = FingerRecords.Encode(TemplateFormat.Iso19794v2011, [view]);
        byte[] six = FingerRecords.Encode(TemplateFormat.Iso19794v2011, [withQuality]);

        Assert.Equal(five.Length + 1, six.Length);
    }

    private static FingerView OneMinutia(ushort angle) => new()
    {
        Position = BiometricPosition.OfFinger(2),
        Width = 10,
        Height = 10,
        ResolutionX = 197,
        ResolutionY = 197,
        Minutiae = [new Minutia(3, 4, angle, 0, MinutiaKind.RidgeEnding)],
    };

    /// <summary>
    /// The nearest angle of the format, computed in doubles apart from the product's integers.
    /// </summary>
    private static FingerView Rounded(FingerView view, TemplateFormat format)
    {
        int units = format is TemplateFormat.Ansi378v2004 or TemplateFormat.Ansi378v2009 ? 180 : 256;
        return view with
        {
            Minutiae = [.. view.Minutiae.Select(minutia => minutia with
            {
                Angle = Rounded(minutia.Angle, units),
            })],
        };
    }

    private static ushort Rounded(ushort angle, int units)
    {
        double unit = Math.Round(angle * units / 65536.0, MidpointRounding.AwayFromZero) % units;
        return (ushort)Math.Round(unit * 65536 / units, MidpointRounding.AwayFromZero);
    }
}
