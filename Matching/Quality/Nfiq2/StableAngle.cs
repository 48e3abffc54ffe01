namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The direction of a point by operations that IEEE 754 defines to the last bit: the platform's own arc tangent may
/// differ in that bit between machines.
/// </summary>
internal static class StableAngle
{
    /// <summary>Radians, above -pi and up to pi; 0 for the origin. Error below 1e-15.</summary>
    public static double Of(double y, double x)
    {
        double ax = Math.Abs(x);
        double ay = Math.Abs(y);
        double larger = Math.Max(ax, ay);
        if (larger == 0)
        {
            return 0;
        }

        double angle = FirstOctant(Math.Min(ax, ay) / larger);
        angle = ay > ax ? (Math.PI / 2) - angle : angle;
        angle = x < 0 ? Math.PI - angle : angle;
        return y < 0 ? -angle : angle;
    }

    /// <summary>Arc tangent of 0..1: the angle is halved twice, then its Taylor series is taken to the 21st power.
    /// </summary>
    private static double FirstOctant(double t)
    {
        double half = t / (1 + Math.Sqrt(1 + (t * t)));
        double quarter = half / (1 + Math.Sqrt(1 + (half * half)));
        double q = quarter * quarter;
        double sum = 0;
        for (int power = 21; power >= 1; power -= 2)
        {
            sum = (1.0 / power) - (q * sum);
        }

        return 4 * quarter * sum;
    }
}
