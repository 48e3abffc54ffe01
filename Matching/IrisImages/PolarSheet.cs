namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// The picture along rays from a centre: ray a, sample k lies at radius First + k Step. Values are in
/// sixteenths of a grey value; -1 where the ray has left the picture.
/// </summary>
internal sealed class PolarSheet
{
    private PolarSheet(double x, double y, Turn turn, double first, double step, int samples, int[] values)
    {
        (CentreX, CentreY, Turn, First, Step, Samples, Values) = (x, y, turn, first, step, samples, values);
    }

    public double CentreX { get; }

    public double CentreY { get; }

    public Turn Turn { get; }

    public double First { get; }

    public double Step { get; }

    public int Samples { get; }

    public int[] Values { get; }

    public int Rays => Turn.Steps;

    public static PolarSheet Read(
        EyeLevels levels, double x, double y, Turn turn, double first, double step, int samples)
    {
        GrayPlane plane = levels.ForStep(step);
        int[] values = new int[turn.Steps * samples];
        for (int ray = 0; ray < turn.Steps; ray++)
        {
            for (int k = 0; k < samples; k++)
            {
                double radius = first + (k * step);
                values[(ray * samples) + k] =
                    plane.Sample(x + (radius * turn.Cos[ray]), y - (radius * turn.Sin[ray]));
            }
        }

        return new PolarSheet(x, y, turn, first, step, samples, values);
    }

    /// <summary>Samples of a ray before it leaves the picture.</summary>
    public int SeenOf(int ray)
    {
        int seen = Values.AsSpan(ray * Samples, Samples).IndexOf(-1);
        return seen < 0 ? Samples : seen;
    }

    public double RadiusAt(double sample) => First + (sample * Step);

    /// <summary>
    /// How much brighter the next <paramref name="reach"/> samples of a ray are than the ones before, in
    /// sixteenths; summed over a window of <paramref name="spread"/> rays to either side. 0 where a side is
    /// outside the picture.
    /// </summary>
    public int[] Gradient(int reach, int spread)
    {
        int[] single = new int[Values.Length];
        int[] sums = new int[Samples + 1];
        for (int ray = 0; ray < Rays; ray++)
        {
            ReadOnlySpan<int> values = Values.AsSpan(ray * Samples, Samples);
            int seen = SeenOf(ray);
            for (int k = 0; k < seen; k++)
            {
                sums[k + 1] = sums[k] + values[k];
            }

            for (int k = reach; k + reach <= seen; k++)
            {
                single[(ray * Samples) + k] = (sums[k + reach] - (2 * sums[k]) + sums[k - reach]) / reach;
            }
        }

        return spread == 0 ? single : Smoothed(single, spread);
    }

    private int[] Smoothed(int[] single, int spread)
    {
        int[] smooth = new int[single.Length];
        int[] sum = new int[Samples];
        for (int ray = -spread; ray < spread; ray++)
        {
            Add(single, ray, sum, 1);
        }

        for (int ray = 0; ray < Rays; ray++)
        {
            Add(single, ray + spread, sum, 1);
            for (int k = 0; k < Samples; k++)
            {
                smooth[(ray * Samples) + k] = sum[k] / ((2 * spread) + 1);
            }

            Add(single, ray - spread, sum, -1);
        }

        return smooth;
    }

    private void Add(int[] from, int ray, int[] sum, int sign)
    {
        ReadOnlySpan<int> values = from.AsSpan(((ray + Rays) % Rays) * Samples, Samples);
        for (int k = 0; k < values.Length; k++)
        {
            sum[k] += sign * values[k];
        }
    }
}
