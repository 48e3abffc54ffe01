namespace MatchCluster.Matching.Extraction;

/// <summary>
/// Finds where the phase turns round once: cells of 2 x 2 pixels whose corners go through all four quadrants.
/// </summary>
internal sealed class PhaseVortices
{
    /// <summary>More are noise; the rest of the picture is not read.</summary>
    private const int Most = 2048;

    private readonly PhaseVortex[] found = new PhaseVortex[Most];

    public Span<PhaseVortex> Find(RidgeWaves waves, RidgeGrid grid)
    {
        int count = 0;
        float[] even = waves.Even.Values;
        float[] odd = waves.Odd.Values;
        int stride = waves.Even.Stride;
        for (int y = 0; y < waves.Even.Height - 1; y++)
        {
            int blockRow = y / RidgeGrid.Block * grid.Columns;
            int belowRow = (y + 1) / RidgeGrid.Block * grid.Columns;
            for (int x = 0; x < waves.Even.Width - 1; x++)
            {
                int block = blockRow + (x / RidgeGrid.Block);
                if (!grid.Inside[block])
                {
                    x |= RidgeGrid.Block - 1;
                    continue;
                }

                int i = waves.Even.At(x, y);
                float e0 = even[i];
                float e1 = even[i + 1];
                float e2 = even[i + stride + 1];
                float e3 = even[i + stride];
                int negative = (e0 < 0 ? 1 : 0) + (e1 < 0 ? 1 : 0) + (e2 < 0 ? 1 : 0) + (e3 < 0 ? 1 : 0);
                if (negative is 0 or 4)
                {
                    continue;
                }

                int right = blockRow + ((x + 1) / RidgeGrid.Block);
                int below = belowRow + (x / RidgeGrid.Block);
                int across = belowRow + ((x + 1) / RidgeGrid.Block);
                if (!grid.Inside[right] || !grid.Inside[below] || !grid.Inside[across])
                {
                    continue;
                }

                float o0 = odd[i];
                float o1 = odd[i + 1] * Sign(grid, block, right);
                float o2 = odd[i + stride + 1] * Sign(grid, block, across);
                float o3 = odd[i + stride] * Sign(grid, block, below);
                int quarters = Quarters(e0, o0, e1, o1) + Quarters(e1, o1, e2, o2)
                    + Quarters(e2, o2, e3, o3) + Quarters(e3, o3, e0, o0);
                if (quarters is not (4 or -4) || count == Most)
                {
                    continue;
                }

                ref PhaseVortex vortex = ref this.found[count++];
                vortex = default;
                Place(ref vortex, x, y, (e0, e1, e2, e3), (o0, o1, o2, o3));
                int charge = quarters / 4;
                vortex.Period = grid.Period[block];
                // The filters' phase falls along the normal: where it turns from x to y, the line begins on the left.
                vortex.AlongX = -charge * grid.NormalY[block];
                vortex.AlongY = charge * grid.NormalX[block];
                vortex.IsEnding = IsRidge(waves, vortex);
            }
        }

        return this.found.AsSpan(0, count);
    }

    /// <summary>
    /// 1 where two blocks' normals point the same way, -1 where their odd parts have opposite signs.
    /// </summary>
    private static float Sign(RidgeGrid grid, int block, int other) =>
        (grid.NormalX[block] * grid.NormalX[other]) + (grid.NormalY[block] * grid.NormalY[other]) < 0 ? -1 : 1;

    /// <summary>Quarter turns from one number to the next, the shorter way.</summary>
    private static int Quarters(float e, float o, float nextE, float nextO)
    {
        int step = (Quadrant(nextE, nextO) - Quadrant(e, o)) & 3;
        return step switch
        {
            0 => 0,
            1 => 1,
            3 => -1,
            _ => (e * nextO) - (o * nextE) >= 0 ? 2 : -2,
        };
    }

    private static int Quadrant(float e, float o) => o >= 0 ? (e >= 0 ? 0 : 1) : (e >= 0 ? 3 : 2);

    /// <summary>Where both parts are zero by the planes that fit the four corners best.</summary>
    private static void Place(
        ref PhaseVortex vortex, int x, int y,
        (float A, float B, float C, float D) e, (float A, float B, float C, float D) o)
    {
        float ex = (e.B + e.C - e.A - e.D) / 2;
        float ey = (e.C + e.D - e.A - e.B) / 2;
        float em = (e.A + e.B + e.C + e.D) / 4;
        float ox = (o.B + o.C - o.A - o.D) / 2;
        float oy = (o.C + o.D - o.A - o.B) / 2;
        float om = (o.A + o.B + o.C + o.D) / 4;
        float determinant = (ex * oy) - (ey * ox);
        float u = determinant == 0 ? 0 : ((ey * om) - (oy * em)) / determinant;
        float v = determinant == 0 ? 0 : ((ox * em) - (ex * om)) / determinant;
        vortex.X = x + 0.5f + Math.Clamp(u, -0.5f, 0.5f);
        vortex.Y = y + 0.5f + Math.Clamp(v, -0.5f, 0.5f);
    }

    /// <summary>Whether what begins here is dark.</summary>
    private static bool IsRidge(RidgeWaves waves, in PhaseVortex vortex)
    {
        float sum = 0;
        for (int step = 3; step <= 6; step++)
        {
            int x = (int)(vortex.X + (step * vortex.AlongX) + 0.5f);
            int y = (int)(vortex.Y + (step * vortex.AlongY) + 0.5f);
            sum += waves.Even.Values[waves.Even.At(x, y)];
        }

        return sum < 0;
    }
}
