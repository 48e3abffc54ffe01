using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Synthesis;

/// <summary>One minutia of a master print.</summary>
/// <param name="X">Pixels at 500 dpi right of the finger's middle.</param>
/// <param name="Y">Pixels at 500 dpi above the finger's middle.</param>
/// <param name="Angle">Turns, counter-clockwise from +x.</param>
/// <param name="Kind">Ending or bifurcation.</param>
internal readonly record struct MasterMinutia(double X, double Y, double Angle, MinutiaKind Kind);

/// <summary>What the fingers of one person have in common.</summary>
/// <param name="Size">Factor of length, about 1.</param>
/// <param name="Whorls">Leaning to whorls, mean 0, sigma 1.</param>
/// <param name="Skin">How well the skin prints, mean 0, sigma 1; higher is better.</param>
internal readonly record struct HandTraits(double Size, double Whorls, double Skin);

/// <summary>
/// The whole finger that every capture sees a part of: its ridge flow, its elliptical area and its minutiae.
/// </summary>
internal sealed class FingerMaster
{
    /// <summary>
    /// Area of a whole print for one minutia, in square pixels at 500 dpi (docs/synthetic-people.md).
    /// </summary>
    private const double AreaPerMinutia = 1450;

    /// <summary>Two minutiae cannot lie nearer than about a ridge period.</summary>
    private const double MinimumSpacing = 8;

    /// <summary>
    /// Minutiae crowd around cores and deltas: this many times the density elsewhere, at most.
    /// </summary>
    private const double Crowding = 2.2;

    private const double CrowdingRadius = 40;

    /// <summary>Share of minutiae that point against the smooth field of directions.</summary>
    private const double AgainstTheField = 0.3;

    private const int MostMinutiae = 120;

    public FingerMaster(ulong seed, int fingerCode, HandTraits hands)
    {
        var random = new StableRandom(seed);
        double size = hands.Size * SizeOf(fingerCode) * (1 + (0.03 * random.Gaussian()));
        double scale = Math.Clamp(size, 0.7, 1.35);
        Pattern = RidgePatterns.Draw(random, fingerCode, hands.Whorls);
        Flow = new RidgeFlow(random, Pattern, scale);
        SemiX = 142 * scale * (1 + (0.04 * random.Gaussian()));
        SemiY = 192 * scale * (1 + (0.04 * random.Gaussian()));
        Skin = (0.6 * hands.Skin) + (0.8 * random.Gaussian());
        double area = Math.PI * SemiX * SemiY;
        double wanted = area / AreaPerMinutia * Math.Clamp(1 + (0.15 * random.Gaussian()), 0.6, 1.5);
        Minutiae = Scatter(random, Math.Min((int)wanted, MostMinutiae));
    }

    public RidgePattern Pattern { get; }

    public RidgeFlow Flow { get; }

    /// <summary>Half the width of the finger's ellipse, pixels at 500 dpi.</summary>
    public double SemiX { get; }

    /// <summary>Half the height of the finger's ellipse, pixels at 500 dpi.</summary>
    public double SemiY { get; }

    /// <summary>How well this finger prints (dry, worn, moist), mean 0, sigma 1; higher is better.</summary>
    public double Skin { get; }

    public MasterMinutia[] Minutiae { get; }

    /// <summary>Thumbs are wide, little fingers small.</summary>
    private static double SizeOf(int fingerCode) => ((fingerCode - 1) % 5) switch
    {
        0 => 1.10,
        1 => 1.00,
        2 => 1.03,
        3 => 1.00,
        _ => 0.88,
    };

    /// <summary>Hard-core process by dart throwing: a dart too near an earlier one is thrown again.</summary>
    private MasterMinutia[] Scatter(StableRandom random, int wanted)
    {
        var minutiae = new MasterMinutia[wanted];
        double fieldDirection = random.Uniform();
        double fieldBend = 0.0025 * random.Gaussian();
        int count = 0;
        for (int dart = 0; dart < 40 * wanted && count < wanted; dart++)
        {
            double x = random.Uniform(-1, 1);
            double y = random.Uniform(-1, 1);
            if ((x * x) + (y * y) >= 1)
            {
                continue;
            }

            x *= SemiX;
            y *= SemiY;
            if (!random.Chance(Density(x, y) / Crowding) || IsNear(minutiae.AsSpan(0, count), x, y))
            {
                continue;
            }

            double sense = SenseAlong(Flow.At(x, y), fieldDirection + (fieldBend * y));
            double flip = random.Chance(AgainstTheField) ? 0.5 : 0;
            MinutiaKind kind = random.Chance(0.65) ? MinutiaKind.RidgeEnding : MinutiaKind.Bifurcation;
            minutiae[count++] = new MasterMinutia(x, y, sense + flip + (0.006 * random.Gaussian()), kind);
        }

        return minutiae[..count];
    }

    /// <summary>
    /// The one of an orientation's two directions that lies within a quarter turn of another direction.
    /// </summary>
    private static double SenseAlong(double orientation, double direction)
    {
        double apart = orientation - direction;
        return orientation - (0.5 * Math.Round(2 * apart));
    }

    private static bool IsNear(ReadOnlySpan<MasterMinutia> minutiae, double x, double y)
    {
        foreach (MasterMinutia other in minutiae)
        {
            double dx = other.X - x;
            double dy = other.Y - y;
            if ((dx * dx) + (dy * dy) < MinimumSpacing * MinimumSpacing)
            {
                return true;
            }
        }

        return false;
    }

    private double Density(double x, double y)
    {
        double density = 1;
        foreach ((double px, double py, _) in Flow.Singularities)
        {
            double dx = (x - px) / CrowdingRadius;
            double dy = (y - py) / CrowdingRadius;
            density += 0.9 / (1 + (dx * dx) + (dy * dy));
        }

        return Math.Min(density, Crowding);
    }
}
