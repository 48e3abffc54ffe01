namespace MatchCluster.Matching.Extraction;

/// <summary>Takes out what is no minutia: pairs that cancel, and whatever lies at the edge of the print.</summary>
internal sealed class MinutiaSelection
{
    /// <summary>Periods within which two minutiae that begin opposite ways are a break, a bridge or a pore.</summary>
    private const float PairReach = 0.8f;

    /// <summary>Pixels that the print must go on for round a minutia.</summary>
    private const float EdgeReach = 12;

    private readonly List<(float Distance, int A, int B)> pairs = [];

    public Span<PhaseVortex> Select(Span<PhaseVortex> found, RidgeGrid grid)
    {
        int count = 0;
        foreach (ref PhaseVortex vortex in found)
        {
            if (!IsAtEdge(vortex, grid))
            {
                found[count++] = vortex;
            }
        }

        found = found[..count];
        pairs.Clear();
        for (int a = 0; a < found.Length; a++)
        {
            for (int b = a + 1; b < found.Length; b++)
            {
                float dx = found[a].X - found[b].X;
                float dy = found[a].Y - found[b].Y;
                float distance = (dx * dx) + (dy * dy);
                float reach = PairReach * found[a].Period;
                bool isOpposite = (found[a].AlongX * found[b].AlongX) + (found[a].AlongY * found[b].AlongY) < 0;
                if (isOpposite && distance < reach * reach)
                {
                    pairs.Add((distance, a, b));
                }
            }
        }

        pairs.Sort();
        foreach ((_, int a, int b) in pairs)
        {
            if (!found[a].IsDropped && !found[b].IsDropped)
            {
                found[a].IsDropped = true;
                found[b].IsDropped = true;
            }
        }

        count = 0;
        foreach (ref PhaseVortex vortex in found)
        {
            if (!vortex.IsDropped)
            {
                int block = ((int)vortex.Y / RidgeGrid.Block * grid.Columns) + ((int)vortex.X / RidgeGrid.Block);
                vortex.Quality = Math.Clamp(grid.Explained[block] * grid.Coherence[block], 0, 1);
                found[count++] = vortex;
            }
        }

        return found[..count];
    }

    private static bool IsAtEdge(in PhaseVortex vortex, RidgeGrid grid)
    {
        for (int k = 0; k < 8; k++)
        {
            float dx = k is 0 or 1 or 7 ? 1 : k is 3 or 4 or 5 ? -1 : 0;
            float dy = k is 1 or 2 or 3 ? 1 : k is 5 or 6 or 7 ? -1 : 0;
            float scale = dx != 0 && dy != 0 ? 0.7071f * EdgeReach : EdgeReach;
            float x = vortex.X + (scale * dx);
            float y = vortex.Y + (scale * dy);
            if (x < 0 || y < 0 || x >= grid.Columns * RidgeGrid.Block || y >= grid.Rows * RidgeGrid.Block
                || !grid.Inside[((int)y / RidgeGrid.Block * grid.Columns) + ((int)x / RidgeGrid.Block)])
            {
                return true;
            }
        }

        return false;
    }
}
