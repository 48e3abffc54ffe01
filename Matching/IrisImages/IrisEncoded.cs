using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.IrisImages;

/// <summary>What was made of the picture of an eye.</summary>
public sealed class IrisEncoded
{
    internal IrisEncoded(
        IrisCode narrow, IrisCode wide, IrisImageQuality quality, PresentationSigns signs, IrisOutline outline,
        PolarIris unrolled)
    {
        (Narrow, Wide, Quality, Signs, Outline, Unrolled) = (narrow, wide, quality, signs, outline, unrolled);
    }

    /// <summary>The code to search with, D2048.</summary>
    public IrisCode Narrow { get; }

    /// <summary>The code to decide with, W16384.</summary>
    public IrisCode Wide { get; }

    public IrisImageQuality Quality { get; }

    /// <summary>Weak signs that it was no bare eye.</summary>
    public PresentationSigns Signs { get; }

    public IrisOutline Outline { get; }

    /// <summary>Both codes, the narrow one first: what one template of ours holds.</summary>
    public IReadOnlyList<IrisCode> Codes => [Narrow, Wide];

    /// <summary>The unrolled iris and its mask.</summary>
    internal PolarIris Unrolled { get; }

    /// <summary>The eye under another label.</summary>
    internal IrisEncoded Labelled(BiometricPosition eye) => new(
        Narrow with { Position = eye }, Wide with { Position = eye }, Quality, Signs, Outline, Unrolled);

    /// <summary>The eye of a part of a picture in the whole picture.</summary>
    internal IrisEncoded MovedBy(int right, int down) => new(
        Narrow, Wide, Quality, Signs,
        Outline with { Pupil = Moved(Outline.Pupil, right, down), Limbus = Moved(Outline.Limbus, right, down) },
        Unrolled);

    private static EyeContour Moved(EyeContour contour, int right, int down) =>
        new(contour.CentreX + right, contour.CentreY + down, [.. contour.Series]);
}

/// <summary>Where the iris lies, in pixels of the picture.</summary>
/// <param name="Pupil">Its inner border.</param>
/// <param name="Limbus">Its outer border.</param>
/// <param name="UpperLid">Edge of the upper lid; null where it does not reach over the iris or was not
/// found.</param>
/// <param name="LowerLid">Edge of the lower lid.</param>
/// <param name="Doubt">
/// From 0, no other outer border came near, to 1, one of another size was as good. What is above about 0.9
/// is worth a look.
/// </param>
public sealed record IrisOutline(
    EyeContour Pupil, EyeContour Limbus, EyelidEdge? UpperLid, EyelidEdge? LowerLid, double Doubt);
