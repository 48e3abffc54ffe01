using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction;

/// <summary>
/// How likely another print of the finger shows a minutia too, from how its surroundings look: a logistic
/// model of six measures, fitted to which minutiae mated prints share.
/// </summary>
internal static class MinutiaQuality
{
    public const int Measures = 6;

    private const double Constant = -2.4;

    /// <summary>Directions of the places that are looked at round a minutia.</summary>
    internal static readonly (float X, float Y)[] Ring =
    [
        (1, 0), (0.7071f, 0.7071f), (0, 1), (-0.7071f, 0.7071f),
        (-1, 0), (-0.7071f, -0.7071f), (0, -1), (0.7071f, -0.7071f),
    ];

    private static readonly double[] Weights = [-1.6, 1.4, 0.6, 1.9, 0.55, 1.5];

    /// <summary>Measures one minutia.</summary>
    /// <param name="vortex">The minutia.</param>
    /// <param name="all">All minutiae that are kept.</param>
    /// <param name="waves">The filtered ridges.</param>
    /// <param name="grid">Their blocks.</param>
    /// <param name="strong">Contrast of the picture's strong blocks.</param>
    /// <param name="measures">Takes <see cref="Measures"/> numbers.</param>
    public static void Measure(
        in PhaseVortex vortex, ReadOnlySpan<PhaseVortex> all, RidgeWaves waves, RidgeGrid grid, float strong,
        Span<float> measures)
    {
        int block = grid.BlockAt(vortex.X, vortex.Y);
        float sum = 0;
        float least = float.MaxValue;
        float contrast = float.MaxValue;
        float support = 0;
        foreach ((float x, float y) in Ring)
        {
            float amplitude = waves.Amplitude(vortex.X + (vortex.Period * x), vortex.Y + (vortex.Period * y));
            sum += amplitude;
            least = Math.Min(least, amplitude);
            int beside = grid.BlockAt(vortex.X + (14 * x), vortex.Y + (14 * y));
            contrast = Math.Min(contrast, grid.Contrast[beside]);
            support += grid.Explained[grid.BlockAt(vortex.X + (24 * x), vortex.Y + (24 * y))] / Ring.Length;
        }

        float nearest = 9;
        foreach (ref readonly PhaseVortex other in all)
        {
            float dx = other.X - vortex.X;
            float dy = other.Y - vortex.Y;
            float square = ((dx * dx) + (dy * dy)) / (vortex.Period * vortex.Period);
            nearest = square > 0 ? Math.Min(nearest, square) : nearest;
        }

        float mean = sum / Ring.Length;
        measures[0] = Math.Max(1 - grid.Coherence[block], 0);
        measures[1] = least / (mean + 1e-3f);
        measures[2] = Math.Min(mean, 2);
        measures[3] = Math.Min(contrast / (strong + 1e-3f), 1);
        measures[4] = MathF.Sqrt(nearest);
        measures[5] = Math.Min(support, 1);
    }

    /// <summary>The chance, 0..1, from the measures.</summary>
    public static float Chance(ReadOnlySpan<float> measures)
    {
        double sum = Constant;
        for (int i = 0; i < Measures; i++)
        {
            sum += Weights[i] * measures[i];
        }

        double e = StableMath.Exp(Math.Clamp(-sum, -9, 9));
        return (float)(1 / (1 + e));
    }

}
