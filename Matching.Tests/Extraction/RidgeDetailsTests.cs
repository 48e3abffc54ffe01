using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>What the extractor says of the ridges of drawn prints, whose ridges are known.</summary>
public sealed class RidgeDetailsTests
{
    private readonly FingerExtractor extractor = new();

    [Theory]
    [InlineData(1, 9.0)]
    [InlineData(2, 8.0)]
    [InlineData(3, 10.5)]
    public void Cells_and_minutiae_state_the_drawn_period(int seed, double period)
    {
        RidgeDetail detail = Detail(new DrawnPrint(seed, period: period).Image, 500);

        double[] periods = [.. detail.Cells.Where(cell => cell.IsPrint)
            .Select(cell => RidgeDetail.PeriodOf(cell.Period)).Order()];
        Assert.InRange(periods.Length, 40, RidgeDetail.MostCells);
        Assert.InRange(periods[periods.Length / 2], period * 0.93, period * 1.1);
        double[] ofMinutiae = [.. detail.Ridges.Select(each => RidgeDetail.PeriodOf(each.Period)).Order()];
        Assert.InRange(ofMinutiae[ofMinutiae.Length / 2], period * 0.9, period * 1.12);
        Assert.True(detail.Cells.Where(cell => cell.IsPrint).Average(cell => cell.Quality) > 3);
    }

    /// <summary>Ridges of a drawn print go round its core, in ellipses.</summary>
    [Fact]
    public void Cells_state_the_direction_of_the_ridges()
    {
        DrawnPrint print = new(8);
        RidgeDetail detail = Detail(print.Image, 500);

        int near = 0;
        int all = 0;
        for (int i = 0; i < detail.Cells.Count; i++)
        {
            double x = detail.Left + (((i % detail.Columns) + 0.5) * detail.CellSide) - print.Core.X;
            double y = detail.Top + (((i / detail.Columns) + 0.5) * detail.CellSide) - print.Core.Y;
            if (detail.Cells[i].IsPrint && (x * x) + (y * y) > 60 * 60)
            {
                double halfTurns = Math.Atan2(-x, -0.8 * y) / Math.PI;
                int apart = (sbyte)((int)Math.Round(256 * halfTurns) - detail.Cells[i].Direction);
                near += Math.Abs(apart) <= 8 ? 1 : 0;
                all++;
            }
        }

        Assert.InRange(all, 40, RidgeDetail.MostCells);
        Assert.InRange(near, 0.9 * all, all);
    }

    [Fact]
    public void The_core_is_found_where_it_is()
    {
        DrawnPrint print = new(8);

        IReadOnlyList<SingularPoint> points = Detail(print.Image, 500).Points;

        Assert.InRange(points.Count, 1, 4);
        Assert.All(points, point => Assert.Equal(SingularKind.Core, point.Kind));
        Assert.Contains(
            points, point => Math.Abs(point.X - print.Core.X) < 24 && Math.Abs(point.Y - print.Core.Y) < 24);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(15)]
    public void Counts_are_the_ridges_between_two_minutiae(int seed)
    {
        DrawnPrint print = new(seed, minutiae: 16);
        FingerView view = extractor.Extract(print.Image, 500).View!;
        RidgeDetail detail = view.Ridges!.Detail!;

        int counted = 0;
        for (int i = 0; i < detail.Counted; i++)
        {
            for (int k = 0; k < RidgeDetail.Neighbours; k++)
            {
                int count = detail.Ridges[i].CountTo(k);
                if (count == MinutiaRidges.NotCounted)
                {
                    continue;
                }

                Minutia a = view.Minutiae[i];
                Minutia b = view.Minutiae[detail.NeighbourOf(i, k)];
                double apart = Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2));

                // No more changes than half periods on the way, whatever its direction; minutiae add one.
                Assert.InRange(count, 0, (apart / 4.5 * 1.2) + 2);
                counted++;
            }
        }

        Assert.InRange(counted, 30, 4 * detail.Counted);
    }

    [Fact]
    public void Equal_pictures_give_equal_blocks_whatever_the_extractor_read_before()
    {
        GrayImage image = new DrawnPrint(4).Image;
        byte[] first = Record(extractor.Extract(image, 500).View!);
        extractor.Extract(new DrawnPrint(5, width: 500, height: 500).Image, 500);

        Assert.Equal(first, Record(extractor.Extract(image, 500).View!));
        Assert.Equal(first, Record(new FingerExtractor().Extract(image, 500).View!));
    }

    [Fact]
    public void A_large_print_has_larger_cells_and_keeps_the_limit()
    {
        FingerView view = extractor.Extract(new DrawnPrint(6, width: 700, height: 800, minutiae: 90).Image, 500).View!;
        RidgeDetail detail = view.Ridges!.Detail!;

        Assert.InRange(detail.CellSide, 40, 128);
        Assert.InRange(detail.Cells.Count, 60, RidgeDetail.MostCells);
        Assert.InRange(
            Record(view).Length - Record(view with { Ridges = null }).Length, 200, Limits.RidgeBlockBytes);
    }

    [Fact]
    public void The_template_of_a_picture_carries_the_block()
    {
        Decoded<ExtractedTemplates> made = new FingerPictureExtractor().Extract(
            new DrawnPrint(9).Image, BiometricPosition.OfFinger(3), slap: null, drawings: []);

        ExtractedTemplate template = Assert.Single(made.Value!.All);
        FingerRecord read = FingerRecords.Decode(template.Format, template.Template.Span).Value!;
        Assert.Empty(read.Forgiven);
        Assert.NotNull(read.Views[0].Ridges?.Detail);
    }

    private static byte[] Record(FingerView view) => FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]);

    private RidgeDetail Detail(GrayImage image, int ppi) => extractor.Extract(image, ppi).View!.Ridges!.Detail!;
}
