using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// A Gaussian random field over rows (radius) and columns (angle, cyclic), with a margin of repeated columns
/// on both sides so that a filter need not wrap around.
/// </summary>
internal sealed class IrisTexture(IrisShape shape, int reach)
{
    private readonly float[] values = new float[shape.Rows * shape.Columns];
    private readonly float[] padded = new float[shape.Columns + (2 * reach)];

    /// <summary>Adds white noise of the given sigma.</summary>
    public void Add(ulong seed, double sigma)
    {
        var random = new StableRandom(seed);
        float scale = (float)sigma;
        foreach (ref float value in this.values.AsSpan())
        {
            value += scale * (float)random.Gaussian();
        }
    }

    /// <summary>
    /// Makes neighbours along the radius alike: each row is the row inside it, faded, and something new (a
    /// stationary autoregression; correlation falls to 1/e over <paramref name="length"/> widths of the iris
    /// ring).
    /// </summary>
    public void SmoothAlongRadius(double length)
    {
        double kept = StableMath.Exp(-1 / (length * shape.Rows));
        float keep = (float)kept;
        float fresh = (float)Math.Sqrt(1 - (kept * kept));
        for (int i = shape.Columns; i < this.values.Length; i++)
        {
            this.values[i] = (keep * this.values[i - shape.Columns]) + (fresh * this.values[i]);
        }
    }

    /// <summary>
    /// A row that begins a filter's reach of columns early, with the eye turned by whole columns.
    /// </summary>
    public ReadOnlySpan<float> PaddedRow(int row, int columnsTurned)
    {
        int columns = shape.Columns;
        ReadOnlySpan<float> values = this.values.AsSpan(row * columns, columns);
        int from = (int)((((long)-reach - columnsTurned) % columns) + columns) % columns;
        for (int i = 0; i < padded.Length; i++)
        {
            padded[i] = values[from];
            from = from + 1 == columns ? 0 : from + 1;
        }

        return padded;
    }
}
