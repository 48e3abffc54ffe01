using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction;

/// <summary>
/// Cores and deltas: places round which the direction of the ridges turns by half a turn, forwards or backwards (the
/// index of Poincare; M. Kawagoe and A. Tojo, Pattern Recognition 17(3), 1984), on smoothed directions.
/// </summary>
internal sealed class SingularPoints
{
    /// <summary>A core and a delta nearer than this cancel: a scar, or noise. Blocks.</summary>
    private const int PairReach = 5;

    /// <summary>The print goes on for so many blocks to each side of a point.</summary>
    private const int Reach = 3;

    /// <summary>Directions of a ring that tell where a point opens.</summary>
    private const int RingSteps = 16;

    private readonly GridSmoothing smoothing = new(1.5);
    private float[] cosine = [];
    private float[] sine = [];

    /// <summary>At most <see cref="RidgeDetail.MostPoints"/>, from the top.</summary>
    public SingularPoint[] Find(RidgeGrid grid)
    {
        Smooth(grid);
        List<(int X, int Y, SingularKind Kind)> found = [];
        for (int y = Reach; y < grid.Rows - Reach; y++)
        {
            for (int x = Reach; x < grid.Columns - Reach; x++)
            {
                int turns = Turns(grid, x, y);
                if (turns != 0 && IsInside(grid, x, y))
                {
                    found.Add((x, y, turns > 0 ? SingularKind.Core : SingularKind.Delta));
                }
            }
        }

        DropPairs(found);
        return [.. found.Take(RidgeDetail.MostPoints).Select(point => new SingularPoint(
            point.Kind, (ushort)(point.X * RidgeGrid.Block), (ushort)(point.Y * RidgeGrid.Block),
            Direction(grid, point.X, point.Y, point.Kind)))];
    }

    /// <summary>Doubled directions of the ridges, y up.</summary>
    private void Smooth(RidgeGrid grid)
    {
        if (this.cosine.Length < grid.Count)
        {
            this.cosine = new float[grid.Count];
            this.sine = new float[grid.Count];
        }

        for (int i = 0; i < grid.Count; i++)
        {
            float weight = grid.Inside[i] ? grid.Coherence[i] : 0;
            float x = grid.NormalX[i];
            float y = grid.NormalY[i];
            this.cosine[i] = -weight * ((x * x) - (y * y));
            this.sine[i] = weight * 2 * x * y;
        }

        smoothing.Apply(this.cosine, grid.Columns, grid.Rows);
        smoothing.Apply(this.sine, grid.Columns, grid.Rows);
    }

    /// <summary>
    /// How often the doubled direction turns counter-clockwise round the corner that a block shares with those to the
    /// left and above: -1, 0 or 1.
    /// </summary>
    private int Turns(RidgeGrid grid, int x, int y)
    {
        int block = (y * grid.Columns) + x;
        ReadOnlySpan<int> ring = [block, block - grid.Columns, block - grid.Columns - 1, block - 1, block];
        double sum = 0;
        for (int i = 0; i < ring.Length - 1; i++)
        {
            sum += StableMath.Atan2(
                (this.sine[ring[i + 1]] * this.cosine[ring[i]]) - (this.cosine[ring[i + 1]] * this.sine[ring[i]]),
                (this.cosine[ring[i + 1]] * this.cosine[ring[i]]) + (this.sine[ring[i + 1]] * this.sine[ring[i]]));
        }

        return (int)Math.Round(sum);
    }

    private static bool IsInside(RidgeGrid grid, int x, int y)
    {
        for (int row = y - Reach; row < y + Reach; row++)
        {
            for (int column = x - Reach; column < x + Reach; column++)
            {
                if (!grid.Inside[(row * grid.Columns) + column])
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Drops a core and a delta that are near each other, the nearest first.</summary>
    private static void DropPairs(List<(int X, int Y, SingularKind Kind)> found)
    {
        while (true)
        {
            (int Distance, int A, int B) nearest = (int.MaxValue, 0, 0);
            for (int a = 0; a < found.Count; a++)
            {
                for (int b = a + 1; b < found.Count; b++)
                {
                    int x = found[a].X - found[b].X;
                    int y = found[a].Y - found[b].Y;
                    int distance = (x * x) + (y * y);
                    if (found[a].Kind != found[b].Kind && distance < nearest.Distance)
                    {
                        nearest = (distance, a, b);
                    }
                }
            }

            if (nearest.Distance > PairReach * PairReach)
            {
                return;
            }

            found.RemoveAt(nearest.B);
            found.RemoveAt(nearest.A);
        }
    }

    /// <summary>
    /// Where ridges run straight away from the point: round a core their doubled direction is that of the place plus a
    /// constant, which is where it opens; round a delta minus it, and there are three such places.
    /// </summary>
    private byte Direction(RidgeGrid grid, int x, int y, SingularKind kind)
    {
        double real = 0;
        double imaginary = 0;
        for (int step = 0; step < RingSteps; step++)
        {
            double place = (step + 0.5) / RingSteps;
            int column = (int)Math.Floor(x + (Reach * StableMath.Cos(place)));
            int row = (int)Math.Floor(y - (Reach * StableMath.Sin(place)));
            int block = (Math.Clamp(row, 0, grid.Rows - 1) * grid.Columns) + Math.Clamp(column, 0, grid.Columns - 1);
            double doubled = StableMath.Atan2(this.sine[block], this.cosine[block]);
            double turn = kind == SingularKind.Core ? doubled - place : doubled + place;
            real += StableMath.Cos(turn);
            imaginary += StableMath.Sin(turn);
        }

        double direction = StableMath.Atan2(imaginary, real) / (kind == SingularKind.Core ? 1 : 3);
        return (byte)((int)Math.Round(256 * direction) & byte.MaxValue);
    }
}
