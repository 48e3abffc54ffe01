namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Builds the cylinder of every minutia that has enough neighbours and enough known ground around it, as the
/// paper does, in its bit form. Bounded: 128 minutiae x 128 neighbours x 9 cells x 5 sections.
/// </summary>
internal static class CylinderBuilder
{
    private const int Grid = MccParameters.GridSide;
    private const int FirstMiddle = MccParameters.Radius - (MccParameters.CellSide / 2);
    private const int SectionWidth = MccParameters.Turn / MccParameters.Sections;
    private const ulong AllCells = (1UL << MccParameters.CellsPerSection) - 1;

    /// <summary>
    /// No cell lies further from the centre than the radius, so none lies further outside the hull than the offset
    /// where the hull holds a disc of radius - offset around it; one pixel more for rounded coordinates.
    /// </summary>
    private const int SafeDisc = MccParameters.Radius - MccParameters.HullOffset + MccParameters.UnitsPerPixel;

    /// <summary>Valid cylinders, ordered by angle, then place.</summary>
    /// <param name="minutiae">Minutiae of one print.</param>
    /// <param name="most">Stops at this number: to know whether there are enough takes a fraction of making
    /// all.</param>
    public static Cylinder[] Build(ReadOnlySpan<PlacedMinutia> minutiae, int most = int.MaxValue)
    {
        ConvexHull hull = new(minutiae);
        List<Cylinder> cylinders = [];
        Span<long> cells = stackalloc long[MccParameters.Sections * MccParameters.CellsPerSection];
        foreach (PlacedMinutia centre in minutiae)
        {
            // Ground first: it is cheaper to refuse a minutia at the edge than to look at its neighbours.
            ulong known = KnownCells(hull, centre);
            if (ulong.PopCount(known) >= MccParameters.MinValidCells
                && Accumulate(minutiae, centre, cells) >= MccParameters.MinNeighbours
                && Threshold(centre, cells, known) is { SetBits: > 0 } cylinder)
            {
                cylinders.Add(cylinder);
                if (cylinders.Count == most)
                {
                    break;
                }
            }
        }

        return [.. cylinders.OrderBy(c => c.Angle).ThenBy(c => c.X).ThenBy(c => c.Y)];
    }

    /// <summary>Bit per cell whose centre lies on known ground.</summary>
    private static ulong KnownCells(ConvexHull hull, PlacedMinutia centre)
    {
        if (hull.HoldsDisc(centre.X, centre.Y, SafeDisc))
        {
            return AllCells;
        }

        int cosine = CylinderTables.Cosine(centre.Angle);
        int sine = CylinderTables.Sine(centre.Angle);
        ulong known = 0;
        for (int row = 0; row < Grid; row++)
        {
            for (int column = 0; column < Grid; column++)
            {
                int cell = CylinderTables.Cell(column, row);
                int u = CylinderTables.Middle(column);
                int v = CylinderTables.Middle(row);
                if (cell >= 0 && hull.Contains(
                    centre.X + (((cosine * u) - (sine * v)) / CylinderTables.Unit),
                    centre.Y + (((sine * u) + (cosine * v)) / CylinderTables.Unit),
                    MccParameters.HullOffset))
                {
                    known |= 1UL << cell;
                }
            }
        }

        return known;
    }

    /// <summary>
    /// Sums every neighbour's contribution to the cells within its reach; returns how many neighbours there are.
    /// </summary>
    private static int Accumulate(ReadOnlySpan<PlacedMinutia> minutiae, PlacedMinutia centre, Span<long> cells)
    {
        const int Far = MccParameters.Radius + MccParameters.Reach;
        cells.Clear();
        int cosine = CylinderTables.Cosine(centre.Angle);
        int sine = CylinderTables.Sine(centre.Angle);
        int neighbours = -1; // the centre meets itself once
        bool self = false;
        foreach (PlacedMinutia other in minutiae)
        {
            int dx = other.X - centre.X;
            int dy = other.Y - centre.Y;
            if (Math.Abs(dx) > Far || Math.Abs(dy) > Far || (dx * dx) + (dy * dy) > Far * Far)
            {
                continue;
            }

            neighbours++;
            if (!self && other == centre)
            {
                self = true;
                continue;
            }

            int u = ((cosine * dx) + (sine * dy)) / CylinderTables.Unit;
            int v = ((cosine * dy) - (sine * dx)) / CylinderTables.Unit;
            Spread(u, v, (short)(centre.Angle - other.Angle), cells);
        }

        return neighbours;
    }

    /// <summary>Adds one neighbour at (u, v) of the cylinder's frame, turned by <paramref name="turn"/>.</summary>
    private static void Spread(int u, int v, short turn, Span<long> cells)
    {
        // The sections' shares depend on the neighbour's turn alone: looked up once, not once a cell.
        Span<long> directional = stackalloc long[MccParameters.Sections];
        for (int section = 0; section < MccParameters.Sections; section++)
        {
            ushort away = (ushort)((section * SectionWidth) + (SectionWidth / 2)
                - (MccParameters.Turn / 2) - turn);
            directional[section] = CylinderTables.Directional[away >> CylinderTables.AngleShift];
        }

        int lastRow = Last(v);
        int lastColumn = Last(u);
        for (int row = First(v); row <= lastRow; row++)
        {
            int dv = v - CylinderTables.Middle(row);
            for (int column = First(u); column <= lastColumn; column++)
            {
                int du = u - CylinderTables.Middle(column);
                int squared = (du * du) + (dv * dv);
                int cell = CylinderTables.Cell(column, row);
                if (cell < 0 || squared > MccParameters.Reach * MccParameters.Reach)
                {
                    continue;
                }

                long spatial = CylinderTables.Spatial[squared >> CylinderTables.SpatialShift];
                for (int section = 0; section < directional.Length; section++)
                {
                    cells[(section * MccParameters.CellsPerSection) + cell] += spatial * directional[section];
                }
            }
        }
    }

    private static Cylinder Threshold(PlacedMinutia centre, ReadOnlySpan<long> cells, ulong known)
    {
        Cylinder cylinder = new() { Angle = centre.Angle, X = centre.X, Y = centre.Y };
        for (int section = 0; section < MccParameters.Sections; section++)
        {
            ulong word = 0;
            for (int cell = 0; cell < MccParameters.CellsPerSection; cell++)
            {
                if (cells[(section * MccParameters.CellsPerSection) + cell] >= CylinderTables.BitThreshold)
                {
                    word |= 1UL << cell;
                }
            }

            cylinder[section] = word & known;
        }

        return cylinder;
    }

    /// <summary>First grid index whose middle is within reach of a coordinate.</summary>
    private static int First(int coordinate) => Math.Max(
        0, (coordinate - MccParameters.Reach + FirstMiddle) / MccParameters.CellSide);

    /// <summary>Last grid index whose middle is within reach of a coordinate.</summary>
    private static int Last(int coordinate) => Math.Min(
        Grid - 1,
        (coordinate + MccParameters.Reach + FirstMiddle) / MccParameters.CellSide);
}
