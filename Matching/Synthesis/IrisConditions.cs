namespace MatchCluster.Matching.Synthesis;

/// <summary>The conditions of one capture of an eye; every shape encoded from it shares them.</summary>
/// <param name="Noise">Sigma of the noise beside a texture of sigma 1.</param>
/// <param name="Rotation">Turns by which the texture moved to higher columns.</param>
/// <param name="PupilRatio">Radius of the pupil over the radius of the iris.</param>
/// <param name="UpperLid">Height of the upper lid over the middle of the eye, in iris radii.</param>
/// <param name="UpperCurve">How much its edge falls towards the corners.</param>
/// <param name="LowerLid">Depth of the lower lid under the middle of the eye, in iris radii.</param>
/// <param name="LowerCurve">How much its edge rises towards the corners.</param>
/// <param name="Lashes">Share of columns where a lash hangs below the upper lid.</param>
internal readonly record struct IrisConditions(
    double Noise,
    double Rotation,
    double PupilRatio,
    double UpperLid,
    double UpperCurve,
    double LowerLid,
    double LowerCurve,
    double Lashes)
{
    /// <summary>
    /// Share of captures that are bad (blur, off-gaze): they make the tail of the mated distances.
    /// </summary>
    private const double BadCaptures = 0.05;

    public static IrisConditions Draw(StableRandom random)
    {
        double good = random.Uniform();
        double bad = random.Uniform(0.6, 1.1);
        bool isBad = random.Chance(BadCaptures);
        return new IrisConditions(
            Noise: isBad ? bad : 0.16 + (0.30 * good * good),
            Rotation: Math.Clamp(2.0 / 360 * random.Gaussian(), -8.0 / 360, 8.0 / 360),
            PupilRatio: random.Uniform(0.28, 0.5),
            UpperLid: Math.Clamp(0.67 + (0.12 * random.Gaussian()), 0.42, 1.0),
            UpperCurve: random.Uniform(0.1, 0.35),
            LowerLid: Math.Clamp(0.87 + (0.10 * random.Gaussian()), 0.65, 1.2),
            LowerCurve: random.Uniform(0.1, 0.3),
            Lashes: random.Uniform(0.1, 0.5));
    }
}
