namespace MatchCluster.Matching.Images;

/// <summary>Where a finger lies in a picture of several.</summary>
/// <param name="Corners">
/// Pixels from the left and from the top of the left and right corner at the tip, then of the right and left one at the
/// joint.
/// </param>
/// <param name="Degrees">How far it leans to the right of upright.</param>
public sealed record FingerBox(IReadOnlyList<(double X, double Y)> Corners, double Degrees)
{
    /// <summary>The box in a picture so many times as large.</summary>
    public FingerBox Scaled(double scale) =>
        this with { Corners = [.. Corners.Select(corner => (Scaled(corner.X, scale), Scaled(corner.Y, scale)))] };

    private static double Scaled(double at, double scale) => ((at + 0.5) * scale) - 0.5;
}
