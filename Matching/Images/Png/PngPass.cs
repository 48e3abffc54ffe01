namespace MatchCluster.Matching.Images.Png;

/// <summary>One pass of an interlaced picture: the first column and row, and the steps between them.</summary>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY)
{
    public static readonly PngPass[] Adam7 =
    [
        new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2),
        new(0, 1, 1, 2),
    ];

    public int Columns(int width) => width <= X ? 0 : (width - X + StepX - 1) / StepX;

    public int Rows(int height) => height <= Y ? 0 : (height - Y + StepY - 1) / StepY;
}
