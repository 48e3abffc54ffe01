using System.Diagnostics.CodeAnalysis;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Extraction;

/// <summary>What was found in a picture: minutiae, or why there are none.</summary>
public sealed record FingerExtraction
{
    /// <summary>
    /// The minutiae in the picture's own pixels and resolution, the best first; null where there is a
    /// <see cref="Failure"/>.
    /// </summary>
    public FingerView? View { get; init; }

    /// <summary>Why there is no view; null where there is one.</summary>
    public ExtractionFailure? Failure { get; init; }

    /// <summary>What was found and wanted, with the numbers; null where there is no failure.</summary>
    public Rejection? Rejection { get; init; }

    /// <summary>The minutiae with fractions of pixels, in the order of the view.</summary>
    public IReadOnlyList<ExtractedMinutia> Minutiae { get; init; } = [];

    /// <summary>Quality of the print, 0..100; 0 for a failure.</summary>
    public int Quality { get; init; }

    /// <summary>Square millimetres that show ridges.</summary>
    public double Area { get; init; }

    /// <summary>Pixels from ridge to ridge at 500 ppi, in the middle of the blocks.</summary>
    public double RidgePeriod { get; init; }

    /// <summary>Whether ridges are light on a dark ground; kinds of minutiae are told accordingly.</summary>
    public bool HasLightRidges { get; init; }

    /// <summary>What a caller should know although there is a result: sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    [MemberNotNullWhen(true, nameof(View))]
    [MemberNotNullWhen(false, nameof(Failure), nameof(Rejection))]
    public bool IsExtracted => View is not null;
}

/// <summary>A minutia as it was found.</summary>
/// <param name="X">Pixels from the left, with fractions; whole numbers are middles of pixels.</param>
/// <param name="Y">Pixels from the top.</param>
/// <param name="Turns">Direction in turns, counter-clockwise from +x, 0..1.</param>
/// <param name="Quality">1..100.</param>
/// <param name="Kind">Ending or bifurcation.</param>
public readonly record struct ExtractedMinutia(double X, double Y, double Turns, int Quality, MinutiaKind Kind);
