using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>One finger of a picture of several.</summary>
/// <param name="Position">Which; unknown where it cannot be told without guessing.</param>
/// <param name="X">Pixels from the left to the middle of its box, in the picture that was segmented.</param>
/// <param name="Y">Pixels from the top.</param>
/// <param name="Width">Pixels across the finger.</param>
/// <param name="Length">Pixels from the tip to the crease of the first joint.</param>
/// <param name="Degrees">How far it leans to the right of upright.</param>
/// <param name="HasCrease">
/// Whether the print ends or has a crease there; the box is cut at a usual length otherwise.
/// </param>
public sealed record SlapFinger(
    BiometricPosition Position, double X, double Y, double Width, double Length, double Degrees, bool HasCrease)
{
    /// <summary>The corners of the box: left and right of the tip, right and left of the joint.</summary>
    public IReadOnlyList<(double X, double Y)> Corners =>
    [
        Corner(-0.5, -0.5), Corner(0.5, -0.5), Corner(0.5, 0.5), Corner(-0.5, 0.5),
    ];

    /// <summary>The box for those who need not know what a slap is.</summary>
    public FingerBox Box => new(Corners, Degrees);

    /// <summary>The same box in a picture of another resolution.</summary>
    internal SlapFinger Scaled(double scale) => this with
    {
        X = ((X + 0.5) * scale) - 0.5,
        Y = ((Y + 0.5) * scale) - 0.5,
        Width = Width * scale,
        Length = Length * scale,
    };

    private (double X, double Y) Corner(double across, double down)
    {
        double cosine = StableMath.Cos(Degrees / 360);
        double sine = StableMath.Sin(Degrees / 360);
        return (X + (cosine * across * Width) - (sine * down * Length),
            Y + (sine * across * Width) + (cosine * down * Length));
    }
}
