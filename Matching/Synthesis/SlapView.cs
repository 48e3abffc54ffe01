using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Synthesis;

/// <summary>How the fingers of a synthetic person are captured together.</summary>
public sealed record SlapView
{
    /// <summary>Code of the fingers (<see cref="Model.SlapPositions"/>).</summary>
    public int Code { get; init; } = Model.SlapPositions.RightFour;

    public int Width { get; init; } = 1600;

    public int Height { get; init; } = 1500;

    /// <summary>Pixels per inch.</summary>
    public int Ppi { get; init; } = 500;

    /// <summary>How far the hand leans to the right, degrees.</summary>
    public double Degrees { get; init; }

    /// <summary>Factor of the spread of the fingers: 0 parallel, 1 usual.</summary>
    public double Spread { get; init; } = 1;

    /// <summary>Millimetres between neighbours at their tips; negative where they overlap.</summary>
    public double Gap { get; init; } = 4;

    /// <summary>Whether the lower phalanges are printed.</summary>
    public bool HasLowerPhalanges { get; init; }

    /// <summary>Whether the upper part of the palm is printed.</summary>
    public bool HasPalm { get; init; }

    /// <summary>Whether a card's lines and writing are printed over it.</summary>
    public bool HasCard { get; init; }

    /// <summary>Whether the person keeps the tips in a row, as some operators ask.</summary>
    public bool IsAligned { get; init; }

    /// <summary>Pressure of the little finger, or of the first one where there is none: 1 firm, 0.3 faint.</summary>
    public double LastPressure { get; init; } = 1;

    /// <summary>0 moist and even, 1 dry: ridges are broken.</summary>
    public double Dryness { get; init; }

    /// <summary>Standard deviation of the sensor's noise in grey levels.</summary>
    public double Noise { get; init; } = 5;

    /// <summary>Fingers, by their codes, that are not there.</summary>
    public IReadOnlyList<int> Missing { get; init; } = [];
}

/// <summary>One finger as it was drawn.</summary>
/// <param name="Finger">Code 1..10.</param>
/// <param name="TipX">Pixels from the left to the tip.</param>
/// <param name="TipY">Pixels from the top to the tip.</param>
/// <param name="JointX">Pixels from the left to the crease of the first joint.</param>
/// <param name="JointY">Pixels from the top to the crease.</param>
/// <param name="Width">Pixels across.</param>
public sealed record DrawnFinger(int Finger, double TipX, double TipY, double JointX, double JointY, double Width);

/// <summary>A picture of several fingers with what it shows.</summary>
/// <param name="Image">Dark ridges on light.</param>
/// <param name="Fingers">From the left.</param>
public sealed record DrawnSlap(GrayImage Image, IReadOnlyList<DrawnFinger> Fingers);
