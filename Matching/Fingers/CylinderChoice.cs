namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Chooses the cylinders of a print that has more than are scored, where no quality says which are the best. Cylinders
/// know their minutia's whole neighbourhood, whichever of its neighbours are kept.
/// </summary>
/// <remarks>
/// Again and again the cylinder is left out that is farthest from the middle of the print for its distance from the
/// nearest one kept, r / (d + 8 pixels): the middle is what another impression is likelier to show, and where minutiae
/// crowd, some are false. Square roots and quotients of doubles, so that every CPU chooses alike. On prints with false
/// minutiae (<c>Benchmarks accuracy --spurious</c>) this keeps more than the nearest to the middle, the most evenly
/// spread, or those with the most or fewest set bits; see docs/accuracy.md.
/// </remarks>
internal static class CylinderChoice
{
    private const double Crowded = 8 * MccParameters.UnitsPerPixel;

    /// <summary>At most <see cref="Limits.MinutiaeScored"/> of some cylinders, in their order.</summary>
    public static Cylinder[] Of(Cylinder[] cylinders)
    {
        if (cylinders.Length <= Limits.MinutiaeScored)
        {
            return cylinders;
        }

        double[] fromMiddle = [.. cylinders.Select(one => Distance(one, default))];
        int[] nearest = new int[cylinders.Length];
        double[] apart = new double[cylinders.Length];
        List<int> left = [.. Enumerable.Range(0, cylinders.Length)];
        foreach (int one in left)
        {
            FindNearest(one);
        }

        while (left.Count > Limits.MinutiaeScored)
        {
            // Among equals the first in order.
            int worst = left.MaxBy(one => fromMiddle[one] / (apart[one] + Crowded));
            left.Remove(worst);
            foreach (int one in left.Where(one => nearest[one] == worst))
            {
                FindNearest(one);
            }
        }

        return [.. left.Select(one => cylinders[one])];

        void FindNearest(int one)
        {
            nearest[one] = left.Where(other => other != one)
                .MinBy(other => Distance(cylinders[one], cylinders[other]));
            apart[one] = Distance(cylinders[one], cylinders[nearest[one]]);
        }
    }

    private static double Distance(in Cylinder a, in Cylinder b)
    {
        double x = a.X - b.X;
        double y = a.Y - b.Y;
        return Math.Sqrt((x * x) + (y * y));
    }
}
