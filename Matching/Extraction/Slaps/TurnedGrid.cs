using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// Marked blocks seen upright: the same grid turned so that fingers which lean stand. "Across" counts from one finger
/// to the next, "down" from the tips to the palm, both in blocks.
/// </summary>
internal sealed class TurnedGrid
{
    private double cosine;
    private double sine;
    private double left;
    private double top;
    private int step;

    /// <summary>How far the fingers lean to the right, degrees.</summary>
    public double Degrees { get; private set; }

    public int Across { get; private set; }

    public int Down { get; private set; }

    public bool[] Inside { get; private set; } = [];

    /// <summary>Turns the marked blocks of a grid.</summary>
    /// <param name="inside">The marked blocks, row by row.</param>
    /// <param name="columns">Blocks of a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="degrees">How far the fingers lean to the right.</param>
    /// <param name="step">Blocks from one place of the turned grid to the next.</param>
    public void Turn(bool[] inside, int columns, int rows, double degrees, int step = 1)
    {
        this.step = step;
        Aim(columns, rows, degrees);
        if (Inside.Length < Across * Down)
        {
            Inside = new bool[Across * Down];
        }

        for (int v = 0; v < Down; v++)
        {
            for (int u = 0; u < Across; u++)
            {
                (double x, double y) = BlockOf(u, v);
                int column = (int)Math.Floor(x + 0.5);
                int row = (int)Math.Floor(y + 0.5);
                Inside[(v * Across) + u] = column >= 0 && row >= 0 && column < columns && row < rows
                    && inside[(row * columns) + column];
            }
        }
    }

    /// <summary>Where a block of the picture lies here.</summary>
    public (double U, double V) Of(double x, double y) =>
        (((cosine * x) + (sine * y) - left) / step, ((cosine * y) - (sine * x) - top) / step);

    /// <summary>The block of the picture that lies here.</summary>
    public (double X, double Y) BlockOf(double u, double v)
    {
        u = (u * step) + left;
        v = (v * step) + top;
        return ((cosine * u) - (sine * v), (sine * u) + (cosine * v));
    }

    private void Aim(int columns, int rows, double degrees)
    {
        Degrees = degrees;
        cosine = StableMath.Cos(degrees / 360);
        sine = StableMath.Sin(degrees / 360);
        double right = (columns - 1) * cosine;
        double drop = (rows - 1) * sine;
        left = Math.Min(0, right) + Math.Min(0, drop);
        Across = (int)Math.Ceiling((Math.Abs(right) + Math.Abs(drop)) / step) + 1;
        double rise = -(columns - 1) * sine;
        double fall = (rows - 1) * cosine;
        top = Math.Min(0, rise) + Math.Min(0, fall);
        Down = (int)Math.Ceiling((Math.Abs(rise) + Math.Abs(fall)) / step) + 1;
    }
}
