namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// Sums of products of the grey-level gradients of a block: central differences inside it, differences of two
/// neighbours at its edges. The gradients are taken twice, so that all sums are whole numbers and exact.
/// </summary>
/// <param name="Xx">Sum of the squares along x, times four.</param>
/// <param name="Yy">Sum of the squares along y, times four.</param>
/// <param name="Xy">Sum of the products, times four.</param>
internal readonly record struct GradientSums(long Xx, long Yy, long Xy)
{
    /// <summary>The sums of a block of at most 64 pixels on a side; a side of one pixel has no gradient.</summary>
    public static GradientSums Of(GreyPlane block)
    {
        long xx = 0;
        long yy = 0;
        long xy = 0;
        for (int y = 0; y < block.Height; y++)
        {
            ReadOnlySpan<byte> row = block.Row(y);
            ReadOnlySpan<byte> above = block.Row(Math.Max(0, y - 1));
            ReadOnlySpan<byte> below = block.Row(Math.Min(block.Height - 1, y + 1))[..row.Length];
            above = above[..row.Length];
            int scale = y == 0 || y == block.Height - 1 ? 2 : 1;
            int last = row.Length - 1;
            if (last < 1)
            {
                int only = (below[0] - above[0]) * scale;
                yy += only * only;
                continue;
            }

            int gx = (row[1] - row[0]) * 2;
            int gy = (below[0] - above[0]) * scale;
            int rowXx = gx * gx;
            int rowYy = gy * gy;
            int rowXy = gx * gy;
            for (int x = 1; x < last; x++)
            {
                gx = row[x + 1] - row[x - 1];
                gy = (below[x] - above[x]) * scale;
                rowXx += gx * gx;
                rowYy += gy * gy;
                rowXy += gx * gy;
            }

            gx = (row[last] - row[last - 1]) * 2;
            gy = (below[last] - above[last]) * scale;
            xx += rowXx + (gx * gx);
            yy += rowYy + (gy * gy);
            xy += rowXy + (gx * gy);
        }

        return new GradientSums(xx, yy, xy);
    }

    /// <summary>
    /// Direction across the ridges as NFIQ 2 takes it, half the angle of (xx - yy, xy): the product is not doubled.
    /// </summary>
    public (double Cosine, double Sine) Across()
    {
        double even = Xx - Yy;
        double odd = Xy;
        double length = Math.Sqrt((even * even) + (odd * odd));
        if (length == 0)
        {
            return (1, 0);
        }

        // Half of an angle by square roots alone, the larger one first, so that neither loses digits.
        if (even >= 0)
        {
            double cosine = Math.Sqrt((length + even) / (2 * length));
            return (cosine, odd / (2 * length * cosine));
        }

        double sine = Math.Sqrt((length - even) / (2 * length));
        sine = odd < 0 ? -sine : sine;
        return (odd / (2 * length * sine), sine);
    }

    /// <summary>The direction of <see cref="Across"/> in radians, above -pi/2 and up to pi/2.</summary>
    public double AcrossAngle() => StableAngle.Of(Xy, Xx - Yy) / 2;

    /// <summary>
    /// Certainty of the orientation, 1 less the ratio of the smaller to the larger eigenvalue of the covariance of the
    /// gradients: 0 without an orientation, 1 for perfect stripes; null for a flat block.
    /// </summary>
    public double? Certainty()
    {
        double sum = Xx + Yy;
        double difference = Xx - Yy;
        double root = Math.Sqrt((difference * difference) + (4.0 * Xy * Xy));
        double larger = sum + root;
        return larger == 0 ? null : 1 - ((sum - root) / larger);
    }

    /// <summary>Length of the sum of the doubled-angle gradients by the sum of their lengths, 0..1; 0 where flat.
    /// </summary>
    public double Coherence()
    {
        double difference = Xx - Yy;
        double product = 2.0 * Xy;
        double lengths = Xx + Yy;
        return lengths == 0 ? 0 : Math.Sqrt((difference * difference) + (product * product)) / lengths;
    }
}
