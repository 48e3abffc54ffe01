using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction;

/// <summary>
/// One pair of Gabor filters: the even and the odd part of a wave of one normal and one period under a
/// Gaussian. A wave of that kind with amplitude A answers A cos and A sin of its phase. The even part has no
/// mean.
/// </summary>
internal sealed class GaborKernel
{
    private GaborKernel(int reach, int[] widths, float centre, float[] taps)
    {
        Reach = reach;
        Widths = widths;
        Centre = centre;
        Taps = taps;
    }

    /// <summary>Rows above and below the middle.</summary>
    public int Reach { get; }

    /// <summary>How far the filter reaches left and right in each row from the middle down.</summary>
    public int[] Widths { get; }

    /// <summary>Even value of the middle; the odd one is zero.</summary>
    public float Centre { get; }

    /// <summary>
    /// Even and odd value of each place after the middle: right of it in the middle row, then whole rows
    /// below. The opposite places have the same even value and the negative odd one.
    /// </summary>
    public float[] Taps { get; }

    /// <param name="turns">Direction of the normal in turns, from x to y (down).</param>
    /// <param name="period">Pixels.</param>
    /// <param name="across">Spread of the Gaussian along the normal, pixels.</param>
    /// <param name="along">Spread along the ridges, pixels.</param>
    public static GaborKernel Of(double turns, double period, double across, double along)
    {
        const double Extent = 2.4;
        double nx = StableMath.Cos(turns);
        double ny = StableMath.Sin(turns);
        int reach = Math.Min((int)Math.Round(Extent * Math.Max(across, along)), PaddedPlane.Margin - 8);
        List<int> widths = [];
        List<(double Envelope, double Even, double Odd)> places = [];
        for (int y = 0; y <= reach; y++)
        {
            int width = 0;
            while (width < reach && Envelope(width + 1, y) + Envelope(-width - 1, y) > 0.056)
            {
                width++;
            }

            widths.Add(width);
            for (int x = y == 0 ? 0 : -width; x <= width; x++)
            {
                double phase = ((x * nx) + (y * ny)) / period;
                double envelope = Envelope(x, y);
                places.Add((envelope, envelope * StableMath.Cos(phase), envelope * StableMath.Sin(phase)));
            }
        }

        // Every place but the middle stands for two.
        double envelopes = (2 * places.Sum(p => p.Envelope)) - places[0].Envelope;
        double evens = (2 * places.Sum(p => p.Even)) - places[0].Even;
        double mean = evens / envelopes;
        double evenGain = -(places[0].Even - (mean * places[0].Envelope));
        double oddGain = 0;
        foreach ((double envelope, double even, double odd) in places)
        {
            double cosine = even / envelope;
            double sine = odd / envelope;
            evenGain += 2 * (even - (mean * envelope)) * cosine;
            oddGain += 2 * odd * sine;
        }

        float[] taps =
        [
            .. places.Skip(1).SelectMany(p => (float[])
                [(float)((p.Even - (mean * p.Envelope)) / evenGain), (float)(p.Odd / oddGain)]),
        ];
        return new GaborKernel(
            reach, [.. widths], (float)((places[0].Even - (mean * places[0].Envelope)) / evenGain), taps);

        double Envelope(int x, int y)
        {
            double u = ((x * nx) + (y * ny)) / across;
            double v = ((y * nx) - (x * ny)) / along;
            double q = 0.5 * ((u * u) + (v * v));
            return q < 8 ? StableMath.Exp(-q) : 0;
        }
    }
}
