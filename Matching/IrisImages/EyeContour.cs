namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// A closed contour around a centre: its radius is a short Fourier series of the angle, counter-clockwise
/// from three o'clock. Lengths in pixels of the picture.
/// </summary>
/// <param name="CentreX">Column of the centre.</param>
/// <param name="CentreY">Row of the centre.</param>
/// <param name="Series">The mean radius, then cosine and sine amplitude of each order.</param>
public sealed record EyeContour(double CentreX, double CentreY, IReadOnlyList<double> Series)
{
    /// <summary>The mean radius.</summary>
    public double Radius => Series[0];

    /// <summary>The middle of the contour: its centre, moved by the amplitudes of the first order.</summary>
    public double MiddleX => CentreX + (Series.Count > 2 ? Series[1] : 0);

    /// <summary>The middle of the contour; rows count downwards.</summary>
    public double MiddleY => CentreY - (Series.Count > 2 ? Series[2] : 0);

    internal static EyeContour Circle(double x, double y, double radius) => new(x, y, [radius]);

    /// <summary>The radius at each step of a turn.</summary>
    internal double[] Radii(Turn turn)
    {
        double[] radii = new double[turn.Steps];
        for (int i = 0; i < radii.Length; i++)
        {
            double radius = Series[0];
            for (int k = 1; 2 * k < Series.Count; k++)
            {
                int at = i * k % turn.Steps;
                radius += (Series[(2 * k) - 1] * turn.Cos[at]) + (Series[2 * k] * turn.Sin[at]);
            }

            radii[i] = radius;
        }

        return radii;
    }

    /// <summary>
    /// The series that fits weighted radii best. Each amplitude has a <paramref name="calm"/>, which times
    /// the sum of the weights is added to its diagonal element: where little was seen the contour stays a
    /// circle around its centre.
    /// </summary>
    internal static EyeContour Fit(
        double x, double y, Turn turn, ReadOnlySpan<double> radii, ReadOnlySpan<double> weights,
        ReadOnlySpan<double> calm)
    {
        int order = calm.Length / 2;
        int n = (2 * order) + 1;
        double[,] a = new double[n, n + 1];
        double[] basis = new double[n];
        double total = 0;
        for (int i = 0; i < radii.Length; i++)
        {
            if (weights[i] <= 0)
            {
                continue;
            }

            basis[0] = 1;
            for (int k = 1; k <= order; k++)
            {
                int at = i * k % turn.Steps;
                basis[(2 * k) - 1] = turn.Cos[at];
                basis[2 * k] = turn.Sin[at];
            }

            total += weights[i];
            for (int r = 0; r < n; r++)
            {
                double weighted = weights[i] * basis[r];
                for (int c = r; c < n; c++)
                {
                    a[r, c] += weighted * basis[c];
                }

                a[r, n] += weighted * radii[i];
            }
        }

        for (int r = 0; r < n; r++)
        {
            a[r, r] += (r == 0 ? 0 : total * calm[r - 1]) + 1e-9;
            for (int c = 0; c < r; c++)
            {
                a[r, c] = a[c, r];
            }
        }

        return new EyeContour(x, y, Solve(a, n));
    }

    /// <summary>Elimination without exchange of rows: the matrix is symmetric and positive.</summary>
    private static double[] Solve(double[,] a, int n)
    {
        for (int p = 0; p < n; p++)
        {
            for (int r = p + 1; r < n; r++)
            {
                double factor = a[r, p] / a[p, p];
                for (int c = p; c <= n; c++)
                {
                    a[r, c] -= factor * a[p, c];
                }
            }
        }

        double[] solution = new double[n];
        for (int r = n - 1; r >= 0; r--)
        {
            double sum = a[r, n];
            for (int c = r + 1; c < n; c++)
            {
                sum -= a[r, c] * solution[c];
            }

            solution[r] = sum / a[r, r];
        }

        return solution;
    }
}
