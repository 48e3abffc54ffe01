namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// The common direction of the fingers: seen along it, the marked blocks pile up in as many heaps as there are
/// fingers, with steep sides; seen from elsewhere they run into each other.
/// </summary>
internal sealed class SlapDirection
{
    /// <summary>Degrees that the fingers may lean to either side.</summary>
    private const int Most = 50;

    private const int CoarseStep = 5;

    /// <summary>Degrees at which an equal picture would count nothing: upright hands are more usual.</summary>
    private const double Unlikely = 110;

    private readonly TurnedGrid frame = new();
    private float[] heap = [];

    /// <summary>Degrees that the fingers lean to the right of upright.</summary>
    public double Find(bool[] inside, int columns, int rows)
    {
        double best = 0;
        double highest = -1;
        for (int degrees = -Most; degrees <= Most; degrees += CoarseStep)
        {
            Keep(degrees, ref best, ref highest);
        }

        double coarse = best;
        for (int k = -CoarseStep + 1; k < CoarseStep; k++)
        {
            Keep(coarse + k, ref best, ref highest);
        }

        return best;

        void Keep(double degrees, ref double best, ref double highest)
        {
            double steepness = Steepness(inside, columns, rows, degrees)
                * (1 - (degrees * degrees / (Unlikely * Unlikely)));
            (best, highest) = steepness > highest ? (degrees, steepness) : (best, highest);
        }
    }

    /// <summary>Sum of the squared steps of the heaps.</summary>
    private double Steepness(bool[] inside, int columns, int rows, double degrees)
    {
        frame.Aim(columns, rows, degrees);
        int length = frame.Across + 2;
        if (this.heap.Length < length)
        {
            this.heap = new float[2 * length];
        }

        Array.Clear(this.heap, 0, length);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (inside[(row * columns) + column])
                {
                    double u = frame.Of(column, row).U;
                    int whole = (int)u;
                    float part = (float)(u - whole);
                    this.heap[whole] += 1 - part;
                    this.heap[whole + 1] += part;
                }
            }
        }

        double sum = 0;
        for (int u = 2; u < length - 2; u++)
        {
            double step = this.heap[u + 2] + this.heap[u + 1] - this.heap[u - 1] - this.heap[u - 2];
            sum += step * step;
        }

        return sum;
    }
}
