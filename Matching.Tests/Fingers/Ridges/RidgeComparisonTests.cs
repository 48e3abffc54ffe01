using System.Buffers.Binary;
using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Fingers.Ridges;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Extraction;
using MatchCluster.Matching.Tests.Templates;

namespace MatchCluster.Matching.Tests.Fingers.Ridges;

/// <summary>Ridge detail in finger rows and in the third stage, on drawn prints.</summary>
public sealed class RidgeComparisonTests
{
    private static readonly FingerView Drawn = Extracted(new DrawnPrint(11));

    private static readonly FingerView Other = Extracted(new DrawnPrint(12));

    [Fact]
    public void A_row_with_ridges_is_the_row_without_them_and_lines_after_it()
    {
        FingerTemplate with = FingerTemplate.Prepare(Drawn);
        FingerTemplate without = FingerTemplate.Prepare(Drawn with { Ridges = null });

        Assert.True(with.HasRidges);
        Assert.False(without.HasRidges);
        int ridges = FingerRow.RidgeBytesOf(with.Row);
        Assert.InRange(ridges, 64, Limits.RidgeBlockBytes);
        Assert.Equal(0, ridges % 64);
        Assert.Equal(without.RowBytes + ridges, with.RowBytes);
        Assert.Equal(FingerRow.BytesFor(without.Cylinders), without.RowBytes);
        Assert.True(with.Row[16..without.RowBytes].SequenceEqual(without.Row[16..]));
        Assert.True(with.Row[..8].SequenceEqual(without.Row[..8]));
        Assert.True(FingerTemplate.IsRow(with.Row));
        Assert.Equal(with.Row, FingerTemplate.FromRow(with.Row).Row);
        Assert.False(with.Turned(1).HasRidges);
    }

    [Fact]
    public void Nothing_changes_where_one_side_has_no_ridges()
    {
        FingerScratch scratch = new();
        FingerTemplate a = FingerTemplate.Prepare(Drawn);
        FingerTemplate bare = FingerTemplate.Prepare(Drawn with { Ridges = null });
        FingerMatch wanted = FingerMatcher.Compare(bare, bare.Row, scratch);

        Assert.Equal(wanted, FingerMatcher.Compare(a, bare.Row, scratch));
        Assert.Equal(wanted, FingerMatcher.Compare(bare, a.Row, scratch));
        Assert.Equal(wanted, FingerMatcher.CompareReference(a, bare.Row));
        Assert.Equal(FingerMatcher.Compare(a, a.Row, scratch), FingerMatcher.CompareReference(a, a.Row));
        Assert.Equal(wanted.Similarity, FingerMatcher.Compare(a, a.Row, scratch).Similarity);
        Assert.NotEqual(wanted.Strength, FingerMatcher.Compare(a, a.Row, scratch).Strength);
    }

    [Fact]
    public void A_print_agrees_with_itself_and_a_turned_field_does_not()
    {
        RidgeAgreement own = Compared(Drawn, Drawn);
        int cells = Drawn.Ridges!.Detail!.Cells.Count(cell => cell.IsPrint);
        Assert.Equal(cells, own.Cells);
        Assert.InRange(own.Turns / own.Cells, 0, 0.01); // cosines come in steps of a third of a degree
        Assert.InRange(own.Periods / own.Cells, 0, 0.01); // the motion that is fitted is nearly none
        Assert.InRange(own.Counts, 20, 4 * RidgeDetail.MostMinutiae);
        Assert.Equal(0, own.CountSteps);

        RidgeAgreement turned = Compared(Changed(cell => cell with { Direction = (byte)(cell.Direction + 64) }), Drawn);
        Assert.InRange(turned.Turns / turned.Cells, 0.69, 0.73); // the sine of 45 degrees
        RidgeAgreement wider = Compared(Changed(cell => cell with { Period = (byte)(cell.Period + 4) }), Drawn);
        Assert.InRange(wider.Periods / wider.Cells, 3.99, 4.01);

        Assert.Equal((int)(RidgeParameters.Most * 512), RidgeParameters.StrengthOf(own));
        int cellsAlone = RidgeParameters.StrengthOf(own with { Counts = 0 });
        Assert.InRange(cellsAlone, 512, (RidgeParameters.Most * 512) - 1);
        Assert.InRange(RidgeParameters.StrengthOf(turned with { Counts = 0 }), -65536, cellsAlone - 512);
        Assert.InRange(RidgeParameters.StrengthOf(wider with { Counts = 0 }), -65536, cellsAlone - 512);
    }

    [Fact]
    public void Who_agrees_less_never_gets_more()
    {
        foreach (int cells in new[] { RidgeParameters.LeastCells, 20, 60, 96 })
        {
            foreach (int counts in new[] { 0, 1, 40, 256 })
            {
                int last = int.MaxValue;
                for (int worse = 0; worse <= 20; worse++)
                {
                    int strength = RidgeParameters.StrengthOf(
                        new RidgeAgreement(cells, cells * worse / 20.0, cells * worse / 4.0, counts, counts * worse));
                    Assert.True(strength <= last);
                    Assert.InRange(strength, -65536, (int)(RidgeParameters.Most * 512));
                    last = strength;
                }
            }
        }

        Assert.Equal(0, RidgeParameters.StrengthOf(new RidgeAgreement(RidgeParameters.LeastCells - 1, 0, 0, 9, 0)));
        Assert.Equal(0, RidgeParameters.StrengthOf(default));
    }

    [Fact]
    public void The_third_stage_says_for_an_examiner_what_it_found()
    {
        FingerAlignment same = FingerExplainer.Explain(Drawn, Drawn).Alignment!;
        Assert.InRange(same.Ridges!.Evidence, 0.1, RidgeParameters.Most);
        Assert.Equal(0, same.Ridges.CountDifference);
        Assert.InRange(same.Ridges.Turn, 0, 1);
        Assert.Null(FingerExplainer.Explain(Drawn, Drawn with { Ridges = null }).Alignment!.Ridges);
    }

    /// <summary>Rows come in frames too: whatever stands in their end, nothing is thrown.</summary>
    [Fact]
    public void Any_end_of_a_row_is_compared_or_left_alone()
    {
        const int Seed = 5;
        Random dice = new(Seed);
        FingerScratch scratch = new();
        FingerTemplate probe = FingerTemplate.Prepare(Drawn);
        int from = probe.RowBytes - FingerRow.RidgeBytesOf(probe.Row);
        for (int round = 0; round < 3000; round++)
        {
            byte[] row = probe.Row.ToArray();
            int damage = round < 1500 ? 1 + dice.Next(4) : row.Length - from;
            for (int i = 0; i < damage; i++)
            {
                row[round < 1500 ? dice.Next(from, row.Length) : from + i] = (byte)dice.Next(256);
            }

            Assert.True(FingerTemplate.IsRow(row));
            Exception? thrown = Record.Exception(() =>
                (FingerMatcher.Compare(probe, row, scratch), FingerMatcher.Compare(
                    FingerTemplate.FromRow(row), probe.Row, scratch)));
            Assert.True(thrown is null, $"seed {Seed}, round {round}: {thrown}");
        }
    }

    [Fact]
    public void A_header_with_other_lengths_is_no_row()
    {
        byte[] row = FingerTemplate.Prepare(Drawn).Row.ToArray();
        int ridges = FingerRow.RidgeBytesOf(row);
        foreach (int wrong in new[] { 0, ridges - 64, ridges - 1, ridges + 64, RidgeColumns.MostBytes + 64, 65535 })
        {
            BinaryPrimitives.WriteUInt16LittleEndian(row.AsSpan(12), (ushort)wrong);
            Assert.False(FingerTemplate.IsRow(row));
            Assert.Throws<ArgumentException>(() => FingerRow.LengthOf(row));
        }
    }

    [Fact]
    public void Neighbours_without_a_cylinder_and_minutiae_without_counts_are_none()
    {
        FingerView many = SomeRidges.With(RandomFingers.View(new Random(8), 120));
        FingerTemplate template = FingerTemplate.Prepare(many);
        RidgeColumns columns = FingerRow.Over(template.Row).Ridges;

        Assert.False(columns.IsEmpty);
        foreach (byte neighbour in columns.Neighbours)
        {
            Assert.True(neighbour == RidgeColumns.None || neighbour < template.Cylinders);
        }

        Assert.True(RidgeColumns.Over(template.Row[..7], template.Cylinders).IsEmpty);
        Assert.True(RidgeColumns.Over([], 0).IsEmpty);
    }

    [Fact]
    public void Ridges_of_another_finger_do_not_help_it()
    {
        FingerScratch scratch = new();
        FingerTemplate a = FingerTemplate.Prepare(Drawn);
        FingerTemplate b = FingerTemplate.Prepare(Other);
        FingerTemplate bare = FingerTemplate.Prepare(Other with { Ridges = null });

        int with = FingerMatcher.Compare(a, b.Row, scratch).Strength;

        int without = FingerMatcher.Compare(a, bare.Row, scratch).Strength;
        Assert.InRange(with, 0, without + (int)(RidgeParameters.Most * 512));
    }

    private static RidgeAgreement Compared(FingerView probe, FingerView reference)
    {
        FingerTemplate a = FingerTemplate.Prepare(probe);
        FingerTemplate b = FingerTemplate.Prepare(reference);
        FingerScratch scratch = new();
        FingerScorer.Compare(a, b.Row, scratch);
        EvidenceFound found = FingerMatcher.Align(a, b.Row, scratch);
        return FingerMatcher.Ridges(a, b.Row, found, scratch)!.Value;
    }

    private static FingerView Changed(Func<RidgeCell, RidgeCell> change)
    {
        RidgeDetail own = Drawn.Ridges!.Detail!;
        RidgeDetail changed = new(Drawn.Minutiae)
        {
            CellSide = own.CellSide,
            Left = own.Left,
            Top = own.Top,
            Columns = own.Columns,
            Rows = own.Rows,
            Cells = [.. own.Cells.Select(cell => cell.IsPrint ? change(cell) : cell)],
            Ridges = own.Ridges,
            Points = own.Points,
        };
        return Drawn with { Ridges = new RidgeBlock(changed, Drawn.Minutiae) };
    }

    private static FingerView Extracted(DrawnPrint print) =>
        new FingerExtractor().Extract(print.Image, 500, BiometricPosition.OfFinger(2)).View!;
}
