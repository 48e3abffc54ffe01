namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// The few transcendental functions synthesis needs, made of additions, products, quotients and roundings
/// that IEEE 754 defines to the last bit. The platform's own sine or exponential may differ in that bit
/// between operating systems, and a person must be the same everywhere. Angles are in turns.
/// </summary>
internal static class StableMath
{
    /// <summary>
    /// Sine of an angle in turns; error below 1e-9 (Taylor series to the 13th power on a quarter turn).
    /// </summary>
    public static double Sin(double turns)
    {
        double r = turns - Math.Round(turns);
        if (r > 0.25)
        {
            r = 0.5 - r;
        }
        else if (r < -0.25)
        {
            r = -0.5 - r;
        }

        double x = r * Math.Tau;
        double q = x * x;
        double tail = (1.0 / 362880) - (q * (1.0 / 39916800)) + (q * q * (1.0 / 6227020800));
        return x * (1 - (q * ((1.0 / 6) - (q * ((1.0 / 120) - (q * ((1.0 / 5040) - (q * tail))))))));
    }

    /// <summary>Cosine of an angle in turns; error as <see cref="Sin"/>.</summary>
    public static double Cos(double turns) => Sin(turns + 0.25);

    /// <summary>
    /// Direction of (x, y) in turns, in (-0.5, 0.5]; 0 for the origin. Error below 2e-6 turns: the
    /// ninth-degree polynomial of Abramowitz and Stegun 4.4.47 on the first octant.
    /// </summary>
    public static double Atan2(double y, double x)
    {
        double ax = Math.Abs(x);
        double ay = Math.Abs(y);
        double larger = Math.Max(ax, ay);
        if (larger == 0)
        {
            return 0;
        }

        double t = Math.Min(ax, ay) / larger;
        double q = t * t;
        double poly = 0.1801410 + (q * (-0.0851330 + (q * 0.0208351)));
        poly = 0.9998660 + (q * (-0.3302995 + (q * poly)));
        double turns = t * poly * (1 / Math.Tau);
        if (ay > ax)
        {
            turns = 0.25 - turns;
        }

        if (x < 0)
        {
            turns = 0.5 - turns;
        }

        return y < 0 ? -turns : turns;
    }

    /// <summary>e to the <paramref name="x"/>, for |x| up to 10; relative error below 1e-6.</summary>
    public static double Exp(double x)
    {
        double y = x * (1.0 / 256);
        double e = 1 + (y * (1 + (y * (0.5 + (y * ((1.0 / 6) + (y * (1.0 / 24))))))));
        for (int i = 0; i < 8; i++)
        {
            e *= e;
        }

        return e;
    }
}
