namespace MatchCluster.Matching.Irises;

/// <summary>
/// The logarithm of the lower tail of a binomial of N fair tosses, N and the bound being real numbers: the
/// regularised incomplete beta function I(1/2; N (1-h) + 1/2, N h + 1/2). With the usual correction for
/// continuity, P(X &lt;= k) stands at h = (k + 1/2) / N, exactly, and the curve is 1/2 at h = 1/2. In
/// logarithms throughout: nothing underflows, however far the tail.
/// </summary>
internal static class IrisCalibrationTail
{
    private const int MostTerms = 500;
    private const double Precision = 1e-15;

    /// <summary>
    /// ln P(X &lt;= N h - 1/2), for 0 &lt;= h &lt;= 0.5 and N &gt;= 1; error of the tail below 1e-9 of it.
    /// </summary>
    internal static double LogBelow(double h, double n)
    {
        double a = (n * (1 - h)) + 0.5;
        double b = (n * h) + 0.5;
        double logBeta = LogGamma(a) + LogGamma(b) - LogGamma(a + b);
        return Math.Log(Fraction(a, b)) - logBeta - ((a + b) * Math.Log(2)) - Math.Log(a);
    }

    /// <summary>
    /// The continued fraction of I(1/2; a, b) a 2^(a+b) B(a, b) by Lentz's way (W. J. Lentz, Applied Optics
    /// 15, 1976; the coefficients are DLMF 8.17.22). It converges in about sqrt(max(a, b)) terms for 1/2
    /// below (a+1)/(a+b+2), which holds for h up to 0.5.
    /// </summary>
    private static double Fraction(double a, double b)
    {
        const double Tiny = 1e-300;
        double c = 1;
        double d = 1 / NotZero(1 - ((a + b) / (a + 1) / 2));
        double value = d;
        for (int m = 1; m <= MostTerms; m++)
        {
            double even = m * (b - m) / ((a + (2 * m) - 1) * (a + (2 * m))) / 2;
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            value *= d * c;
            double odd = -(a + m) * (a + b + m) / ((a + (2 * m)) * (a + (2 * m) + 1)) / 2;
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            value *= d * c;
            if (Math.Abs((d * c) - 1) < Precision)
            {
                return value;
            }
        }

        throw new ArithmeticException($"the tail of a binomial with {a + b - 1} tosses did not converge");

        static double NotZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;
    }

    /// <summary>
    /// ln Gamma(x), x &gt;= 0.5: Stirling's series at x + 8 with the recurrence down; error below 1e-14
    /// relative (DLMF 5.11.1 and 5.5.1).
    /// </summary>
    private static double LogGamma(double x)
    {
        double product = 1;
        for (int i = 0; i < 8; i++)
        {
            product *= x + i;
        }

        double y = x + 8;
        double inverse = 1 / y;
        double square = inverse * inverse;
        double series = (1.0 / 1680) - (square / 1188);
        series = (1.0 / 1260) - (square * series);
        series = (1.0 / 360) - (square * series);
        series = inverse * ((1.0 / 12) - (square * series));
        return ((y - 0.5) * Math.Log(y)) - y + (0.5 * Math.Log(2 * Math.PI)) + series - Math.Log(product);
    }
}
