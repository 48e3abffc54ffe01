using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// Each thing that can be wrong, put into a record laid out by hand, is named with its offset.
/// </summary>
public sealed class FingerRejectionTests
{
    public static TheoryData<TemplateFormat> Formats => [.. FieldRecords.Fingers];

    /// <summary>Up to the extended data of the last view, which nothing here reads.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_truncation_is_rejected(TemplateFormat format)
    {
        byte[] record = RawRecords.Of(format);
        for (int length = 0; length < record.Length - RawRecords.ExtensionBytes; length++)
        {
            Same.Rejected(FingerRecords.Decode(format, record.AsSpan(0, length)));
        }
    }

    /// <summary>
    /// Records with a declared length that agrees, so that the fields themselves are found missing.
    /// </summary>
    [Theory]
    [InlineData(TemplateFormat.Iso19794v2005, 10)]
    [InlineData(TemplateFormat.Iso19794v2011, 10)]
    [InlineData(TemplateFormat.Ansi378v2004, 8)]
    [InlineData(TemplateFormat.Ansi378v2009, 10)]
    public void Every_truncation_that_declares_its_length_is_rejected(TemplateFormat format, int lengthAt)
    {
        byte[] record = RawRecords.Of(format);
        for (int length = lengthAt + 2; length < record.Length - RawRecords.ExtensionBytes; length++)
        {
            byte[] shorter = record[..length];
            shorter[lengthAt] = (byte)(length >> 8);
            shorter[lengthAt + 1] = (byte)length;

            Rejection rejection = Same.Rejected(FingerRecords.Decode(format, shorter));

            Assert.DoesNotContain("declared length", rejection.Found, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Another_format_is_told_by_its_first_bytes(TemplateFormat format)
    {
        byte[] record = RawRecords.Of(format);
        record[6] = (byte)'9';

        Rejection rejection = Same.Rejected(FingerRecords.Decode(format, record));

        Assert.Equal(0, rejection.Offset);
        Assert.Contains("'FMR\\x00", rejection.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TemplateFormat.Iso19794v2005, 14, 0, 16, "image width in pixels 0")]
    [InlineData(TemplateFormat.Iso19794v2005, 18, 0, 16, "x resolution in pixels per cm 0")]
    [InlineData(TemplateFormat.Iso19794v2005, 20, 0, 16, "y resolution in pixels per cm 0")]
    [InlineData(TemplateFormat.Iso19794v2005, 22, 0, 8, "number of finger views 0")]
    [InlineData(TemplateFormat.Iso19794v2005, 22, 177, 8, "number of finger views 177")]
    [InlineData(TemplateFormat.Iso19794v2005, 24, 11, 8, "finger position code 11")]
    [InlineData(TemplateFormat.Iso19794v2005, 24, 12, 8, "finger position code 12")]
    [InlineData(TemplateFormat.Iso19794v2005, 24, 16, 8, "finger position code 16")]
    [InlineData(TemplateFormat.Iso19794v2005, 24, 39, 8, "finger position code 39")]
    [InlineData(TemplateFormat.Iso19794v2005, 24, 51, 8, "finger position code 51")]
    [InlineData(TemplateFormat.Iso19794v2005, 18, 401, 16, "x resolution in pixels per cm 401")]
    [InlineData(TemplateFormat.Iso19794v2005, 20, 500, 16, "y resolution in pixels per cm 500")]
    [InlineData(TemplateFormat.Ansi378v2004, 22, 500, 16, "y resolution in pixels per cm 500")]
    [InlineData(TemplateFormat.Iso19794v2011, 41, 500, 16, "x resolution in pixels per cm 500")]
    [InlineData(TemplateFormat.Ansi378v2009, 33, 500, 16, "x resolution in pixels per cm 500")]
    [InlineData(TemplateFormat.Iso19794v2005, 46, 0xffff, 16, "24 bytes up to the end")]
    [InlineData(TemplateFormat.Ansi378v2004, 34, 180, 8, "angle 180")]
    [InlineData(TemplateFormat.Ansi378v2004, 20, 0, 16, "x resolution in pixels per cm 0")]
    [InlineData(TemplateFormat.Iso19794v2011, 12, 177, 16, "number of representations 177")]
    [InlineData(TemplateFormat.Iso19794v2011, 14, 2, 8, "certification flag 2")]
    [InlineData(TemplateFormat.Iso19794v2011, 39, 11, 8, "finger position code 11")]
    [InlineData(TemplateFormat.Iso19794v2011, 50, 0x71, 8, "minutiae of 7 bytes")]
    [InlineData(TemplateFormat.Ansi378v2009, 19, 177, 8, "number of finger views 177")]
    [InlineData(TemplateFormat.Ansi378v2009, 42, 180, 8, "angle 180")]
    public void A_wrong_field_is_named(TemplateFormat format, int at, int value, int bits, string found)
    {
        byte[] record = RawRecords.Of(format);
        if (bits == 16)
        {
            record[at] = (byte)(value >> 8);
            record[at + 1] = (byte)value;
        }
        else
        {
            record[at] = (byte)value;
        }

        Assert.Equal(found, Same.Rejected(FingerRecords.Decode(format, record)).Found);
    }

    [Fact]
    public void A_template_above_the_limit_is_rejected_unread()
    {
        Rejection rejection = Same.Rejected(FingerRecords.Decode(
            TemplateFormat.Iso19794v2005, new byte[Limits.FingerTemplateBytes + 1]));

        Assert.Contains("65537", rejection.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TemplateFormat.MatchClusterIris)]
    [InlineData(TemplateFormat.OpenIrisJson)]
    [InlineData((TemplateFormat)99)]
    public void A_format_without_fingers_is_rejected(TemplateFormat format) =>
        Assert.Equal(-1, Same.Rejected(FingerRecords.Decode(format, RawRecords.Iso2005())).Offset);

    [Fact]
    public void The_two_records_of_one_identifier_are_not_mistaken_for_each_other()
    {
        Same.Rejected(FingerRecords.Decode(TemplateFormat.Ansi378v2004, RawRecords.Iso2005()));
        Same.Rejected(FingerRecords.Decode(TemplateFormat.Iso19794v2005, RawRecords.Ansi2004()));
        Same.Rejected(FingerRecords.Decode(
            TemplateFormat.Iso19794v2005, RawRecords.Ansi2004(longLength: true)));
        Same.Rejected(FingerRecords.Decode(TemplateFormat.Ansi378v2009, RawRecords.Iso2011()));
        Same.Rejected(FingerRecords.Decode(TemplateFormat.Iso19794v2011, RawRecords.Ansi2009()));
    }

    /// <summary>
    /// Not even where both are padded and declare a length that is wrong, and whatever product identifiers,
    /// which stand where the other format counts, an INCITS record of 2009 has.
    /// </summary>
    [Fact]
    public void Nor_are_they_in_larger_buffers_with_wrong_lengths()
    {
        for (int wrong = -3; wrong <= 3; wrong++)
        {
            byte[] iso = [.. RawRecords.Iso2005(), .. new byte[40]];
            byte[] ansi = [.. RawRecords.Ansi2004(), .. new byte[40]];
            iso[11] = (byte)(iso[11] + wrong);
            ansi[9] = (byte)(ansi[9] + wrong);

            Rejection asAnsi = Same.Rejected(FingerRecords.Decode(TemplateFormat.Ansi378v2004, iso));
            Rejection asIso = Same.Rejected(FingerRecords.Decode(TemplateFormat.Iso19794v2005, ansi));

            Assert.Contains("as in ISO/IEC 19794-2:2005", asAnsi.Found, StringComparison.Ordinal);
            Assert.Contains("as in INCITS 378-2004", asIso.Found, StringComparison.Ordinal);
        }

        for (int owner = 0; owner <= Limits.ViewsPerRecord; owner++)
        {
            byte[] ansi = RawRecords.Ansi2009();
            (ansi[13], ansi[14], ansi[15], ansi[16]) = ((byte)owner, (byte)(owner & 1), 0, 0);
            Same.Accepted(FingerRecords.Decode(TemplateFormat.Ansi378v2009, ansi));
            Same.Rejected(FingerRecords.Decode(TemplateFormat.Iso19794v2011, ansi));
        }
    }
}
