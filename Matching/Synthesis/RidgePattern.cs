namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// Henry's classes as far as they shape the ridge flow; left and right say where a loop opens in the print.
/// </summary>
internal enum RidgePattern
{
    PlainArch,
    TentedArch,
    LeftLoop,
    RightLoop,
    Whorl,
}

/// <summary>How often each class is found on each finger.</summary>
internal static class RidgePatterns
{
    /// <summary>
    /// Whorl, radial loop and arch in percent for thumb, index, middle, ring and little finger; the rest are
    /// ulnar loops. Round figures in the range population surveys report: whorls prefer thumb and ring
    /// finger, radial loops hardly exist outside the index finger.
    /// </summary>
    private static readonly (double Whorl, double Radial, double Arch)[] Percent =
        [(42, 1, 4), (31, 20, 11), (18, 3, 8), (42, 1, 3), (15, 1, 2)];

    /// <param name="random">The finger's dice.</param>
    /// <param name="fingerCode">1..10.</param>
    /// <param name="whorliness">
    /// The person's leaning to whorls, mean 0, sigma 1: classes of one person's fingers go together.
    /// </param>
    public static RidgePattern Draw(StableRandom random, int fingerCode, double whorliness)
    {
        (double whorl, double radial, double arch) = Percent[(fingerCode - 1) % 5];
        double lean = Math.Clamp(1 + (0.35 * whorliness), 0.2, 1.8);
        double roll = 100 * random.Uniform();
        if ((roll -= whorl * lean) < 0)
        {
            return RidgePattern.Whorl;
        }

        if ((roll -= arch * (2 - lean)) < 0)
        {
            return random.Chance(0.35) ? RidgePattern.TentedArch : RidgePattern.PlainArch;
        }

        // The little finger is on the right of a right hand's print: there ulnar loops open to the right.
        bool isRadial = roll < radial;
        bool isRightHand = fingerCode <= 5;
        return isRadial == isRightHand ? RidgePattern.LeftLoop : RidgePattern.RightLoop;
    }
}
