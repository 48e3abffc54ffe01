using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction;

/// <summary>Gabor filters for every direction and period of ridges, made once.</summary>
internal sealed class GaborBank
{
    /// <summary>Directions of half a turn.</summary>
    public const int Directions = 32;

    /// <summary>Shortest and longest period of ridges in pixels at 500 ppi.</summary>
    public const float ShortestPeriod = 5;

    public const float LongestPeriod = 16;

    /// <summary>Each period is so many times the one before.</summary>
    private const double Ratio = 1.1;

    private readonly GaborKernel[] kernels;
    private readonly float[] periods;

    /// <param name="across">Spread of the Gaussian along the normal, in periods.</param>
    /// <param name="along">Spread along the ridges, in periods.</param>
    public GaborBank(double across, double along)
    {
        List<float> all = [];
        for (double period = ShortestPeriod; period < LongestPeriod * Ratio; period *= Ratio)
        {
            all.Add((float)period);
        }

        this.periods = [.. all];
        this.kernels = new GaborKernel[this.periods.Length * Directions];
        for (int i = 0; i < this.kernels.Length; i++)
        {
            double period = this.periods[i / Directions];
            this.kernels[i] = GaborKernel.Of(
                0.5 * (i % Directions) / Directions, period, across * period, along * period);
        }
    }

    /// <summary>The filters nearest to a wave.</summary>
    /// <param name="normalX">x of the normal.</param>
    /// <param name="normalY">y (down) of the normal.</param>
    /// <param name="period">Pixels.</param>
    /// <param name="isTurned">Whether the filters' own normal points the other way.</param>
    public GaborKernel Nearest(float normalX, float normalY, float period, out bool isTurned)
    {
        double turns = StableMath.Atan2(normalY, normalX);
        int step = (int)Math.Round(turns * 2 * Directions);
        isTurned = ((step % (2 * Directions)) + (2 * Directions)) % (2 * Directions) >= Directions;
        int direction = ((step % Directions) + Directions) % Directions;
        int row = 0;
        while (row < this.periods.Length - 1 && this.periods[row] * 1.049f < period)
        {
            row++;
        }

        return this.kernels[(row * Directions) + direction];
    }
}
