namespace MatchCluster.Matching.Extraction;

/// <summary>
/// Takes out what is no minutia: pairs that cancel, and what lies at the edge of the print.
/// </summary>
internal sealed class MinutiaSelection
{
    /// <summary>
    /// Periods within which two minutiae that begin opposite ways are a break, a bridge or a pore.
    /// </summary>
    private const float PairReach = 0.8f;

    /// <summary>Pixels that the print must go on for round a minutia.</summary>
    private const float EdgeReach = 10;

    /// <summary>Contrast of the ridges there beside that at the minutia.</summary>
    private const float EdgeShare = 0.4f;

    /// <summary>
    /// Chance of being seen again below which a minutia only disturbs. Error rates hardly differ from 0 to
    /// 0.6.
    /// </summary>
    private const float LeastChance = 0.4f;

    private readonly List<(float Distance, int A, int B)> pairs = [];

    /// <summary>Moves the minutiae to the front, with their qualities.</summary>
    /// <returns>The part that holds them.</returns>
    public Span<PhaseVortex> Select(
        Span<PhaseVortex> found, RidgeWaves waves, RidgeGrid grid, float strongContrast)
    {
        foreach (ref PhaseVortex vortex in found)
        {
            vortex.IsDropped = IsAtEdge(vortex, grid);
        }

        found = Kept(found);
        DropPairs(found);
        found = Kept(found);
        Span<float> measures = stackalloc float[MinutiaQuality.Measures];
        foreach (ref PhaseVortex vortex in found)
        {
            MinutiaQuality.Measure(vortex, found, waves, grid, strongContrast, measures);
            vortex.Quality = MinutiaQuality.Chance(measures);
            vortex.IsDropped = vortex.Quality < LeastChance;
        }

        return Kept(found);
    }

    private static Span<PhaseVortex> Kept(Span<PhaseVortex> found)
    {
        int count = 0;
        foreach (ref PhaseVortex vortex in found)
        {
            if (!vortex.IsDropped)
            {
                found[count++] = vortex;
            }
        }

        return found[..count];
    }

    /// <summary>Drops minutiae that cancel, the nearest pairs first.</summary>
    private void DropPairs(Span<PhaseVortex> found)
    {
        pairs.Clear();
        for (int a = 0; a < found.Length; a++)
        {
            float reach = PairReach * found[a].Period;
            for (int b = a + 1; b < found.Length; b++)
            {
                float dx = found[a].X - found[b].X;
                float dy = found[a].Y - found[b].Y;
                float square = (dx * dx) + (dy * dy);
                bool isOpposite =
                    (found[a].AlongX * found[b].AlongX) + (found[a].AlongY * found[b].AlongY) < 0;
                if (square < reach * reach && isOpposite)
                {
                    pairs.Add((square, a, b));
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
    }

    private static bool IsAtEdge(in PhaseVortex vortex, RidgeGrid grid)
    {
        float least = EdgeShare * grid.RidgeContrast(grid.BlockAt(vortex.X, vortex.Y));
        foreach ((float x, float y) in MinutiaQuality.Ring)
        {
            float atX = vortex.X + (EdgeReach * x);
            float atY = vortex.Y + (EdgeReach * y);
            if (atX < 0 || atY < 0 || atX >= grid.Columns * RidgeGrid.Block || atY >= grid.Rows * RidgeGrid.Block
                || !grid.Inside[grid.BlockAt(atX, atY)] || grid.RidgeContrast(grid.BlockAt(atX, atY)) < least)
            {
                return true;
            }
        }

        return false;
    }
}
