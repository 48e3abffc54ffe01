namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The middle of a ridge block, turned so that its ridges run down or along, by the nearest pixel. Coordinates are
/// rounded to 1024ths of a pixel, column and row apart, so that the chosen pixels are NFIQ 2's.
/// </summary>
internal static class TurnedBlock
{
    private const int Bits = 10;
    private const int One = 1 << Bits;

    /// <summary>Pixels of the frame that some measures turn a block with.</summary>
    public const int Frame = 2;

    /// <summary>Side of the block with its margin.</summary>
    public const int Side = RidgeBlock.Side + (2 * RidgeBlock.Margin);

    /// <summary>
    /// Copies the turned middle; what lies outside of the block with its margin and frame, or of the picture, is
    /// black.
    /// </summary>
    /// <param name="across">Cosine and sine of the angle.</param>
    /// <param name="frame">
    /// Pixels of a frame about the block and its margin. NFIQ 2 frames the block for some measures, turns it about the
    /// middle and copies as if there were no frame, which is that much above and left of the middle.
    /// </param>
    /// <param name="target">Rows of what is copied.</param>
    /// <param name="columns">Pixels of a row of it.</param>
    public static void Copy(
        GreyPlane image, RidgeBlock block, (double Cosine, double Sine) across, int frame, Span<byte> target,
        int columns)
    {
        int rows = target.Length / columns;
        int firstColumn = (Side - columns) / 2;
        int firstRow = (Side - rows) / 2;
        double center = (Side / 2) + frame;
        (double cosine, double sine) = across;
        double originX = center - (cosine * center) + (sine * center);
        double originY = center - (sine * center) - (cosine * center);
        Span<int> alongX = stackalloc int[Side];
        Span<int> alongY = stackalloc int[Side];
        for (int x = 0; x < columns; x++)
        {
            alongX[x] = (int)Math.Round(cosine * (firstColumn + x) * One);
            alongY[x] = (int)Math.Round(sine * (firstColumn + x) * One);
        }

        int side = Side + (2 * frame);
        int left = block.X - RidgeBlock.Margin - frame;
        int top = block.Y - RidgeBlock.Margin - frame;
        for (int y = 0; y < rows; y++)
        {
            int down = firstRow + y;
            int startX = (int)Math.Round(((-sine * down) + originX) * One) + (One / 2);
            int startY = (int)Math.Round(((cosine * down) + originY) * One) + (One / 2);
            Span<byte> row = target.Slice(y * columns, columns);
            for (int x = 0; x < row.Length; x++)
            {
                int fromX = (startX + alongX[x]) >> Bits;
                int fromY = (startY + alongY[x]) >> Bits;
                bool isInside = (uint)fromX < side && (uint)fromY < side
                    && (uint)(left + fromX) < image.Width && (uint)(top + fromY) < image.Height;
                row[x] = isInside ? image.Row(top + fromY)[left + fromX] : (byte)0;
            }
        }
    }
}
