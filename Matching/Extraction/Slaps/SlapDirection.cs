namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// The common direction of the fingers: seen along it, their tips pile up in heaps with steep sides; seen from
/// elsewhere they run into each other. Only the uppermost ridges of each column count, as in
/// <see cref="SlapStrips"/>, so that fingers which lie one above the other give no higher heap.
/// </summary>
internal sealed class SlapDirection
{
    /// <summary>Degrees that the fingers may lean to either side.</summary>
    private const int Most = 50;

    private const int CoarseStep = 5;

    /// <summary>Blocks from one place that is looked at to the next.</summary>
    private const int Step = 2;

    /// <summary>Places that are looked at below the first ridges of a column: 24 mm.</summary>
    private const int TipLength = 30;

    /// <summary>Places to each side over which the first ridges count: 3 mm.</summary>
    private const int TopReach = 4;

    /// <summary>Degrees at which an equal picture would count nothing: upright hands are more usual.</summary>
    private const double Unlikely = 95;

    private readonly TurnedGrid frame = new();
    private int[] tops = [];
    private int[] heap = [];

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
            frame.Turn(inside, columns, rows, degrees, Step);
            double steepness = Steepness() * (1 - (degrees * degrees / (Unlikely * Unlikely)));
            (best, highest) = steepness > highest ? (degrees, steepness) : (best, highest);
        }
    }

    /// <summary>Sum of the squared steps of the heaps.</summary>
    private double Steepness()
    {
        int across = frame.Across;
        if (this.heap.Length < across)
        {
            (this.tops, this.heap) = (new int[2 * across], new int[2 * across]);
        }

        for (int u = 0; u < across; u++)
        {
            int v = 0;
            while (v < frame.Down && !frame.Inside[(v * across) + u])
            {
                v++;
            }

            this.tops[u] = v;
        }

        for (int u = 0; u < across; u++)
        {
            int top = frame.Down;
            for (int k = Math.Max(0, u - TopReach); k <= Math.Min(across - 1, u + TopReach); k++)
            {
                top = Math.Min(top, this.tops[k]);
            }

            int count = 0;
            for (int v = top; v < Math.Min(frame.Down, top + TipLength); v++)
            {
                count += frame.Inside[(v * across) + u] ? 1 : 0;
            }

            this.heap[u] = count;
        }

        double sum = 0;
        for (int u = 1; u < across - 1; u++)
        {
            double step = this.heap[u + 1] - this.heap[u - 1];
            sum += step * step;
        }

        return sum;
    }
}
