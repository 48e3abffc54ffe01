namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The squares of a picture whose deviation exceeds a tenth of the whole picture's: ridges and not background.
/// </summary>
internal sealed class Foreground
{
    private readonly bool[] _isRidges;
    private readonly int _columns;
    private readonly int _side;

    /// <param name="sums">Sums of the picture.</param>
    /// <param name="side">Side of the squares in pixels, a multiple of <see cref="BlockSums.Side"/>.</param>
    public Foreground(BlockSums sums, int side)
    {
        int step = side / BlockSums.Side;
        _side = side;
        _columns = (sums.Columns + step - 1) / step;
        int rows = (sums.Rows + step - 1) / step;
        _isRidges = new bool[_columns * rows];
        double least = sums.Whole.Variance / 100;
        for (int i = 0; i < _isRidges.Length; i++)
        {
            _isRidges[i] = sums.Square(i % _columns * step, i / _columns * step, step).Variance > least;
        }
    }

    /// <summary>The number of squares.</summary>
    public int Count => _isRidges.Count(it => it);

    /// <summary>Whether every square that a square of pixels touches is ridges.</summary>
    public bool Covers(int x, int y, int size)
    {
        for (int row = y / _side; row <= (y + size - 1) / _side; row++)
        {
            for (int column = x / _side; column <= (x + size - 1) / _side; column++)
            {
                if (!_isRidges[(row * _columns) + column])
                {
                    return false;
                }
            }
        }

        return true;
    }
}
