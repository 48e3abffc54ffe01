namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The squares of a picture whose deviation exceeds a tenth of the whole picture's: ridges and not background.
/// </summary>
internal sealed class Foreground
{
    private readonly bool[] isRidges;
    private readonly int columns;
    private readonly int side;

    /// <param name="sums">Sums of the picture.</param>
    /// <param name="side">Side of the squares in pixels, a multiple of <see cref="BlockSums.Side"/>.</param>
    public Foreground(BlockSums sums, int side)
    {
        int step = side / BlockSums.Side;
        this.side = side;
        this.columns = (sums.Columns + step - 1) / step;
        int rows = (sums.Rows + step - 1) / step;
        this.isRidges = new bool[this.columns * rows];
        double least = sums.Whole.Variance / 100;
        for (int i = 0; i < this.isRidges.Length; i++)
        {
            this.isRidges[i] = sums.Square(i % this.columns * step, i / this.columns * step, step).Variance > least;
        }
    }

    /// <summary>The number of squares.</summary>
    public int Count => this.isRidges.Count(it => it);

    /// <summary>Whether every square that a square of pixels touches is ridges.</summary>
    public bool Covers(int x, int y, int size)
    {
        for (int row = y / this.side; row <= (y + size - 1) / this.side; row++)
        {
            for (int column = x / this.side; column <= (x + size - 1) / this.side; column++)
            {
                if (!this.isRidges[(row * this.columns) + column])
                {
                    return false;
                }
            }
        }

        return true;
    }
}
