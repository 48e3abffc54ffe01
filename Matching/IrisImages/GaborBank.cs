using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// A two-dimensional Gabor filter along the angle as two integer filters: a Gaussian along the radius, then
/// cosine and sine under a Gaussian along the angle, without a mean. Sizes are in pixels of the unrolled
/// iris.
/// </summary>
internal sealed class GaborBank
{
    /// <summary>Taps are multiples of 1 / 4096.</summary>
    private const int One = 4096;

    /// <param name="reach">Columns to each side.</param>
    /// <param name="sigma">Standard deviation along the angle.</param>
    /// <param name="wavelength">Columns of a wave.</param>
    public GaborBank(int reach, double sigma, double wavelength)
    {
        Reach = reach;
        int n = (2 * reach) + 1;
        double[] envelope = new double[n];
        double[] even = new double[n];
        double mean = 0;
        double sum = 0;
        for (int k = -reach; k <= reach; k++)
        {
            envelope[k + reach] = StableMath.Exp(-k * k / (2 * sigma * sigma));
            even[k + reach] = envelope[k + reach] * StableMath.Cos(k / wavelength);
            mean += even[k + reach];
            sum += envelope[k + reach];
        }

        Even = new int[n];
        Odd = new int[n];
        Weight = new int[n];
        int rest = 0;
        for (int k = -reach; k <= reach; k++)
        {
            int i = k + reach;
            Even[i] = (int)Math.Round(One * (even[i] - (envelope[i] * mean / sum)));
            Odd[i] = (int)Math.Round(One * envelope[i] * StableMath.Sin(k / wavelength));
            Weight[i] = (int)Math.Round(One * envelope[i]);
            rest += Even[i];
        }

        Even[reach] -= rest;
    }

    public int Reach { get; }

    public int[] Even { get; }

    public int[] Odd { get; }

    /// <summary>How much a column counts for the mask.</summary>
    public int[] Weight { get; }

    /// <summary>The Gaussian along the radius, as multiples of 1 / 256.</summary>
    public static int[] AlongRadius(int reach, double sigma)
    {
        int[] taps = new int[(2 * reach) + 1];
        for (int k = -reach; k <= reach; k++)
        {
            taps[k + reach] = (int)Math.Round(256 * StableMath.Exp(-k * k / (2 * sigma * sigma)));
        }

        return taps;
    }
}
