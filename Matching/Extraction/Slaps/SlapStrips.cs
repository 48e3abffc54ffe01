namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>The columns of a turned grid that one finger's tip takes.</summary>
/// <param name="Left">First column.</param>
/// <param name="Right">Column after the last.</param>
/// <param name="Blocks">Blocks with ridges below the tip.</param>
internal readonly record struct SlapStrip(int Left, int Right, int Blocks)
{
    public int Width => Right - Left;
}

/// <summary>
/// Tells fingers apart by their tips. Below the highest ridges of the neighbourhood only as much is looked at as a tip
/// is long: lower phalanges and the palm, where fingers meet, count nothing. Between two tips the heap of blocks has a
/// valley even where they touch, for tips are round.
/// </summary>
internal sealed class SlapStrips
{
    /// <summary>Blocks to each side over which the highest ridge counts: 3 mm.</summary>
    private const int TopReach = 8;

    /// <summary>Blocks that are looked at below it: 24 mm.</summary>
    private const int TipLength = 60;

    /// <summary>Share of the lower of two tips below which the valley between them parts them in any case.</summary>
    private const double Parted = 0.6;

    /// <summary>Share above which it does not part them although more fingers are wanted.</summary>
    private const double NotParted = 0.93;

    /// <summary>Share of a strip's height below which a column is beside the finger.</summary>
    private const double BesideShare = 0.12;

    /// <summary>Columns of the narrowest finger, 6 mm, and blocks of its tip, 50 mm².</summary>
    private const int LeastWidth = 15;

    private const int LeastBlocks = 300;

    private readonly List<(int Left, int Top, int Right)> heaps = [];
    private int[] tops = [];
    private int[] near = [];
    private float[] raw = [];
    private float[] heap = [];

    /// <summary>First marked row of each column; the grid's height where there is none.</summary>
    public ReadOnlySpan<int> Tops => this.tops;

    /// <summary>Blocks below the tip in each column, smoothed.</summary>
    internal ReadOnlySpan<float> Heap => this.heap;

    /// <summary>The fingers from the left.</summary>
    /// <param name="grid">The marked blocks, upright.</param>
    /// <param name="wanted">Fingers that are expected; doubtful valleys part as many.</param>
    public List<SlapStrip> Find(TurnedGrid grid, int wanted)
    {
        PileUp(grid);
        FindHeaps(grid.Across);
        Merge(wanted);
        List<SlapStrip> strips = [];
        foreach ((int left, int top, int right) in heaps)
        {
            float beside = (float)(BesideShare * this.heap[top]);
            int first = left;
            int last = right;
            while (first < top && this.heap[first] < beside)
            {
                first++;
            }

            while (last > top + 1 && this.heap[last - 1] < beside)
            {
                last--;
            }

            float blocks = 0;
            for (int u = first; u < last; u++)
            {
                blocks += this.raw[u];
            }

            if (last - first >= LeastWidth && blocks >= LeastBlocks)
            {
                strips.Add(new SlapStrip(first, last, (int)blocks));
            }
        }

        return strips;
    }

    private void PileUp(TurnedGrid grid)
    {
        int across = grid.Across;
        if (this.tops.Length < across)
        {
            (this.tops, this.near) = (new int[across], new int[across]);
            (this.raw, this.heap) = (new float[across], new float[across]);
        }

        for (int u = 0; u < across; u++)
        {
            int v = 0;
            while (v < grid.Down && !grid.Inside[(v * across) + u])
            {
                v++;
            }

            this.tops[u] = v;
        }

        for (int u = 0; u < across; u++)
        {
            int top = grid.Down;
            for (int k = Math.Max(0, u - TopReach); k <= Math.Min(across - 1, u + TopReach); k++)
            {
                top = Math.Min(top, this.tops[k]);
            }

            this.near[u] = top;
            int count = 0;
            for (int v = top; v < Math.Min(grid.Down, top + TipLength); v++)
            {
                count += grid.Inside[(v * across) + u] ? 1 : 0;
            }

            this.raw[u] = count;
        }

        for (int u = 0; u < across; u++)
        {
            float sum = 0;
            for (int k = -2; k <= 2; k++)
            {
                sum += (3 - Math.Abs(k)) * (u + k >= 0 && u + k < across ? this.raw[u + k] : 0);
            }

            this.heap[u] = sum / 9;
        }
    }

    /// <summary>Cuts the row of heaps at every lowest place between two highest ones.</summary>
    private void FindHeaps(int across)
    {
        heaps.Clear();
        int left = 0;
        int u = 0;
        while (u < across)
        {
            while (u + 1 < across && this.heap[u + 1] >= this.heap[u])
            {
                u++;
            }

            int top = u;
            while (u + 1 < across && this.heap[u + 1] <= this.heap[u])
            {
                u++;
            }

            int right = u + 1 >= across ? across : MiddleOfFlat(u);
            if (this.heap[top] > 0)
            {
                heaps.Add((left, top, right));
            }

            left = right;
            u = right > u ? right : u + 1;
        }
    }

    /// <summary>The middle of the columns that are as low as this last one of them.</summary>
    private int MiddleOfFlat(int last)
    {
        int first = last;
        while (first > 0 && this.heap[first - 1] == this.heap[last])
        {
            first--;
        }

        return ((first + last) / 2) + 1;
    }

    /// <summary>
    /// Joins the two neighbours with the shallowest valley, again and again, as long as there are more than wanted or
    /// the valley hardly exists; never two that a deep valley parts.
    /// </summary>
    private void Merge(int wanted)
    {
        while (heaps.Count > 1)
        {
            int shallowest = 0;
            double share = -1;
            for (int i = 0; i + 1 < heaps.Count; i++)
            {
                double found = ShareOf(i);
                (shallowest, share) = found > share ? (i, found) : (shallowest, share);
            }

            if (share < Parted || (share < NotParted && heaps.Count <= wanted))
            {
                return;
            }

            (int left, int top, _) = heaps[shallowest];
            (_, int otherTop, int right) = heaps[shallowest + 1];
            heaps[shallowest] = (left, this.heap[otherTop] > this.heap[top] ? otherTop : top, right);
            heaps.RemoveAt(shallowest + 1);
        }
    }

    /// <summary>Height of the valley after a heap, beside the lower of the two; narrow heaps are no fingers.</summary>
    private double ShareOf(int i)
    {
        double lower = Math.Min(this.heap[heaps[i].Top], this.heap[heaps[i + 1].Top]);
        int valley = heaps[i].Right;
        double height = Math.Min(this.heap[Math.Min(valley, this.heap.Length - 1)], this.heap[valley - 1]);
        return height / lower;
    }
}
