namespace MatchCluster.Matching.Extraction;

/// <summary>
/// The picture as a wave: in each block the pair of Gabor filters of the block's own wave gives amplitude and
/// phase of the ridges at every pixel. How the phase turns from pixel to pixel says what the wave really is,
/// better than the gradients that the filters were chosen by.
/// </summary>
internal sealed class RidgeWaves(GaborBank bank)
{
    private GaborKernel?[] applied = [];

    /// <summary>Ridges (dark) are negative, valleys positive.</summary>
    public PaddedPlane Even { get; } = new();

    /// <summary>The same wave a quarter later along the normal.</summary>
    public PaddedPlane Odd { get; } = new();

    /// <summary>Amplitude of the wave at the nearest pixel; 0 outside.</summary>
    public float Amplitude(float x, float y) => At(x, y) is { } at
        ? MathF.Sqrt((Even.Values[at] * Even.Values[at]) + (Odd.Values[at] * Odd.Values[at])) : 0;

    /// <summary><see cref="Even"/> at the nearest pixel; 0 outside.</summary>
    public float EvenAt(float x, float y) => At(x, y) is { } at ? Even.Values[at] : 0;

    /// <summary>Filters the blocks that the grid says are inside; the others are zero.</summary>
    /// <param name="picture">The normalised picture.</param>
    /// <param name="grid">Its normals take the sense of the filters'.</param>
    /// <param name="isSame">
    /// It is the picture of the last call: blocks whose filter is still the same one are left as they are.
    /// </param>
    public void Filter(PaddedPlane picture, RidgeGrid grid, bool isSame = false)
    {
        if (!isSame)
        {
            Even.Clear(picture.Width, picture.Height);
            Odd.Clear(picture.Width, picture.Height);
            this.applied = this.applied.Length < grid.Count ? new GaborKernel?[grid.Count] : this.applied;
            Array.Clear(this.applied);
        }

        for (int row = 0; row < grid.Rows; row++)
        {
            for (int column = 0; column < grid.Columns; column++)
            {
                int block = (row * grid.Columns) + column;
                GaborKernel? kernel = grid.Inside[block] ? Choose(grid, block) : null;
                if (kernel != this.applied[block])
                {
                    this.applied[block] = kernel;
                    Filter(kernel, picture, column * RidgeGrid.Block, row * RidgeGrid.Block);
                }
            }
        }
    }

    /// <summary>Index of the nearest pixel; null outside.</summary>
    private int? At(float x, float y)
    {
        int column = (int)(x + 0.5f);
        int row = (int)(y + 0.5f);
        return column < 0 || row < 0 || column >= Even.Width || row >= Even.Height ? null : Even.At(column, row);
    }

    private GaborKernel Choose(RidgeGrid grid, int block)
    {
        GaborKernel kernel = bank.Nearest(
            grid.NormalX[block], grid.NormalY[block], grid.Period[block], out bool isTurned);
        if (isTurned)
        {
            grid.NormalX[block] = -grid.NormalX[block];
            grid.NormalY[block] = -grid.NormalY[block];
        }

        return kernel;
    }

    private void Filter(GaborKernel? kernel, PaddedPlane picture, int left, int top)
    {
        for (int y = 0; y < RidgeGrid.Block; y += GaborFilter8x4.Rows)
        {
            int at = picture.At(left, top + y);
            if (kernel is not null)
            {
                GaborFilter8x4.Apply(kernel, picture.Values, picture.Stride, at, Even.Values, Odd.Values);
                continue;
            }

            for (int row = 0; row < GaborFilter8x4.Rows; row++)
            {
                Even.Values.AsSpan(at + (row * picture.Stride), RidgeGrid.Block).Clear();
                Odd.Values.AsSpan(at + (row * picture.Stride), RidgeGrid.Block).Clear();
            }
        }
    }
}
