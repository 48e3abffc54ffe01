using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction;

/// <summary>
/// What a record says of the ridges besides minutiae (<see cref="RidgeDetail"/>), from the waves of the picture: their
/// means over cells of a coarse grid, and how often they change between ridge and valley from minutia to minutia.
/// </summary>
internal sealed class RidgeDetails
{
    /// <summary>Side of a cell in blocks, 32 pixels, where the print does not need larger ones.</summary>
    private const int LeastSide = 4;

    /// <summary>Weight of a block with the faintest ridges.</summary>
    private const float LeastWeight = 0.05f;

    /// <summary>Between ridge and valley the wave must pass so much of its amplitude to count as changed.</summary>
    private const float Passed = 0.25f;

    private readonly SingularPoints points = new();

    /// <param name="waves">The filtered ridges.</param>
    /// <param name="grid">Their blocks.</param>
    /// <param name="found">The minutiae in their order, pixels at 500 ppi.</param>
    /// <param name="minutiae">Those of the view, in the same order.</param>
    public RidgeDetail Of(
        RidgeWaves waves, RidgeGrid grid, ReadOnlySpan<PhaseVortex> found, IReadOnlyList<Minutia> minutiae)
    {
        (int left, int top, int width, int height) = BoxOf(grid);
        int side = LeastSide;
        while (Cells(width, side) * Cells(height, side) > RidgeDetail.MostCells)
        {
            side++;
        }

        int columns = Cells(width, side);
        int rows = Cells(height, side);
        RidgeCell[] cells = new RidgeCell[columns * rows];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = Cell(grid, left + (i % columns * side), top + (i / columns * side), side);
        }

        int counted = Math.Min(minutiae.Count, RidgeDetail.MostMinutiae);
        MinutiaRidges[] ridges = new MinutiaRidges[counted];
        RidgeDetail detail = new(minutiae)
        {
            CellSide = side * RidgeGrid.Block,
            Left = left * RidgeGrid.Block,
            Top = top * RidgeGrid.Block,
            Columns = columns,
            Rows = rows,
            Cells = cells,
            Ridges = ridges,
            Points = points.Find(grid),
        };
        for (int i = 0; i < counted; i++)
        {
            ridges[i] = Ridges(waves, grid, found, detail, i);
        }

        return detail;
    }

    private static int Cells(int blocks, int side) => (blocks + side - 1) / side;

    private static (int Left, int Top, int Width, int Height) BoxOf(RidgeGrid grid)
    {
        int left = grid.Columns;
        int top = grid.Rows;
        int right = 0;
        int bottom = 0;
        for (int i = 0; i < grid.Count; i++)
        {
            if (grid.Inside[i])
            {
                left = Math.Min(left, i % grid.Columns);
                right = Math.Max(right, (i % grid.Columns) + 1);
                top = Math.Min(top, i / grid.Columns);
                bottom = Math.Max(bottom, (i / grid.Columns) + 1);
            }
        }

        return right == 0 ? default : (left, top, right - left, bottom - top);
    }

    /// <summary>The mean of a cell's blocks; no print where less than half of them show it.</summary>
    private static RidgeCell Cell(RidgeGrid grid, int left, int top, int side)
    {
        int inside = 0;
        float cosine = 0;
        float sine = 0;
        float period = 0;
        float clear = 0;
        float weights = 0;
        for (int y = top; y < Math.Min(top + side, grid.Rows); y++)
        {
            for (int x = left; x < Math.Min(left + side, grid.Columns); x++)
            {
                int block = (y * grid.Columns) + x;
                if (!grid.Inside[block])
                {
                    continue;
                }

                inside++;
                float normalX = grid.NormalX[block];
                float normalY = grid.NormalY[block];
                float weight = LeastWeight + (grid.Explained[block] * grid.Coherence[block]);
                cosine += weight * ((normalX * normalX) - (normalY * normalY));
                sine += weight * 2 * normalX * normalY;
                period += weight * grid.Period[block];
                clear += grid.Explained[block] * grid.Coherence[block];
                weights += weight;
            }
        }

        // Ridges lie across the normal, and y goes up: both parts of the doubled direction change their sign.
        return 2 * inside < side * side ? default : new RidgeCell(
            true, (byte)((int)Math.Round(256 * StableMath.Atan2(sine, -cosine)) & byte.MaxValue),
            RidgeDetail.PeriodStep(period / weights), Level(clear / inside));
    }

    private static MinutiaRidges Ridges(
        RidgeWaves waves, RidgeGrid grid, ReadOnlySpan<PhaseVortex> found, RidgeDetail detail, int minutia)
    {
        int counts = 0;
        for (int neighbour = 0; neighbour < RidgeDetail.Neighbours; neighbour++)
        {
            int other = detail.NeighbourOf(minutia, neighbour);
            counts = (counts << 4) | (other < 0 ? MinutiaRidges.NotCounted
                : Changes(waves, grid, found[minutia], found[other]));
        }

        int block = grid.BlockAt(found[minutia].X, found[minutia].Y);
        return new MinutiaRidges(
            RidgeDetail.PeriodStep(found[minutia].Period), Level(grid.Coherence[block]), (ushort)counts);
    }

    /// <summary>
    /// Changes between ridge and valley from one minutia to another; 15 where they cannot be counted.
    /// </summary>
    private static int Changes(RidgeWaves waves, RidgeGrid grid, in PhaseVortex from, in PhaseVortex to)
    {
        float byX = to.X - from.X;
        float byY = to.Y - from.Y;
        int steps = (int)MathF.Sqrt((byX * byX) + (byY * byY)) + 1;
        int changes = 0;
        bool? isValley = null;
        for (int step = 0; step <= steps; step++)
        {
            float x = from.X + (byX * step / steps);
            float y = from.Y + (byY * step / steps);
            if (!grid.Inside[grid.BlockAt(x, y)])
            {
                return MinutiaRidges.NotCounted;
            }

            float even = waves.EvenAt(x, y);
            if (Math.Abs(even) > Passed * waves.Amplitude(x, y))
            {
                changes += isValley == even < 0 ? 1 : 0;
                isValley = even >= 0;
            }
        }

        return Math.Min(changes, MinutiaRidges.NotCounted);
    }

    private static byte Level(float share) =>
        (byte)Math.Clamp((int)MathF.Round(share * (RidgeDetail.Levels - 1)), 0, RidgeDetail.Levels - 1);
}
