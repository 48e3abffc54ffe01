using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Extraction;

/// <summary>
/// The first look at the ridges: the structure tensor of the gradients (Bigun and Granlund 1987) says which
/// way they run, and its trace beside the power of the picture how close they lie, for the gradient of a wave
/// is its own amplitude times its frequency.
/// </summary>
internal sealed class GradientWaves
{
    private readonly GridSmoothing near = new(1.6);
    private readonly GridSmoothing far = new(3.2);
    private float[] xx = [];
    private float[] xy = [];
    private float[] yy = [];
    private float[] power = [];

    /// <param name="smooth">The normalised picture, lightly smoothed.</param>
    /// <param name="grid">Takes normals, periods and coherence.</param>
    public void Estimate(PaddedPlane smooth, RidgeGrid grid)
    {
        if (this.xx.Length < grid.Count)
        {
            this.xx = new float[grid.Count];
            this.xy = new float[grid.Count];
            this.yy = new float[grid.Count];
            this.power = new float[grid.Count];
        }

        for (int row = 0; row < grid.Rows; row++)
        {
            for (int column = 0; column < grid.Columns; column++)
            {
                Sum(smooth, column, row, (row * grid.Columns) + column);
            }
        }

        near.Apply(this.xx, grid.Columns, grid.Rows);
        near.Apply(this.xy, grid.Columns, grid.Rows);
        near.Apply(this.yy, grid.Columns, grid.Rows);
        for (int i = 0; i < grid.Count; i++)
        {
            double c = this.xx[i] - this.yy[i];
            double s = 2 * this.xy[i];
            double trace = this.xx[i] + this.yy[i];
            (grid.NormalX[i], grid.NormalY[i]) = WaveMath.HalfDirection(c, s);
            grid.Coherence[i] = (float)(Math.Sqrt((c * c) + (s * s)) / (trace + 1e-6));
        }

        near.Apply(this.power, grid.Columns, grid.Rows);
        far.Apply(this.power, grid.Columns, grid.Rows);
        far.Apply(this.xx, grid.Columns, grid.Rows);
        far.Apply(this.yy, grid.Columns, grid.Rows);
        for (int i = 0; i < grid.Count; i++)
        {
            double steepness = Math.Sqrt((this.xx[i] + this.yy[i]) / (this.power[i] + 1e-6));
            grid.Period[i] = WaveMath.PeriodOf(WaveMath.Arcsine(Math.Min(steepness, 0.95)));
        }
    }

    private void Sum(PaddedPlane smooth, int column, int row, int at)
    {
        Vector256<float> sumXx = default;
        Vector256<float> sumXy = default;
        Vector256<float> sumYy = default;
        Vector256<float> sumPower = default;
        var half = Vector256.Create(0.5f);
        for (int y = 0; y < RidgeGrid.Block; y++)
        {
            int i = smooth.At(column * RidgeGrid.Block, (row * RidgeGrid.Block) + y);
            var value = Vector256.Create(smooth.Values, i);
            Vector256<float> dx =
                (Vector256.Create(smooth.Values, i + 1) - Vector256.Create(smooth.Values, i - 1)) * half;
            Vector256<float> dy =
                (Vector256.Create(smooth.Values, i + smooth.Stride)
                    - Vector256.Create(smooth.Values, i - smooth.Stride)) * half;
            sumXx += dx * dx;
            sumXy += dx * dy;
            sumYy += dy * dy;
            sumPower += value * value;
        }

        this.xx[at] = Total(sumXx);
        this.xy[at] = Total(sumXy);
        this.yy[at] = Total(sumYy);
        this.power[at] = Total(sumPower);
    }

    /// <summary>The eight lanes added one after the other.</summary>
    internal static float Total(Vector256<float> lanes)
    {
        float sum = 0;
        for (int i = 0; i < Vector256<float>.Count; i++)
        {
            sum += lanes.GetElement(i);
        }

        return sum;
    }
}
