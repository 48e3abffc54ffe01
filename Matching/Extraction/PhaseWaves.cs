namespace MatchCluster.Matching.Extraction;

/// <summary>
/// The second look at the ridges: how the phase of the filtered ridges turns along x and y is the wave
/// itself. Blocks weigh by their amplitude, so that clear ridges lead where others are blurred.
/// </summary>
/// <param name="directionSigma">Spread of the mean of directions, blocks.</param>
/// <param name="periodSigma">Spread of the mean of periods, blocks.</param>
internal sealed class PhaseWaves(double directionSigma, double periodSigma)
{
    private readonly GridSmoothing directions = new(directionSigma);
    private readonly GridSmoothing periods = new(periodSigma);
    private readonly GridSmoothing nearby = new(1);
    private float[] cosine = [];
    private float[] sine = [];
    private float[] weight = [];
    private float[] turning = [];
    private float[] turningWeight = [];
    private float[] power = [];
    private float[] deviation = [];

    /// <param name="picture">The normalised picture.</param>
    /// <param name="waves">What the filters of the grid's waves made of it.</param>
    /// <param name="grid">Takes better waves, and what they explain of the picture.</param>
    public void Estimate(PaddedPlane picture, RidgeWaves waves, RidgeGrid grid)
    {
        Resize(grid.Count);
        for (int block = 0; block < grid.Count; block++)
        {
            Measure(picture, waves, grid, block);
        }

        directions.Apply(this.cosine, grid.Columns, grid.Rows);
        directions.Apply(this.sine, grid.Columns, grid.Rows);
        directions.Apply(this.weight, grid.Columns, grid.Rows);
        periods.Apply(this.turning, grid.Columns, grid.Rows);
        periods.Apply(this.turningWeight, grid.Columns, grid.Rows);
        nearby.Apply(grid.Explained, grid.Columns, grid.Rows);
        nearby.Apply(this.power, grid.Columns, grid.Rows);
        nearby.Apply(this.deviation, grid.Columns, grid.Rows);
        for (int i = 0; i < grid.Count; i++)
        {
            (grid.NormalX[i], grid.NormalY[i]) = WaveMath.HalfDirection(this.cosine[i], this.sine[i]);
            float length = MathF.Sqrt((this.cosine[i] * this.cosine[i]) + (this.sine[i] * this.sine[i]));
            grid.Coherence[i] = length / (this.weight[i] + 1e-6f);
            grid.Period[i] = WaveMath.PeriodOf(this.turning[i] / (this.turningWeight[i] + 1e-9));
            grid.Explained[i] /= (2 * this.power[i]) + 1e-3f;
            grid.Fullness[i] = this.deviation[i] * this.deviation[i]
                / ((this.power[i] * RidgeGrid.Block * RidgeGrid.Block) + 1e-3f);
        }
    }

    private void Measure(PaddedPlane picture, RidgeWaves waves, RidgeGrid grid, int block)
    {
        Sums sums = grid.Inside[block]
            ? Sums.Of(picture, waves, block % grid.Columns * RidgeGrid.Block, block / grid.Columns * RidgeGrid.Block)
            : default;
        double kx = WaveMath.Phase(sums.ImaginaryX, sums.RealX);
        double ky = WaveMath.Phase(sums.ImaginaryY, sums.RealY);
        double square = (kx * kx) + (ky * ky) + 1e-9;

        // Amplitudes, not powers: a smudge must not outvote its neighbours.
        float amplitude = MathF.Sqrt(sums.Explained);
        this.cosine[block] = (float)(amplitude * ((kx * kx) - (ky * ky)) / square);
        this.sine[block] = (float)(amplitude * 2 * kx * ky / square);
        this.weight[block] = amplitude;
        this.turning[block] = (float)(amplitude * Math.Sqrt(square));
        this.turningWeight[block] = amplitude;
        this.power[block] = sums.Power;
        this.deviation[block] = sums.Deviation;
        grid.Explained[block] = sums.Explained;
    }

    private void Resize(int count)
    {
        if (this.cosine.Length < count)
        {
            this.cosine = new float[count];
            this.sine = new float[count];
            this.weight = new float[count];
            this.turning = new float[count];
            this.turningWeight = new float[count];
            this.power = new float[count];
            this.deviation = new float[count];
        }
    }

    /// <summary>Sums over the pixels of one block.</summary>
    private struct Sums
    {
        /// <summary>Squares of the picture, and its absolute values.</summary>
        public float Power;
        public float Deviation;

        /// <summary>Squares of the wave's amplitude.</summary>
        public float Explained;

        /// <summary>Each pixel's wave times the conjugate of its left neighbour's.</summary>
        public float RealX;
        public float ImaginaryX;

        /// <summary>Each pixel's wave times the conjugate of its upper neighbour's.</summary>
        public float RealY;
        public float ImaginaryY;

        public static Sums Of(PaddedPlane picture, RidgeWaves waves, int left, int top)
        {
            Sums sums = default;
            for (int y = 0; y < RidgeGrid.Block; y++)
            {
                int at = picture.At(left, top + y);
                ReadOnlySpan<float> row = picture.Values.AsSpan(at, RidgeGrid.Block);
                ReadOnlySpan<float> even = waves.Even.Values.AsSpan(at, RidgeGrid.Block);
                ReadOnlySpan<float> odd = waves.Odd.Values.AsSpan(at, RidgeGrid.Block);
                ReadOnlySpan<float> evenBelow = waves.Even.Values.AsSpan(at + picture.Stride, RidgeGrid.Block);
                ReadOnlySpan<float> oddBelow = waves.Odd.Values.AsSpan(at + picture.Stride, RidgeGrid.Block);
                for (int x = 0; x < RidgeGrid.Block; x++)
                {
                    float e = even[x];
                    float o = odd[x];
                    sums.Power += row[x] * row[x];
                    sums.Deviation += Math.Abs(row[x]);
                    sums.Explained += (e * e) + (o * o);
                    if (x < RidgeGrid.Block - 1)
                    {
                        sums.RealX += (e * even[x + 1]) + (o * odd[x + 1]);
                        sums.ImaginaryX += (e * odd[x + 1]) - (o * even[x + 1]);
                    }

                    // The next block's filters would be others.
                    if (y < RidgeGrid.Block - 1)
                    {
                        sums.RealY += (e * evenBelow[x]) + (o * oddBelow[x]);
                        sums.ImaginaryY += (e * oddBelow[x]) - (o * evenBelow[x]);
                    }
                }
            }

            return sums;
        }
    }
}
