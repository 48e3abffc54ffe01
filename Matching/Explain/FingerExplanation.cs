using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Explain;

/// <summary>
/// One finger comparison taken apart for an examiner: what each stage found, and which minutiae were paired. The
/// numbers are those of a search; the score is the one it would give.
/// </summary>
public sealed record FingerExplanation
{
    public required BiometricPosition ProbePosition { get; init; }

    public required BiometricPosition ReferencePosition { get; init; }

    /// <summary>-10 log10 FMR of this comparison.</summary>
    public required double Score { get; init; }

    /// <summary>Name of the curves that gave it.</summary>
    public required string Calibration { get; init; }

    /// <summary>
    /// Degrees counter-clockwise by which the probe was turned before it was compared, 90, 180 or 270; null as sent.
    /// The score has paid for it.
    /// </summary>
    public int? ProbeTurn { get; init; }

    /// <summary>Stage 2: relaxed similarity, 0..1.</summary>
    public required double Similarity { get; init; }

    /// <summary>Stage 2: pairs of cylinders that entered relaxation.</summary>
    public required int PairsRelaxed { get; init; }

    /// <summary>All stages as one number, 0..1; the calibration turns it into the score.</summary>
    public required double Strength { get; init; }

    public required FingerSide Probe { get; init; }

    public required FingerSide Reference { get; init; }

    /// <summary>
    /// Stage 3; null where the similarity was too low for it, or one side has fewer than two cylinders.
    /// </summary>
    public FingerAlignment? Alignment { get; init; }
}

/// <summary>The probe or the reference of a comparison.</summary>
/// <param name="View">The view as its record states it.</param>
/// <param name="MinutiaeScored">Number of its best minutiae, of which cylinders were built.</param>
/// <param name="Cylinders">Number of cylinders that have enough neighbours and known ground around
/// them.</param>
public sealed record FingerSide(FingerView View, int MinutiaeScored, int Cylinders);

/// <summary>How the reference was laid onto the probe, and what that showed.</summary>
public sealed record FingerAlignment
{
    /// <summary>
    /// Degrees by which the reference was turned to lie on the probe as sent, counter-clockwise, -180..180.
    /// </summary>
    public required double Turn { get; init; }

    /// <summary>Minutiae of the probe inside the reference's hull.</summary>
    public required int ProbeOverlap { get; init; }

    /// <summary>Minutiae of the reference inside the probe's hull.</summary>
    public required int ReferenceOverlap { get; init; }

    /// <summary>Paired minutiae that chance would give in an overlap of this size.</summary>
    public required double Expected { get; init; }

    /// <summary>
    /// Natural logarithm: what the paired minutiae, less the unpaired ones, say for one finger.
    /// </summary>
    public required double MatesEvidence { get; init; }

    /// <summary>Natural logarithm: how far the number of paired minutiae is above chance.</summary>
    public required double CountEvidence { get; init; }

    /// <summary>The paired minutiae, strongest first.</summary>
    public required IReadOnlyList<PairedMinutiae> Mates { get; init; }

    /// <summary>How far the ridges agree; null where one of the two records does not say what its ridges do.</summary>
    public ComparedRidges? Ridges { get; init; }
}

/// <summary>The ridges of two prints under their alignment.</summary>
/// <param name="Cells">Cells of the probe's grid that lie on the reference.</param>
/// <param name="Turn">Mean over them of the degrees between the two directions.</param>
/// <param name="Period">Mean over them of the per cent between the two periods.</param>
/// <param name="Counts">Ridge counts that both have between paired minutiae.</param>
/// <param name="CountDifference">Mean over them of the ridges between the two counts; 0 where there are none.</param>
/// <param name="Evidence">Natural logarithm: what all this adds.</param>
public sealed record ComparedRidges(
    int Cells, double Turn, double Period, int Counts, double CountDifference, double Evidence);

/// <summary>Two minutiae, one of each print, that are taken to be the same.</summary>
/// <param name="ProbeIndex">Index in the probe's record.</param>
/// <param name="ReferenceIndex">Index in the reference's record.</param>
/// <param name="Probe">The minutia of the probe, in the record's own pixels, y down.</param>
/// <param name="Reference">The minutia of the reference, in the record's own pixels, y down.</param>
/// <param name="Distance">Left between them after alignment, pixels at 500 dpi.</param>
/// <param name="Turn">Left between their directions, degrees, 0 or more.</param>
/// <param name="Evidence">Natural logarithm: what this pair says.</param>
public sealed record PairedMinutiae(
    int ProbeIndex, int ReferenceIndex, Minutia Probe, Minutia Reference, double Distance, double Turn,
    double Evidence);
