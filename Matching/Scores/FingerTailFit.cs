namespace MatchCluster.Matching.Scores;

/// <summary>By how much comparisons exceed where a tail begins, and what each of them weighs.</summary>
internal sealed record TailSample(double[] Excesses, double[] Weights);

/// <summary>
/// Generalised Pareto tails by maximum likelihood. A tail lighter than exponential would end somewhere, and no data say
/// where: the shape is 0 or more, and above 0 only where the data ask for it.
/// </summary>
internal static class FingerTailFit
{
    private const double HeaviestShape = 0.5;
    private const double LeastScale = 1;
    private const double MostScale = 60_000;
    private const double ShapeStep = 1e-3;
    private const int Rounds = 60;

    /// <summary>
    /// Twice the gain in log-likelihood that a heavier tail must bring: the 5 % point of a chi-squared with one degree
    /// of freedom. Comparisons that share a finger are dependent and gain more by chance, never less.
    /// </summary>
    private const double LeastRatio = 3.84;

    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>
    /// The shape under which all samples together are likeliest, each with its own scale; 0 where that is hardly less
    /// likely.
    /// </summary>
    public static double ShapeOf(IReadOnlyList<TailSample> samples)
    {
        if (Misfit(0) <= Misfit(ShapeStep))
        {
            return 0;
        }

        double low = 0;
        double high = HeaviestShape;
        while (high - low > ShapeStep / 4)
        {
            double a = high - (Golden * (high - low));
            double b = low + (Golden * (high - low));
            (low, high) = Misfit(a) <= Misfit(b) ? (low, b) : (a, high);
        }

        double heavier = (low + high) / 2;
        return 2 * (Misfit(0) - Misfit(heavier)) > LeastRatio ? heavier : 0;

        double Misfit(double shape) => samples.Sum(sample => ScaleOf(sample, shape).Misfit);
    }

    /// <summary>The likeliest scale of a shape, and the negative log-likelihood there.</summary>
    public static (double Scale, double Misfit) ScaleOf(TailSample sample, double shape)
    {
        double all = sample.Weights.Sum();
        if (all == 0)
        {
            return (LeastScale, 0);
        }

        if (shape == 0)
        {
            double sum = 0;
            for (int i = 0; i < sample.Excesses.Length; i++)
            {
                sum += sample.Weights[i] * sample.Excesses[i];
            }

            double mean = Math.Max(sum / all, LeastScale);
            return (mean, (all * Math.Log(mean)) + (sum / mean));
        }

        double low = Math.Log(LeastScale);
        double high = Math.Log(MostScale);
        for (int round = 0; round < Rounds; round++)
        {
            double a = high - (Golden * (high - low));
            double b = low + (Golden * (high - low));
            (low, high) = Misfit(sample, Math.Exp(a), shape) <= Misfit(sample, Math.Exp(b), shape)
                ? (low, b) : (a, high);
        }

        double scale = Math.Exp((low + high) / 2);
        return (scale, Misfit(sample, scale, shape));
    }

    private static double Misfit(TailSample sample, double scale, double shape)
    {
        double sum = 0;
        for (int i = 0; i < sample.Excesses.Length; i++)
        {
            sum += sample.Weights[i] * (Math.Log(scale)
                + (((1 / shape) + 1) * Math.Log(1 + (shape * sample.Excesses[i] / scale))));
        }

        return sum;
    }
}
