namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// Sums and sums of squares of the pixels of every square of 16 pixels, from which means and deviations of the
/// picture and of larger squares follow exactly.
/// </summary>
internal sealed class BlockSums
{
    /// <summary>Side of the squares in pixels.</summary>
    public const int Side = 16;

    private readonly int[] sums;
    private readonly int[] squares;
    private readonly int width;
    private readonly int height;

    private BlockSums(int width, int height)
    {
        (this.width, this.height) = (width, height);
        Columns = (width + Side - 1) / Side;
        Rows = (height + Side - 1) / Side;
        this.sums = new int[Columns * Rows];
        this.squares = new int[Columns * Rows];
    }

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>Sum, sum of squares and number of all pixels.</summary>
    public BlockSum Whole => Square(0, 0, Math.Max(Columns, Rows));

    public static BlockSums Of(GreyPlane image)
    {
        BlockSums sums = new(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> row = image.Row(y);
            int at = y / Side * sums.Columns;
            for (int x = 0; x < row.Length; x += Side, at++)
            {
                int sum = 0;
                int squares = 0;
                foreach (byte pixel in row.Slice(x, Math.Min(Side, row.Length - x)))
                {
                    sum += pixel;
                    squares += pixel * pixel;
                }

                sums.sums[at] += sum;
                sums.squares[at] += squares;
            }
        }

        return sums;
    }

    /// <summary>Sums of a square of squares.</summary>
    /// <param name="column">Its first column of squares.</param>
    /// <param name="row">Its first row of squares.</param>
    /// <param name="count">Squares on a side; what lies outside of the picture is left out.</param>
    public BlockSum Square(int column, int row, int count)
    {
        int lastColumn = Math.Min(Columns, column + count);
        int lastRow = Math.Min(Rows, row + count);
        long sum = 0;
        long squares = 0;
        for (int r = row; r < lastRow; r++)
        {
            for (int c = column; c < lastColumn; c++)
            {
                sum += this.sums[(r * Columns) + c];
                squares += this.squares[(r * Columns) + c];
            }
        }

        int width = Math.Min(this.width, lastColumn * Side) - (column * Side);
        int height = Math.Min(this.height, lastRow * Side) - (row * Side);
        return new BlockSum(sum, squares, width * height);
    }
}

/// <summary>Sum, sum of squares and number of some pixels.</summary>
internal readonly record struct BlockSum(long Sum, long Squares, int Count)
{
    public double Mean => (double)Sum / Count;

    /// <summary>Variance over all pixels (divided by their number).</summary>
    public double Variance =>
        (double)(((Int128)Squares * Count) - ((Int128)Sum * Sum)) / ((double)Count * Count);
}
