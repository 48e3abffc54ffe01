using System.Buffers.Binary;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// Records that devices of the field write are read as what they hold, and what was forgiven is said. Nothing
/// that lost a minutia is among them.
/// </summary>
public sealed class FieldRecordTests
{
    public static TheoryData<TemplateFormat> Formats => [.. FieldRecords.Fingers];

    public static TheoryData<ForgivenKind, TemplateFormat> Forgivable
    {
        get
        {
            TheoryData<ForgivenKind, TemplateFormat> all = [];
            foreach (ForgivenKind kind in Enum.GetValues<ForgivenKind>())
            {
                foreach (TemplateFormat format in Enum.GetValues<TemplateFormat>())
                {
                    if (format != TemplateFormat.MatchClusterIris && FieldRecords.Of(kind, format) is not null)
                    {
                        all.Add(kind, format);
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Forgivable))]
    public void What_is_forgiven_is_read_and_named_alone(ForgivenKind kind, TemplateFormat format)
    {
        bool isFinger = format != TemplateFormat.OpenIrisJson;
        Sample sample = new()
        {
            Position = kind == ForgivenKind.OtherFinger ? BiometricPosition.OfFinger(1)
                : isFinger ? BiometricPosition.UnknownFinger : BiometricPosition.UnknownEye,
            Format = format,
            Template = FieldRecords.Of(kind, format)!,
        };

        Decoded<DecodedSample> decoded = SampleDecoder.Decode(sample, 0);

        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        Forgiven said = Assert.Single(decoded.Value.Forgiven);
        Assert.Equal(kind, said.Kind);
        Assert.StartsWith($"{Forgiven.CodeOf(kind)}: ", said.ToString(), StringComparison.Ordinal);
        if (isFinger)
        {
            Assert.Equal([3, 1], decoded.Value.Fingers.Select(view => view.Minutiae.Count));
        }
    }

    /// <summary>
    /// Every length of a buffer and every length declared around a record's own, with and without extended
    /// data. Where bytes were added the views are those of the record; where one is missing it was extended
    /// data or all is refused.
    /// </summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Any_padding_under_any_declared_length_gives_the_same_views(TemplateFormat format)
    {
        byte[] bare = FingerRecords.Encode(format, SyntheticRecords.Views(new Random(3), 2));
        foreach (byte[] record in (byte[][])[RawRecords.Of(format), bare])
        {
            IReadOnlyList<FingerView> views = Same.Accepted(FingerRecords.Decode(format, record)).Views;
            int extension = ReferenceEquals(record, bare) ? 0 : RawRecords.ExtensionBytes;
            for (int added = -3; added <= 64; added++)
            {
                byte[] buffer = added < 0 ? record[..^-added] : [.. record, .. new byte[added]];
                for (int wrong = -3; wrong <= 64; wrong++)
                {
                    Declare(buffer, format, record.Length + wrong);
                    Decoded<FingerRecord> decoded = FingerRecords.Decode(format, buffer);

                    Assert.Equal(added >= -extension, decoded.IsAccepted);
                    if (decoded.IsAccepted)
                    {
                        Same.Views(views, decoded.Value.Views);
                        Assert.Equal((added, wrong) != (0, 0), decoded.Value.Forgiven.Count > 0);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_minutia_outside_the_image_keeps_its_place_and_is_written_again(TemplateFormat format)
    {
        FingerRecord read = Same.Accepted(FingerRecords.Decode(
            format, FieldRecords.Of(ForgivenKind.MinutiaOutsideImage, format)!));

        Assert.Equal(RawRecords.Width, read.Views[0].Minutiae[0].X);
        byte[] written = FingerRecords.Encode(format, read.Views);
        FingerRecord again = Same.Accepted(FingerRecords.Decode(format, written));
        Same.Views(read.Views, again.Views);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Reserved_codes_become_other_none_and_unknown(TemplateFormat format)
    {
        FingerView View(ForgivenKind kind) =>
            Same.Accepted(FingerRecords.Decode(format, FieldRecords.Of(kind, format)!)).Views[0];

        Assert.Equal(MinutiaKind.Other, View(ForgivenKind.MinutiaKind).Minutiae[0].Kind);
        Assert.Equal(0, View(ForgivenKind.MinutiaQuality).Minutiae[0].Quality);
        Assert.Null(View(ForgivenKind.FingerQuality).Quality);
        Assert.Equal(BiometricPosition.UnknownFinger, View(ForgivenKind.FingerPosition).Position);
    }

    [Fact]
    public void Every_position_code_is_a_finger_unknown_or_refused()
    {
        for (int code = 0; code <= byte.MaxValue; code++)
        {
            byte[] record = RawRecords.Iso2005();
            record[24] = (byte)code;
            Decoded<FingerRecord> decoded = FingerRecords.Decode(TemplateFormat.Iso19794v2005, record);

            bool several = code is (>= 13 and <= 15) or (>= 40 and <= 50);
            Assert.Equal(code <= 10 || several, decoded.IsAccepted);
            if (decoded.IsAccepted)
            {
                Assert.Equal(several ? 0 : code, decoded.Value.Views[0].Position.Finger);
            }
        }
    }

    [Fact]
    public void A_representation_of_another_length_than_its_fields_ends_where_the_next_one_begins()
    {
        byte[] whole = RawRecords.Iso2011();
        int second = 15 + (int)BinaryPrimitives.ReadUInt32BigEndian(whole.AsSpan(15));
        FingerRecord wanted = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2011, whole));
        for (int stray = 1; stray <= 16; stray++)
        {
            byte[] wrong = [.. whole];
            wrong[18] -= (byte)stray;
            byte[] between = [.. whole[..second], .. Enumerable.Repeat((byte)0x43, stray), .. whole[second..]];
            between[18] += (byte)stray;

            foreach (byte[] record in (byte[][])[wrong, between])
            {
                FingerRecord read = Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2011, record));
                Same.Views(wanted.Views, read.Views);
                Assert.Contains(read.Forgiven, each => each.Kind == ForgivenKind.RepresentationLength);
            }
        }
    }

    [Fact]
    public void Where_no_other_representation_can_begin_the_length_is_refused()
    {
        byte[] record = RawRecords.Iso2011();
        int second = 15 + (int)BinaryPrimitives.ReadUInt32BigEndian(record.AsSpan(15));
        record[18]--;
        record[second] = 0xff;

        Rejection rejection = Same.Rejected(FingerRecords.Decode(TemplateFormat.Iso19794v2011, record));

        Assert.Equal($"a declared representation length of {second - 16} bytes", rejection.Found);
    }

    /// <summary>By more than a few bytes a length of extended data speaks of a misread number of minutiae.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Extended_data_that_end_far_outside_are_refused(TemplateFormat format)
    {
        byte[] record = RawRecords.Of(format);
        int at = record.Length - RawRecords.ExtensionBytes - 1;

        record[at] += 16;
        Same.Accepted(FingerRecords.Decode(format, record));
        record[at]++;
        Same.Rejected(FingerRecords.Decode(format, record));
    }

    [Fact]
    public void A_record_of_several_fingers_counts_as_all_of_them_under_the_label_of_one()
    {
        Sample sample = new()
        {
            Position = BiometricPosition.OfFinger(7),
            Format = TemplateFormat.Iso19794v2005,
            Template = RawRecords.Iso2005(),
        };

        DecodedSample both = SampleDecoder.Decode(sample, 0).Value!;

        Assert.Equal([1, 7], both.Fingers.Select(view => view.Position.Finger));
        Assert.Equal("other-finger: a view of RIGHT_THUMB counts as that finger, whatever the label",
            Assert.Single(both.Forgiven).ToString());
        Rejection none = Same.Rejected(
            SampleDecoder.Decode(sample with { Position = BiometricPosition.OfFinger(3) }, 5));
        Assert.Equal(
            "found a template of RIGHT_THUMB, LEFT_INDEX (sample 5), wanted one of RIGHT_MIDDLE", none.ToString());
    }

    private static void Declare(byte[] buffer, TemplateFormat format, int length)
    {
        if (format == TemplateFormat.Ansi378v2004)
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(8), (ushort)length);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(8), (uint)length);
        }
    }
}
