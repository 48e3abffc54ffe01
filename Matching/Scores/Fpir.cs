namespace MatchCluster.Matching.Scores;

/// <summary>
/// What a score means in a gallery of N identities: FPIR(N) = 1-(1-FMR)^N, the chance that a search for somebody who
/// is not enrolled returns a candidate at or above it (ISO/IEC 19795-1:2021, identification error rates, under
/// independence of comparisons).
/// </summary>
public static class Fpir
{
    /// <summary>Below this n * p, 1-(1-p)^n equals n * p to 6 digits and is free of cancellation.</summary>
    internal const double Linear = 1e-6;

    /// <summary>
    /// The smallest FPIR that is ever claimed. Calibrations rest on millions of comparisons and fusion on an assumed
    /// independence: nothing that was measured supports a smaller number, so this one means "at most".
    /// </summary>
    public const double Smallest = 1e-9;

    /// <summary>
    /// FPIR of a score in a gallery of <paramref name="identities"/>, never below <see cref="Smallest"/>; 0 for an
    /// empty gallery.
    /// </summary>
    public static double At(double score, long identities)
    {
        if (identities <= 0)
        {
            return 0;
        }

        return Math.Max(AnyOf(Math.Pow(10, -Math.Max(score, 0) / 10), identities), Smallest);
    }

    /// <summary>The score that keeps FPIR at or below the target, rounded up to a hundredth.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The target is not inside (0, 1).</exception>
    public static double ThresholdFor(double targetFpir, long identities)
    {
        if (!(targetFpir > 0 && targetFpir < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(targetFpir), targetFpir, "wanted a value inside (0, 1)");
        }

        // (1-FMR)^N = 1-target; for small FMR 1-e^-y is y to first order, with y = -ln(1-target)/N.
        double y = -Math.Log(1 - targetFpir) / Math.Max(identities, 1);
        double fmr = y < Linear ? y : 1 - Math.Exp(-y);
        return Math.Ceiling(-1000 * Math.Log10(fmr)) / 100;
    }

    /// <summary>Chance that at least one of n independent events of probability p happens.</summary>
    internal static double AnyOf(double p, long n) =>
        p >= 1 ? 1 : n * p < Linear ? n * p : 1 - Math.Pow(1 - p, n);
}
