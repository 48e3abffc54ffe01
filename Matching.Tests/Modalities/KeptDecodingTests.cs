using System.Runtime.InteropServices;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Modalities;

/// <summary>
/// A sample that keeps what its template was decoded to is not decoded again. The tests overwrite the template: whoever
/// looked at it again would reject it.
/// </summary>
public sealed class KeptDecodingTests
{
    public static TheoryData<int> Each => [0, 1];

    [Theory]
    [MemberData(nameof(Each))]
    public void Rows_probes_and_notes_are_made_of_what_is_kept(int index)
    {
        Sample sample = Some(index);
        EncounterRows rows = EncounterRows.Build([sample]).Value!;
        Sample kept = Kept(sample);
        Destroy(kept);

        Assert.Equal(rows.Row(0), EncounterRows.Build([kept]).Value!.Row(0));
        Assert.True(ProbeBuilder.Build([kept]).IsAccepted);
        Assert.True(ProbeBuilder.OfStored([kept]).IsAccepted);
        Assert.Null(SearchableSamples.WhyNot(kept));
        Assert.Same(SampleDecoder.Read(kept).Value, SampleDecoder.Read(kept with { Quality = 5 }).Value);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void A_copy_with_another_template_format_or_modality_is_decoded_anew(int index)
    {
        Sample kept = Kept(Some(index));
        Sample other = TestPeople.Samples(2, [2], [1], 0)[index];
        Assert.NotSame(
            SampleDecoder.Read(kept).Value, SampleDecoder.Read(kept with { Template = other.Template }).Value);
        Assert.False(SampleDecoder.Read(kept with { Format = Some(1 - index).Format }).IsAccepted);
        Assert.False(SampleDecoder.Read(kept with { Position = Some(1 - index).Position }).IsAccepted);
        Assert.False(SampleDecoder.Read(kept with { Template = new byte[10] }).IsAccepted);
    }

    [Fact]
    public void The_label_is_checked_all_the_same()
    {
        Sample kept = Kept(Some(0));
        Assert.False(SampleDecoder.Decode(kept with { Position = BiometricPosition.OfFinger(3) }, 0).IsAccepted);
        Assert.True(SampleDecoder.Decode(kept with { Position = BiometricPosition.UnknownFinger }, 0).IsAccepted);
    }

    [Fact]
    public void Samples_are_equal_whether_they_keep_it_or_not()
    {
        Sample sample = Some(0);
        Sample kept = Kept(sample);
        Assert.Equal(sample, kept);
        Assert.Equal(sample.GetHashCode(), kept.GetHashCode());
        Assert.Equal(sample.ToString(), kept.ToString());
    }

    private static Sample Some(int index) => TestPeople.Samples(1, [2], [1], 0)[index];

    private static Sample Kept(Sample sample) => SampleDecoder.Keep(sample, SampleDecoder.Read(sample).Value!);

    private static void Destroy(Sample sample)
    {
        Assert.True(MemoryMarshal.TryGetArray(sample.Template, out ArraySegment<byte> bytes));
        bytes.AsSpan().Clear();
        Assert.False(SampleDecoder.Read(sample with { Template = bytes.ToArray() }).IsAccepted);
    }
}
