using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// Which cells of the iris the camera saw: not those covered by the two lids' arcs, under lashes or in
/// reflections.
/// </summary>
/// <remarks>
/// Column 0 points to three o'clock and columns run counter-clockwise; row 0 is at the pupil. Lengths in iris
/// radii. All wavelets and phases of a cell share its bit. Lids do not turn with the texture.
/// </remarks>
internal static class EyelidMask
{
    private const double LongestLash = 0.22;
    private const int MostReflections = 3;

    /// <summary>Sets the mask's bits of visible cells.</summary>
    /// <returns>Visible cells.</returns>
    public static int Write(
        in IrisConditions conditions, StableRandom random, IrisShape shape, Span<ulong> mask)
    {
        Span<Spot> reflections = stackalloc Spot[MostReflections];
        reflections = reflections[..(1 + random.Below(MostReflections))];
        foreach (ref Spot spot in reflections)
        {
            spot = new Spot(random.Uniform(-0.7, 0.7), random.Uniform(-0.5, 0.5), random.Uniform(0.03, 0.12));
        }

        int bitsPerCell = shape.Wavelets * shape.Phases;
        ulong cell = (1UL << bitsPerCell) - 1;
        int visible = 0;
        int bit = 0;
        for (int column = 0; column < shape.Columns; column++)
        {
            double angle = (column + 0.5) / shape.Columns;
            double cos = StableMath.Cos(angle);
            double sin = StableMath.Sin(angle);
            double lash = LashAt(conditions, random);
            for (int row = 0; row < shape.Rows; row++, bit += bitsPerCell)
            {
                double depth = (row + 0.5) / shape.Rows;
                double radius = conditions.PupilRatio + ((1 - conditions.PupilRatio) * depth);
                double x = radius * cos;
                double y = radius * sin;
                bool isSeen = y < conditions.UpperLid - (conditions.UpperCurve * x * x) - lash
                    && y > (conditions.LowerCurve * x * x) - conditions.LowerLid
                    && !IsReflection(reflections, x, y);
                if (isSeen)
                {
                    visible++;
                    Set(mask, bit, cell);
                }
            }
        }

        return visible;
    }

    private static double LashAt(in IrisConditions conditions, StableRandom random)
    {
        double length = LongestLash * random.Uniform();
        return random.Chance(conditions.Lashes) ? length : 0;
    }

    /// <summary>Sets the bits of a cell; up to eight bits may lie across two words.</summary>
    private static void Set(Span<ulong> mask, int bit, ulong cell)
    {
        int shift = bit & 63;
        mask[bit >> 6] |= cell << shift;
        if (shift > 56 && (cell >> (64 - shift)) is ulong rest and not 0)
        {
            mask[(bit >> 6) + 1] |= rest;
        }
    }

    private static bool IsReflection(ReadOnlySpan<Spot> spots, double x, double y)
    {
        foreach (Spot spot in spots)
        {
            double dx = x - spot.X;
            double dy = y - spot.Y;
            if ((dx * dx) + (dy * dy) < spot.Radius * spot.Radius)
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Spot(double X, double Y, double Radius);
}
