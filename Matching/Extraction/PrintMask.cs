namespace MatchCluster.Matching.Extraction;

/// <summary>
/// Which blocks show the finger: those with contrast, where a wave explains a part of the picture that it
/// does not of noise, and where light and dark fill the plane as ridges do and lines and letters do not.
/// </summary>
internal sealed class PrintMask
{
    /// <summary>Grey levels of deviation below which nothing is looked at.</summary>
    private const float LeastContrast = 0.6f;

    /// <summary>Contrast of a block beside that of the picture's strong blocks.</summary>
    private const float ContrastShare = 0.15f;

    /// <summary>Contrast of the ground round a print, at most, beside that of strong blocks.</summary>
    private const float GroundShare = 0.4f;

    /// <summary>
    /// Share of the power that a wave must explain. White noise has 0.01 to 0.03, ridges under noise 0.2.
    /// </summary>
    private const float LeastExplained = 0.1f;

    /// <summary>
    /// Square of the mean deviation over the mean square: 0.8 for a wave, 0.6 for noise, below 0.4 where few
    /// pixels hold the contrast.
    /// </summary>
    private const float LeastFullness = 0.4f;

    /// <summary>Grey levels of the ridges alone beside those of the picture's clearest blocks.</summary>
    private const float RidgeContrastShare = 0.2f;

    /// <summary>Parts thinner than five blocks, 2 mm, are no finger.</summary>
    private const int ThinReach = 2;

    /// <summary>Blocks of the largest hole that is filled (a core, a scar, a wet patch): 16 mm².</summary>
    private const int LargestHole = 100;

    private readonly GridSmoothing majority = new(1.2);
    private readonly GridShapes shapes = new();
    private float[] votes = [];
    private float[] sorted = [];

    /// <summary>Contrast that one in twenty blocks exceeds, grey levels.</summary>
    public float StrongContrast { get; private set; }

    /// <summary>
    /// Blocks of the second largest connected part, of those that <see cref="Settle"/> saw.
    /// </summary>
    public int SecondBlocks { get; private set; }

    /// <summary>Marks the whole blocks that have contrast at all.</summary>
    public void StartWithContrast(RidgeGrid grid, int width, int height)
    {
        if (this.votes.Length < grid.Count)
        {
            this.votes = new float[grid.Count];
            this.sorted = new float[grid.Count];
        }

        Array.Copy(grid.Contrast, this.sorted, grid.Count);
        Array.Sort(this.sorted, 0, grid.Count);
        float strong = this.sorted[(int)(0.95 * (grid.Count - 1))];
        StrongContrast = strong;
        float leastContrast = Math.Max(LeastContrast, ContrastShare * strong);
        for (int i = 0; i < grid.Count; i++)
        {
            bool isWhole = ((i % grid.Columns) + 1) * RidgeGrid.Block <= width
                && ((i / grid.Columns) + 1) * RidgeGrid.Block <= height;
            grid.Inside[i] = isWhole && grid.Contrast[i] >= leastContrast;
        }
    }

    /// <summary>Takes out the blocks within half a block of an edge that is no ridge.</summary>
    public static void Exclude(RidgeGrid grid, List<(int Left, int Top, int Right, int Bottom)> edges)
    {
        const int Reach = RidgeGrid.Block / 2;
        foreach ((int left, int top, int right, int bottom) in edges)
        {
            int lastRow = Math.Min((bottom + Reach) / RidgeGrid.Block, grid.Rows - 1);
            int lastColumn = Math.Min((right + Reach) / RidgeGrid.Block, grid.Columns - 1);
            for (int row = Math.Max(top - Reach, 0) / RidgeGrid.Block; row <= lastRow; row++)
            {
                for (int column = Math.Max(left - Reach, 0) / RidgeGrid.Block; column <= lastColumn; column++)
                {
                    grid.Inside[(row * grid.Columns) + column] = false;
                }
            }
        }
    }

    /// <summary>Whether the block has so little contrast that the finger did not touch there.</summary>
    public bool IsGround(RidgeGrid grid, int block) => grid.Contrast[block] < GroundShare * StrongContrast;

    /// <summary>Leaves the blocks with ridges: the largest connected part, without small holes.</summary>
    public void Settle(RidgeGrid grid)
    {
        for (int i = 0; i < grid.Count; i++)
        {
            this.sorted[i] = grid.Inside[i] ? grid.RidgeContrast(i) : 0;
        }

        Array.Sort(this.sorted, 0, grid.Count);
        float least = RidgeContrastShare * this.sorted[(int)(0.9 * (grid.Count - 1))];
        for (int i = 0; i < grid.Count; i++)
        {
            bool hasRidges = grid.Inside[i] && grid.Explained[i] >= LeastExplained
                && grid.Fullness[i] >= LeastFullness && grid.Period[i] < GaborBank.LongestPeriod - 0.5f
                && grid.RidgeContrast(i) >= least;
            this.votes[i] = hasRidges ? 1 : 0;
        }

        majority.Apply(this.votes, grid.Columns, grid.Rows);
        for (int i = 0; i < grid.Count; i++)
        {
            grid.Inside[i] = grid.Inside[i] && this.votes[i] >= 0.5f;
        }

        shapes.Resize(grid.Columns, grid.Rows);
        shapes.Open(grid.Inside, ThinReach);
        SecondBlocks = shapes.KeepLargest(grid.Inside).Second;
        shapes.FillHoles(grid.Inside, LargestHole);
    }
}
