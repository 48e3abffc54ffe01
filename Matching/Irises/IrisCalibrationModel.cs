namespace MatchCluster.Matching.Irises;

/// <summary>
/// The distribution of the best normalised distance of two different eyes: FMR(h) = 1 - (1 - F(h))^r with r
/// effective rotations, F the lower tail of a binomial of as many fair tosses as there are degrees of freedom.
/// </summary>
/// <param name="DegreesOfFreedom">Independent bits that would scatter as the correlated ones do.</param>
/// <param name="EffectiveRotations">Independent tries that would gain as the correlated ones do.</param>
public readonly record struct IrisCalibrationModel(double DegreesOfFreedom, double EffectiveRotations)
{
    internal const double DecibelsPerNeper = 4.3429448190325182;

    /// <summary>ln FMR of a normalised distance; 0 at 0.5 and above, where a distance says nothing.</summary>
    public double LogFmr(double normalised)
    {
        if (!(normalised < 0.5))
        {
            return 0;
        }

        double tail = IrisCalibrationTail.LogBelow(Math.Max(normalised, 0), DegreesOfFreedom);

        // 1 - (1-F)^r cancels once F is small; there it is r F (1 - (r-1) F / 2), ten digits at the seam.
        double below = Math.Exp(tail);
        return below < 1e-6
            ? tail + Math.Log(EffectiveRotations) - ((EffectiveRotations - 1) * below / 2)
            : Math.Log(1 - Math.Pow(1 - below, EffectiveRotations));
    }

    /// <summary>-10 log10 FMR, 0..<see cref="IrisCalibration.MaxScore"/>, rounded to a hundredth.</summary>
    public double ScoreOf(double normalised) =>
        Math.Round(Math.Clamp(-DecibelsPerNeper * LogFmr(normalised), 0, IrisCalibration.MaxScore), 2);
}
