namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>Which blocks of a picture of several fingers show ridges of any of them.</summary>
internal sealed class SlapMask
{
    /// <summary>Grey levels of the strongest blocks' gradients below which nothing is a print.</summary>
    private const float LeastStrong = 4;

    /// <summary>Share of the strong blocks' energy that a block needs; a faint finger has a quarter of it.</summary>
    private const float LeastShare = 0.14f;

    /// <summary>Parts thinner than three blocks are lines or writing.</summary>
    private const int ThinReach = 1;

    /// <summary>Blocks of the smallest part that is kept: 25 mm², a part of a small fingertip.</summary>
    private const int LeastPart = 150;

    /// <summary>Blocks of a hole that is filled: a core, a scar, a wet patch.</summary>
    private const int LargestHole = 60;

    private readonly GridShapes shapes = new();
    private float[] sorted = [];

    public bool[] Inside { get; private set; } = [];

    /// <summary>Energy that one block in twenty exceeds, grey levels.</summary>
    public float Strong { get; private set; }

    /// <summary>Blocks with ridges.</summary>
    public int Blocks { get; private set; }

    /// <summary>Grey of the ground round the prints.</summary>
    public byte Ground { get; private set; }

    public void Find(RidgeEnergy energy, List<(int Left, int Top, int Right, int Bottom)> edges)
    {
        if (Inside.Length < energy.Count)
        {
            (Inside, this.sorted) = (new bool[energy.Count], new float[energy.Count]);
        }

        Array.Copy(energy.Ridges, this.sorted, energy.Count);
        Array.Sort(this.sorted, 0, energy.Count);
        Strong = this.sorted[(int)(0.95 * (energy.Count - 1))];
        float least = Math.Max(LeastShare * Strong, LeastShare * LeastStrong);
        for (int i = 0; i < energy.Count; i++)
        {
            Inside[i] = Strong >= LeastStrong && energy.Ridges[i] >= least;
        }

        foreach ((int left, int top, int right, int bottom) in edges)
        {
            Clear(energy, left, top, right, bottom);
        }

        shapes.Resize(energy.Columns, energy.Rows);
        shapes.Open(Inside, ThinReach);
        shapes.DropSmall(Inside, LeastPart);
        shapes.FillHoles(Inside, LargestHole);
        Blocks = Inside.AsSpan(0, energy.Count).Count(true);
        Ground = GroundOf(energy);
    }

    /// <summary>Takes out the blocks that an edge between two grounds passes.</summary>
    private void Clear(RidgeEnergy energy, int left, int top, int right, int bottom)
    {
        int lastRow = Math.Min(bottom / RidgeGrid.Block, energy.Rows - 1);
        int lastColumn = Math.Min(right / RidgeGrid.Block, energy.Columns - 1);
        for (int row = Math.Max(top, 0) / RidgeGrid.Block; row <= lastRow; row++)
        {
            for (int column = Math.Max(left, 0) / RidgeGrid.Block; column <= lastColumn; column++)
            {
                Inside[(row * energy.Columns) + column] = false;
            }
        }
    }

    /// <summary>Median of the blocks without ridges; white where there are none.</summary>
    private byte GroundOf(RidgeEnergy energy)
    {
        int count = 0;
        for (int i = 0; i < energy.Count; i++)
        {
            if (!Inside[i])
            {
                this.sorted[count++] = energy.Grey[i];
            }
        }

        Array.Sort(this.sorted, 0, count);
        return count == 0 ? byte.MaxValue : (byte)this.sorted[count / 2];
    }
}
