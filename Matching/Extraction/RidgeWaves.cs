namespace MatchCluster.Matching.Extraction;

/// <summary>
/// The picture as a wave: in each block the pair of Gabor filters of the block's own wave gives amplitude and
/// phase of the ridges at every pixel. How the phase turns from pixel to pixel says what the wave really is,
/// better than the gradients that the filters were chosen by.
/// </summary>
internal sealed class RidgeWaves(GaborBank bank)
{
    /// <summary>Ridges (dark) are negative, valleys positive.</summary>
    public PaddedPlane Even { get; } = new();

    /// <summary>The same wave a quarter later along the normal.</summary>
    public PaddedPlane Odd { get; } = new();

    /// <summary>Amplitude of the wave at the nearest pixel; 0 outside.</summary>
    public float Amplitude(float x, float y)
    {
        int column = (int)(x + 0.5f);
        int row = (int)(y + 0.5f);
        if (column < 0 || row < 0 || column >= Even.Width || row >= Even.Height)
        {
            return 0;
        }

        int at = Even.At(column, row);
        return MathF.Sqrt((Even.Values[at] * Even.Values[at]) + (Odd.Values[at] * Odd.Values[at]));
    }

    /// <summary>Filters the blocks that the grid says are inside.</summary>
    public void Filter(PaddedPlane picture, RidgeGrid grid)
    {
        Even.Clear(picture.Width, picture.Height);
        Odd.Clear(picture.Width, picture.Height);
        for (int row = 0; row < grid.Rows; row++)
        {
            for (int column = 0; column < grid.Columns; column++)
            {
                int block = (row * grid.Columns) + column;
                if (!grid.Inside[block])
                {
                    continue;
                }

                GaborKernel kernel = bank.Nearest(
                    grid.NormalX[block], grid.NormalY[block], grid.Period[block], out bool isTurned);
                if (isTurned)
                {
                    grid.NormalX[block] = -grid.NormalX[block];
                    grid.NormalY[block] = -grid.NormalY[block];
                }

                for (int half = 0; half < 2; half++)
                {
                    GaborFilter8x4.Apply(
                        kernel, picture.Values, picture.Stride,
                        picture.At(column * RidgeGrid.Block, (row * RidgeGrid.Block) + (half * GaborFilter8x4.Rows)),
                        Even.Values, Odd.Values);
                }
            }
        }
    }
}
