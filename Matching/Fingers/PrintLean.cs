namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Whether prints look upright or upside down. The ridges of an upright fingertip arch: on the left of the middle they
/// climb, on the right they fall. Turned by 180 degrees, they do the opposite.
/// </summary>
/// <remarks>
/// The lean of some prints is the sum of w sin 2a over their minutiae, over the root of the sum of w^2, where a is a
/// minutia's direction and w how far it lies to the left of the middle (at most 1, from <see cref="Arm"/> on). By
/// chance it would have the mean 0 and a deviation of 0.7; a print turned upside down has the lean of the upright one
/// with the other sign. <c>Benchmarks rotation</c> says how well it tells them apart.
/// </remarks>
internal static class PrintLean
{
    /// <summary>Cylinders that a print needs to be looked at: fewer say too little, and find nobody.</summary>
    public const int LeastCylinders = 16;

    /// <summary>
    /// Below it prints may be upside down: 15 % of upright prints are, and 97 % of those turned by 180 degrees.
    /// </summary>
    public const double Upright = 1;

    /// <summary>60 pixels at 500 dpi.</summary>
    private const double Arm = 60 * MccParameters.UnitsPerPixel;

    /// <summary>Whether some prints that were captured together may be upside down, as far as they show.</summary>
    public static bool MayBeUpsideDown(IEnumerable<FingerTemplate> prints)
    {
        FingerTemplate[] large = [.. prints.Where(print => print.Cylinders >= LeastCylinders)];
        return large.Length > 0 && Of(large) < Upright;
    }

    /// <summary>The lean of some prints together.</summary>
    public static double Of(IEnumerable<FingerTemplate> prints)
    {
        double sum = 0;
        double squares = 0;
        foreach (FingerTemplate print in prints)
        {
            FingerRow row = FingerRow.Over(print.Row);
            for (int i = 0; i < row.Cylinders; i++)
            {
                double left = Math.Clamp(-row.X[i] / Arm, -1, 1);
                sum += left * RelaxationTables.Sine(2 * row.Angles[i]);
                squares += left * left;
            }
        }

        return squares == 0 ? 0 : sum / Math.Sqrt(squares);
    }
}
