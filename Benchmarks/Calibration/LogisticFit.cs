namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// Logistic regression by Newton's method: both classes have equal weight however many there are, features
/// are brought to one scale first, and a small ridge keeps separable data finite.
/// </summary>
internal static class LogisticFit
{
    private const double Ridge = 1e-4;
    private const int MaxRounds = 25;

    /// <summary>Intercept, then one weight per feature, on the features' own scale.</summary>
    /// <exception cref="ArgumentException">One of the classes is empty.</exception>
    public static double[] Fit(
        IReadOnlyList<(double[] Features, bool IsMated)> data, double ridge = Ridge)
    {
        int mated = data.Count(d => d.IsMated);
        if (mated == 0 || mated == data.Count)
        {
            throw new ArgumentException($"found {mated} mated of {data.Count} comparisons, wanted both kinds");
        }

        int size = data[0].Features.Length;
        double[] mean = [.. Enumerable.Range(0, size).Select(k => data.Average(d => d.Features[k]))];
        double[] spread =
        [
            .. Enumerable.Range(0, size).Select(
                k => Math.Sqrt(data.Average(d => Math.Pow(d.Features[k] - mean[k], 2))) + 1e-9),
        ];
        double[][] scaled =
            [.. data.Select(d => (double[])[1, .. d.Features.Select((v, k) => (v - mean[k]) / spread[k])])];
        double[] importance = [.. data.Select(d => 0.5 / (d.IsMated ? mated : data.Count - mated))];
        double[] weights = new double[size + 1];
        for (int round = 0; round < MaxRounds; round++)
        {
            double[] step = Step(scaled, importance, data, weights, ridge);
            for (int k = 0; k < weights.Length; k++)
            {
                weights[k] += step[k];
            }

            if (step.Max(Math.Abs) < 1e-6)
            {
                break;
            }
        }

        double[] own = [weights[0], .. Enumerable.Range(0, size).Select(k => weights[k + 1] / spread[k])];
        own[0] -= Enumerable.Range(0, size).Sum(k => own[k + 1] * mean[k]);
        return own;
    }

    private static double[] Step(
        double[][] scaled, double[] importance, IReadOnlyList<(double[] Features, bool IsMated)> data,
        double[] weights, double ridge)
    {
        int size = weights.Length;
        double[] gradient = new double[size];
        double[,] hessian = new double[size, size];
        for (int n = 0; n < scaled.Length; n++)
        {
            double[] x = scaled[n];
            double p = 1 / (1 + Math.Exp(-x.Zip(weights, (a, b) => a * b).Sum()));
            double error = (data[n].IsMated ? 1 : 0) - p;
            for (int i = 0; i < size; i++)
            {
                gradient[i] += importance[n] * error * x[i];
                for (int j = 0; j < size; j++)
                {
                    hessian[i, j] += importance[n] * p * (1 - p) * x[i] * x[j];
                }
            }
        }

        for (int i = 0; i < size; i++)
        {
            gradient[i] -= i == 0 ? 0 : ridge * weights[i];
            hessian[i, i] += i == 0 ? 1e-9 : ridge;
        }

        return Solve(hessian, gradient);
    }

    /// <summary>Gauss elimination of a positive definite system, in place.</summary>
    private static double[] Solve(double[,] matrix, double[] right)
    {
        int size = right.Length;
        for (int i = 0; i < size; i++)
        {
            for (int r = i + 1; r < size; r++)
            {
                double share = matrix[r, i] / matrix[i, i];
                for (int c = i; c < size; c++)
                {
                    matrix[r, c] -= share * matrix[i, c];
                }

                right[r] -= share * right[i];
            }
        }

        for (int i = size - 1; i >= 0; i--)
        {
            for (int c = i + 1; c < size; c++)
            {
                right[i] -= matrix[i, c] * right[c];
            }

            right[i] /= matrix[i, i];
        }

        return right;
    }
}
