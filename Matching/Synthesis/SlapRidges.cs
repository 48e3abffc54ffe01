namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// The ridges of one whole finger, from its tip over the joints to its root, drawn from the formula of a phase that
/// grows from a core outwards and turns once round each minutia (Larkin and Fletcher 2007). A finger is the same in
/// every picture of it.
/// </summary>
internal sealed class SlapRidges
{
    private const double LeastApart = 22;

    private readonly double period;
    private readonly double coreX;
    private readonly double coreY;
    private readonly double flatness;
    private readonly (double X, double Y, bool IsLeft)[] minutiae;

    /// <param name="seed">The finger.</param>
    /// <param name="halfWidth">Half the width of its tip, pixels at 500 per inch.</param>
    /// <param name="length">Pixels from the tip to the first joint.</param>
    public SlapRidges(ulong seed, double halfWidth, double length)
    {
        var random = new StableRandom(seed);
        period = random.Uniform(8.2, 10);
        coreX = random.Uniform(-0.15, 0.15) * halfWidth;
        coreY = random.Uniform(0.42, 0.55) * length;
        flatness = random.Uniform(0.6, 1);
        List<(double X, double Y, bool IsLeft)> drawn = [];
        for (int dart = 0; dart < 900 && drawn.Count < 34; dart++)
        {
            double x = random.Uniform(-0.9, 0.9) * halfWidth;
            double y = random.Uniform(0.06, 0.96) * length;
            if (!IsNear(x - coreX, y - coreY) && drawn.TrueForAll(other => !IsNear(other.X - x, other.Y - y)))
            {
                drawn.Add((x, y, random.Chance(0.5)));
            }
        }

        this.minutiae = [.. drawn];
    }

    /// <summary>Cosine of the ridges' phase, 1 in the middle of a ridge.</summary>
    /// <param name="x">Pixels right of the finger's axis.</param>
    /// <param name="y">Pixels below its tip.</param>
    /// <param name="isLower">Whether the place is below the first joint, where ridges run across.</param>
    public double At(double x, double y, bool isLower)
    {
        if (isLower)
        {
            return StableMath.Cos((y + (x * x * 0.0006) + (6 * StableMath.Sin((x + (2 * coreX)) / 190))) / period);
        }

        double dx = x - coreX;
        double dy = y - coreY;
        double turns = Math.Sqrt((dx * dx) + (flatness * dy * dy)) / period;
        double real = StableMath.Cos(turns);
        double imaginary = StableMath.Sin(turns);
        foreach ((double px, double py, bool isLeft) in this.minutiae)
        {
            double u = x - px;
            double v = isLeft ? y - py : py - y;
            (real, imaginary) = ((real * u) - (imaginary * v), (real * v) + (imaginary * u));
        }

        double size = Math.Sqrt((real * real) + (imaginary * imaginary));
        return size < 1e-9 ? 0 : real / size;
    }

    private static bool IsNear(double dx, double dy) => (dx * dx) + (dy * dy) < LeastApart * LeastApart;
}
