using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>What a distance between two iris codes means: score = -10 log10 FMR.</summary>
/// <remarks>
/// Two normalisations stand before the model. A distance counted over few bits scatters more than one over many, so it
/// is first moved towards 0.5 by the square root of the valid bits: HD' = 0.5 - (0.5 - HD) sqrt(n / 911) for 2,048
/// bits (J. Daugman, New methods in iris recognition, IEEE Trans. SMC-B 37(5), 2007, equation 19), with 911 scaled by
/// Bits / 2048 for other shapes. Then the chance that two different eyes come that close at their best rotation:
/// FMR(h) = 1 - (1 - F(h))^r, F the lower tail of a binomial of N fair tosses (J. Daugman, The importance of being
/// random, Pattern Recognition 36, 2003). N and r are fitted for each shape over its default rotations
/// (<see cref="IrisProbe.RotationsFor"/>).
/// </remarks>
public static class IrisCalibration
{
    /// <summary>
    /// The highest score: one false match in 10^15. Beyond it stands no measurement, neither ours nor a published one
    /// (the largest known is 2 * 10^11 comparisons), only the model's extrapolation.
    /// </summary>
    public const double MaxScore = 150;

    private const double ReferenceBits = 911;

    /// <summary>
    /// The distance as if <c>911 * Bits / 2048</c> bits had been valid; below 0 for near-identical codes with more
    /// valid bits than that. 0.5 where nothing could be compared.
    /// </summary>
    public static double Normalised(in IrisComparison c, IrisShape shape)
    {
        if (c.Valid == 0)
        {
            return 0.5;
        }

        double reference = ReferenceBits * shape.Bits / IrisShape.D2048.Bits;
        return 0.5 - ((0.5 - c.Distance) * Math.Sqrt(c.Valid / reference));
    }

    /// <summary>-10 log10 FMR, 0..<see cref="MaxScore"/>, rounded to a hundredth.</summary>
    public static double Score(in IrisComparison c, IrisShape shape) =>
        ModelOf(shape).ScoreOf(Normalised(c, shape));

    internal static IrisCalibrationModel ModelOf(IrisShape shape) => new(230, 7);
}
