using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction;

/// <summary>Gaussian means of values of blocks, in a fixed order of additions.</summary>
internal sealed class GridSmoothing
{
    private float[] between = [];
    private readonly float[] weights;

    /// <param name="sigma">Spread in blocks.</param>
    public GridSmoothing(double sigma)
    {
        Reach = (int)Math.Ceiling(2.5 * sigma);
        this.weights = new float[(2 * Reach) + 1];
        double sum = 0;
        for (int k = -Reach; k <= Reach; k++)
        {
            sum += Weight(k, sigma);
        }

        for (int k = -Reach; k <= Reach; k++)
        {
            this.weights[k + Reach] = (float)(Weight(k, sigma) / sum);
        }
    }

    /// <summary>Blocks to each side.</summary>
    public int Reach { get; }

    /// <summary>Smooths in place; what lies outside the grid counts zero.</summary>
    public void Apply(float[] values, int columns, int rows)
    {
        if (this.between.Length < columns * rows)
        {
            this.between = new float[columns * rows];
        }

        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                float sum = 0;
                int last = Math.Min(Reach, columns - 1 - x);
                for (int k = Math.Max(-Reach, -x); k <= last; k++)
                {
                    sum += values[(y * columns) + x + k] * this.weights[k + Reach];
                }

                this.between[(y * columns) + x] = sum;
            }
        }

        for (int y = 0; y < rows; y++)
        {
            int last = Math.Min(Reach, rows - 1 - y);
            for (int x = 0; x < columns; x++)
            {
                float sum = 0;
                for (int k = Math.Max(-Reach, -y); k <= last; k++)
                {
                    sum += this.between[((y + k) * columns) + x] * this.weights[k + Reach];
                }

                values[(y * columns) + x] = sum;
            }
        }
    }

    private static double Weight(int k, double sigma) => StableMath.Exp(-k * k / (2 * sigma * sigma));
}
