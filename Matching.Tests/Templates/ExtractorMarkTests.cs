using System.Buffers.Binary;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>What a record says of the extractor of its minutiae.</summary>
public sealed class ExtractorMarkTests
{
    private static readonly FingerView[] Views = [.. SyntheticRecords.Views(new Random(8), 3)];

    /// <summary>As it is written for ever.</summary>
    private static byte[] Area =>
        [0x4D, 0x45, 0, 24, .. "matchcluster-finger"u8, (byte)FingerExtractorId.MatchCluster1];

    public static TheoryData<TemplateFormat> Formats =>
    [
        TemplateFormat.Iso19794v2005, TemplateFormat.Iso19794v2011, TemplateFormat.Ansi378v2004,
        TemplateFormat.Ansi378v2009,
    ];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_names_the_extractor_view_by_view(TemplateFormat format)
    {
        FingerView[] views = [Views[0], Views[1] with { Extractor = FingerExtractorId.MatchCluster1 }, Views[2]];

        byte[] record = FingerRecords.Encode(format, views);

        FingerRecord read = Same.Accepted(FingerRecords.Decode(format, record));
        Assert.Empty(read.Forgiven);
        Assert.Equal(views.Select(view => view.Extractor), read.Views.Select(view => view.Extractor));
        Assert.Equal(views.Select(view => view.Minutiae.Count), read.Views.Select(view => view.Minutiae.Count));
        Assert.Equal(record, FingerRecords.Encode(format, read.Views));
        Assert.Equal(FingerRecords.Encode(format, Views).Length + Area.Length, record.Length);
    }

    [Fact]
    public void The_mark_is_frozen_and_is_extended_data_of_a_vendor()
    {
        byte[] record = Record(FingerExtractorId.MatchCluster1);
        byte[] without = Record(FingerExtractorId.Unknown);

        BinaryPrimitives.WriteUInt32BigEndian(without.AsSpan(8), (uint)record.Length);
        Assert.Equal([.. without[..^2], 0, 24, .. Area], record);
    }

    [Fact]
    public void It_is_found_among_other_areas_and_unknown_ones_are_no_fault()
    {
        byte[] other = [0x01, 0x00, 0, 6, 9, 9];
        byte[] newer = [.. Area[..^1], 2];
        byte[] foreign = [.. Area[..4], .. "somebody else's one"u8, 1];
        Assert.Equal(FingerExtractorId.MatchCluster1, Of(Area));
        Assert.Equal(FingerExtractorId.MatchCluster1, Of([.. other, .. Area, .. other]));
        Assert.Equal(FingerExtractorId.MatchCluster1, Of([.. newer, .. Area]));
        foreach (byte[] data in (byte[][])[[], other, newer, foreign, [0, 0, 0, 0], Area[..^1], [1], [.. other, 1, 0]])
        {
            Assert.Equal(FingerExtractorId.Unknown, Of(data));
        }
    }

    private static FingerExtractorId Of(byte[] extendedData)
    {
        byte[] plain = Record(FingerExtractorId.Unknown);
        byte[] record = [.. plain[..^2], 0, (byte)extendedData.Length, .. extendedData];
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(8), (uint)record.Length);
        return Same.Accepted(FingerRecords.Decode(TemplateFormat.Iso19794v2005, record)).Views[0].Extractor;
    }

    private static byte[] Record(FingerExtractorId extractor) =>
        FingerRecords.Encode(TemplateFormat.Iso19794v2005, [Views[1] with { Extractor = extractor }]);
}
