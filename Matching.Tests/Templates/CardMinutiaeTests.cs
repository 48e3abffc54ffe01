using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>Minutiae of cards, laid out by hand from clause 8 of ISO/IEC 19794-2:2005.</summary>
public sealed class CardMinutiaeTests
{
    [Fact]
    public void The_normal_size_has_hundredths_of_a_millimetre()
    {
        // An ending at 10.25 mm, 7.5 mm, 90 degrees; a bifurcation at 81.92 mm, 0.05 mm, 358.6 degrees.
        byte[] bytes = [0x44, 0x01, 0x02, 0xEE, 64, 0xA0, 0x00, 0x00, 0x05, 255];
        FingerView view = Same.Accepted(CardMinutiae.Decode(CardSize.Normal, bytes)).Views.Single();
        Assert.Equal((200, 200), (view.ResolutionX, view.ResolutionY));
        Assert.Equal(
            [
                new Minutia(205, 150, 64 << 8, 0, MinutiaKind.RidgeEnding),
                new Minutia(1638, 1, 255 << 8, 0, MinutiaKind.Bifurcation),
            ],
            view.Minutiae);
    }

    [Fact]
    public void The_compact_size_has_tenths_of_a_millimetre_and_64_directions()
    {
        byte[] bytes = [102, 75, 0x40 | 16, 255, 0, 0x80 | 63, 1, 2, 3];
        FingerView view = Same.Accepted(CardMinutiae.Decode(CardSize.Compact, bytes)).Views.Single();
        Assert.Equal(100, view.ResolutionX);
        Assert.Equal(
            [
                new Minutia(102, 75, 16 << 10, 0, MinutiaKind.RidgeEnding),
                new Minutia(255, 0, 63 << 10, 0, MinutiaKind.Bifurcation),
                new Minutia(1, 2, 3 << 10, 0, MinutiaKind.Other),
            ],
            view.Minutiae);
        Assert.Equal(bytes, CardMinutiae.Encode(CardSize.Compact, [view]));
    }

    [Theory]
    [InlineData(CardSize.Normal, 0.026)]
    [InlineData(CardSize.Compact, 0.06)]
    public void A_view_is_written_within_half_a_unit_and_read_again(CardSize size, double millimetres)
    {
        FingerView view = SyntheticRecords.Views(new Random(3), 1)[0] with
        {
            ResolutionX = 197,
            ResolutionY = 197,
            Minutiae = [.. Enumerable.Range(0, 40).Select(i => new Minutia(
                (ushort)((i * 11) + 3), (ushort)((i * 12) + 1), (ushort)(i << 10), 50, (MinutiaKind)(i % 3)))],
        };
        byte[] bytes = CardMinutiae.Encode(size, [view]);
        FingerView back = Same.Accepted(CardMinutiae.Decode(size, bytes)).Views.Single();
        for (int i = 0; i < view.Minutiae.Count; i++)
        {
            Assert.Equal(view.Minutiae[i].X / 19.7, back.Minutiae[i].X * 10.0 / back.ResolutionX, millimetres);
            Assert.Equal(view.Minutiae[i].Y / 19.7, back.Minutiae[i].Y * 10.0 / back.ResolutionY, millimetres);
            Assert.Equal(view.Minutiae[i].Kind, back.Minutiae[i].Kind);
            Assert.Equal(view.Minutiae[i].Angle, back.Minutiae[i].Angle);
        }

        Assert.Equal(bytes.Length, CardMinutiae.Encode(size, [back]).Length);
    }

    [Fact]
    public void What_a_card_has_no_room_for_is_refused()
    {
        Assert.NotNull(CardMinutiae.Decode(CardSize.Normal, new byte[7]).Rejection);
        Assert.NotNull(CardMinutiae.Decode(CardSize.Compact, []).Rejection);
        Assert.NotNull(CardMinutiae.Decode(CardSize.Compact, new byte[3 * 256]).Rejection);
        Assert.Equal(
            "the header of a minutiae record",
            CardMinutiae.Decode(CardSize.Normal, [.. "FMR\0 20\0"u8, 0, 0]).Rejection!.Found);
        FingerView far = SyntheticRecords.Views(new Random(3), 1)[0] with
        {
            ResolutionX = 197,
            ResolutionY = 197,
            Minutiae = [new Minutia(600, 10, 0, 0, MinutiaKind.Other)],
        };
        Assert.Throws<ArgumentException>(() => CardMinutiae.Encode(CardSize.Compact, [far]));
        Assert.Throws<ArgumentException>(() => CardMinutiae.Encode(CardSize.Normal, [far, far]));
        Assert.Single(Same.Accepted(CardMinutiae.Decode(CardSize.Compact, [1, 2, 0xC0])).Forgiven);
    }
}
