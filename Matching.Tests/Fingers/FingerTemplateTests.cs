using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Fingers;

public sealed class FingerTemplateTests
{
    private readonly FingerScratch scratch = new();

    [Theory]
    [InlineData(0, 197)]
    [InlineData(1, 197)]
    [InlineData(2, 197)]
    [InlineData(3, 1)]
    [InlineData(40, 0)]
    [InlineData(255, 197)]
    [InlineData(255, 1)]
    [InlineData(255, 65535)]
    public void Any_number_of_minutiae_at_any_resolution_is_prepared(int minutiae, int resolution)
    {
        Random random = new(minutiae);
        FingerTemplate template = FingerTemplate.Prepare(
            RandomFingers.View(random, minutiae) with { ResolutionX = resolution, ResolutionY = resolution });

        Assert.Equal(Math.Min(minutiae, Limits.MinutiaeScored), template.Minutiae);
        Assert.InRange(template.Cylinders, 0, template.Minutiae);
        Assert.Equal(0, template.RowBytes % 64);
        Assert.InRange(FingerScorer.Compare(template, template.Row, scratch), 0, FingerScorer.One);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public void Minutiae_all_in_one_place_match_nothing_but_are_prepared(int minutiae)
    {
        Minutia one = new(16383, 16383, 65535, 100, MinutiaKind.Other);
        FingerTemplate template = FingerTemplate.Prepare(
            RandomFingers.ViewOf([.. Enumerable.Repeat(one, minutiae)], resolution: 1));

        Assert.InRange(FingerScorer.Compare(template, template.Row, scratch), 0, FingerScorer.One / 32);
    }

    [Fact]
    public void A_row_reads_back_and_says_its_own_length()
    {
        FingerTemplate template = FingerTemplate.Prepare(RandomFingers.View(new(1), 45));
        byte[] row = new byte[template.RowBytes + 640];
        row.AsSpan().Fill(0xEE);

        template.WriteRow(row);
        FingerTemplate read = FingerTemplate.FromRow(row);

        Assert.Equal(template.RowBytes, FingerTemplate.RowBytesAt(row));
        Assert.Equal(template.Cylinders, read.Cylinders);
        Assert.Equal(template.Minutiae, read.Minutiae);
        Assert.Equal(template.Row, read.Row);
        Assert.Equal(0xEE, row[template.RowBytes]);
    }

    [Fact]
    public void Bytes_that_are_no_row_are_refused_with_what_was_found()
    {
        byte[] row = FingerTemplate.Prepare(RandomFingers.View(new(1), 45)).Row.ToArray();
        byte[] wrongLength = [.. row];
        wrongLength[8] ^= 64;

        ArgumentException tooShort = Assert.Throws<ArgumentException>(() => FingerTemplate.RowBytesAt(new byte[10]));
        ArgumentException zeros = Assert.Throws<ArgumentException>(() => FingerTemplate.FromRow(new byte[64]));
        Assert.Contains("found 10 bytes", tooShort.Message);
        Assert.Contains("wanted a finger row", zeros.Message);
        Assert.Throws<ArgumentException>(() => FingerTemplate.FromRow(wrongLength));
        Assert.Throws<ArgumentException>(() => FingerScorer.Compare(
            FingerTemplate.FromRow(row), row.AsSpan(0, row.Length - 64), scratch));
    }

    [Fact]
    public void The_best_minutiae_by_quality_are_kept()
    {
        FingerView good = RandomFingers.View(new(5), Limits.MinutiaeScored);
        IEnumerable<Minutia> poor = RandomFingers.View(new(6), 150).Minutiae.Select(m => m with { Quality = 0 });
        FingerView mixed = good with { Minutiae = [.. poor, .. good.Minutiae] };

        PlacedMinutia[] kept = MinutiaeSelection.Best(mixed);

        Assert.Equal(
            good.Minutiae.Select(m => (short)m.Angle).Order(), kept.Select(m => m.Angle).Order());
    }

    [Fact]
    public void Without_quality_all_minutiae_make_neighbourhoods_and_at_most_64_cylinders_are_kept()
    {
        FingerView dense = WithoutQuality(RandomFingers.View(new(7), 90));
        Cylinder[] all = CylinderBuilder.Build(MinutiaeSelection.Best(dense));

        FingerTemplate template = FingerTemplate.Prepare(dense);
        Cylinder[] kept = CylinderChoice.Of(all);

        Assert.Equal(90, template.Minutiae);
        Assert.Equal(Limits.MinutiaeScored, template.Cylinders);
        Assert.Equal(FingerRow.BytesFor(Limits.MinutiaeScored), template.RowBytes);
        Assert.Equal(FingerRow.Write(kept, 90), template.Row);
        Assert.True(all.Length > kept.Length);
        Assert.All(kept, one => Assert.Contains(
            all, other => (one.X, one.Y, one.Angle) == (other.X, other.Y, other.Angle)));
        Assert.Equal(Limits.MinutiaeUnranked, FingerTemplate.Prepare(
            WithoutQuality(RandomFingers.View(new(8), Limits.MinutiaePerView))).Minutiae);
    }

    [Fact]
    public void Where_quality_tells_minutiae_apart_or_they_are_few_nothing_else_is_chosen()
    {
        FingerView few = RandomFingers.View(new(9), Limits.MinutiaeScored);
        FingerView many = RandomFingers.View(new(9), 90);
        PlacedMinutia[] best = MinutiaeSelection.Best(many);

        Assert.Equal(Limits.MinutiaeScored, FingerTemplate.Prepare(many).Minutiae);
        Assert.Equal(FingerRow.Write(CylinderBuilder.Build(best), best.Length), FingerTemplate.Prepare(many).Row);
        Assert.Equal(FingerTemplate.Prepare(few).Row, FingerTemplate.Prepare(WithoutQuality(few)).Row);
    }

    [Fact]
    public void Of_crowded_cylinders_and_those_at_the_edge_the_crowded_ones_at_the_edge_are_left_out()
    {
        // 64 on a square of eight by eight, and another one beside each of its corners.
        const int Apart = 30 * MccParameters.UnitsPerPixel;
        Cylinder[] even = [.. Enumerable.Range(0, 64).Select(i => new Cylinder
        {
            X = (short)((((i % 8) * 2) - 7) * Apart / 2),
            Y = (short)((((i / 8) * 2) - 7) * Apart / 2),
        })];
        Cylinder[] beside = [.. new[] { 0, 7, 56, 63 }.Select(corner => even[corner] with
        {
            X = (short)(even[corner].X + MccParameters.UnitsPerPixel),
        })];

        Cylinder[] kept = CylinderChoice.Of([.. even, .. beside]);

        Assert.Equal(Limits.MinutiaeScored, kept.Length);
        foreach (Cylinder corner in beside)
        {
            // One of the two is kept: alone it is no longer crowded.
            Assert.Single(kept, one => one.Y == corner.Y && Math.Abs(one.X - corner.X) <= MccParameters.UnitsPerPixel);
        }

        Assert.Same(even, CylinderChoice.Of(even));
    }

    private static FingerView WithoutQuality(FingerView view) =>
        view with { Minutiae = [.. view.Minutiae.Select(minutia => minutia with { Quality = 0 })] };

    [Fact]
    public void A_finger_at_twice_the_resolution_is_the_same_finger()
    {
        FingerView view = RandomFingers.View(new(3), 45);
        FingerView doubled = view with
        {
            ResolutionX = 394,
            ResolutionY = 394,
            Minutiae = [.. view.Minutiae.Select(m => m with { X = (ushort)(2 * m.X), Y = (ushort)(2 * m.Y) })],
        };

        Assert.Equal(FingerTemplate.Prepare(view).Row, FingerTemplate.Prepare(doubled).Row);
    }

    [Fact]
    public void A_template_matches_itself_turned_and_moved_and_not_its_mirror_image()
    {
        FingerView view = RandomFingers.View(new(4), 45);
        FingerTemplate template = FingerTemplate.Prepare(view);
        FingerTemplate turned = FingerTemplate.Prepare(view with
        {
            // A sixteenth of a turn about (500, 500), counter-clockwise as seen, with y down.
            Minutiae = [.. view.Minutiae.Select(m => m with
            {
                X = (ushort)Math.Round(500 + (Math.Cos(Math.PI / 8) * m.X) + (Math.Sin(Math.PI / 8) * m.Y)),
                Y = (ushort)Math.Round(500 - (Math.Sin(Math.PI / 8) * m.X) + (Math.Cos(Math.PI / 8) * m.Y)),
                Angle = (ushort)(m.Angle + 4096),
            })],
        });
        FingerTemplate mirrored = FingerTemplate.Prepare(view with
        {
            Minutiae = [.. view.Minutiae.Select(m => m with
            {
                X = (ushort)(400 - m.X),
                Angle = (ushort)(32768 - m.Angle),
            })],
        });

        int itself = FingerScorer.Compare(template, template.Row, scratch);
        int moved = FingerScorer.Compare(template, turned.Row, scratch);
        int mirror = FingerScorer.Compare(template, mirrored.Row, scratch);

        // Every pair agrees with the other 31: 1/2 + 1/2 of itself each round, short of 1 only by the sigmoids at 0.
        Assert.InRange(itself, 0.98 * FingerScorer.One, FingerScorer.One);
        Assert.InRange(moved, 0.4 * FingerScorer.One, FingerScorer.One);
        Assert.InRange(mirror, 0, 0.05 * FingerScorer.One);
    }
}
