using MatchCluster.Matching.Fingers;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>The cylinder against the figures of the paper and against sums done by hand.</summary>
public sealed class CylinderTests
{
    [Fact]
    public void Fifty_two_cells_of_the_grid_lie_inside_the_disc()
    {
        int cells = Enumerable.Range(0, 64).Count(i => CylinderTables.Cell(i % 8, i / 8) >= 0);

        Assert.Equal(MccParameters.CellsPerSection, cells);
        Assert.Equal(cells - 1, Enumerable.Range(0, 64).Max(i => CylinderTables.Cell(i % 8, i / 8)));
    }

    [Fact]
    public void The_sections_share_out_the_whole_directional_gaussian()
    {
        int steps = CylinderTables.Directional.Length;
        for (int angle = 0; angle < steps; angle++)
        {
            int sum = Enumerable.Range(0, 5).Sum(k => CylinderTables.Directional[(angle + (k * steps / 5)) % steps]);
            Assert.InRange(sum, 0.99 * CylinderTables.Unit, 1.01 * CylinderTables.Unit);
        }
    }

    [Fact]
    public void A_neighbour_sets_the_bits_of_its_place_and_its_direction()
    {
        // A neighbour 26.25 px ahead: the middle of grid column 5 (from 0), between rows 3 and 4; pointing the same
        // way, so its difference is in the middle section of five. Far minutiae give ground and a second neighbour.
        PlacedMinutia centre = new(0, 0, 0);
        PlacedMinutia[] print =
        [
            centre, new(210, 0, 0), new(1000, 1000, 0), new(-1000, 1000, 0), new(-1000, -1000, 0), new(1000, -1000, 0),
            new(-400, 0, 16384),
        ];

        Cylinder cylinder = CylinderBuilder.Build(print).Single(c => c is { X: 0, Y: 0 });

        ulong ahead = (1UL << CylinderTables.Cell(5, 3)) | (1UL << CylinderTables.Cell(5, 4));
        Assert.Equal(ahead, cylinder[2] & ahead);
        Assert.Equal(0UL, (cylinder[0] | cylinder[4]) & ahead);
        Assert.Equal(0UL, cylinder[2] & (1UL << CylinderTables.Cell(7, 3)));
    }

    [Fact]
    public void A_minutia_with_one_neighbour_or_little_ground_has_no_cylinder()
    {
        PlacedMinutia[] pair = [new(0, 0, 0), new(100, 0, 0)];
        PlacedMinutia[] line = [new(0, 0, 0), new(100, 0, 0), new(200, 0, 0)];

        Assert.Empty(CylinderBuilder.Build(pair));
        Assert.All(CylinderBuilder.Build(line), c => Assert.True(c.SetBits > 0));
    }

    [Fact]
    public void The_hull_reaches_its_offset_and_no_farther()
    {
        ConvexHull hull = new([new(0, 0, 0), new(100, 0, 0), new(100, 100, 0), new(0, 100, 0), new(50, 50, 0)]);

        Assert.True(hull.Contains(50, 50, 0));
        Assert.True(hull.Contains(110, 50, 10));
        Assert.False(hull.Contains(111, 50, 10));
        Assert.True(hull.Contains(106, 108, 10));
        Assert.False(hull.Contains(108, 108, 10));
    }
}
