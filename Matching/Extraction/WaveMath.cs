using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction;

/// <summary>Small formulas of waves.</summary>
internal static class WaveMath
{
    /// <summary>The period in pixels of a wave whose phase turns by so many radians a pixel.</summary>
    public static float PeriodOf(double radiansPerPixel) =>
        (float)Math.Clamp(
            Math.Tau / Math.Max(radiansPerPixel, 1e-3), GaborBank.ShortestPeriod, GaborBank.LongestPeriod);

    /// <summary>Arc sine of 0..1 by its series, which suffices below 0.95.</summary>
    public static double Arcsine(double x)
    {
        double q = x * x;
        return x * (1 + (q * ((1.0 / 6) + (q * ((3.0 / 40) + (q * ((15.0 / 336) + (q * (105.0 / 3456)))))))));
    }

    /// <summary>Radians of a complex number.</summary>
    public static double Phase(double imaginary, double real) => Math.Tau * StableMath.Atan2(imaginary, real);

    /// <summary>
    /// The unit vector with half the direction of (c, s): a doubled direction back to a normal.
    /// </summary>
    /// <param name="c">Cosine part of the doubled direction, of any length.</param>
    /// <param name="s">Sine part.</param>
    public static (float X, float Y) HalfDirection(double c, double s)
    {
        double length = Math.Sqrt((c * c) + (s * s));
        if (length < 1e-12)
        {
            return (0, 1);
        }

        double cosine = Math.Clamp(c / length, -1, 1);
        double x = Math.Sqrt((1 + cosine) / 2);
        double y = Math.Sqrt((1 - cosine) / 2);
        return ((float)x, (float)(s < 0 ? -y : y));
    }
}
