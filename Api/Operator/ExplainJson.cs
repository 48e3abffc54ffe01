using MatchCluster.Api.Osia.Contract;

namespace MatchCluster.Api.Operator;

/// <summary>The probe that a candidate is held against.</summary>
internal sealed record ExplainRequest
{
    public required IReadOnlyList<OsiaBiometricData> BiometricData { get; init; }
}

/// <param name="Engine">What computed it.</param>
/// <param name="Calibration">What fingers were scored by.</param>
/// <param name="PersonId">The candidate.</param>
/// <param name="EncounterId">The encounter that was compared.</param>
/// <param name="Fingers">For each finger of the probe, the best of the encounter's fingers.</param>
/// <param name="Irises">For each eye of the probe, the best of the encounter's eyes of that shape.</param>
internal sealed record ExplainAnswer(
    string Engine, string Calibration, string PersonId, string EncounterId, IReadOnlyList<ExplainedFinger> Fingers,
    IReadOnlyList<ExplainedIris> Irises);

/// <summary>One comparison of two fingers.</summary>
internal sealed record ExplainedFinger
{
    public BiometricSubType? ProbeSubType { get; init; }

    public BiometricSubType? BiometricSubType { get; init; }

    /// <summary>-10 log10 FMR of this comparison alone.</summary>
    public required double Score { get; init; }

    /// <summary>The calibration that gave the score; it depends on what extracted both prints.</summary>
    public required string Calibration { get; init; }

    /// <summary>
    /// Degrees counter-clockwise by which the probe was turned before it was compared; null as sent. The score has paid
    /// for it.
    /// </summary>
    public int? Turned { get; init; }

    /// <summary>Stage 2: relaxed similarity, 0..1; "raw" of a candidate.</summary>
    public required double Similarity { get; init; }

    /// <summary>Stage 2: pairs that entered relaxation.</summary>
    public required int PairsRelaxed { get; init; }

    /// <summary>All stages as one number, 0..1.</summary>
    public required double Strength { get; init; }

    public required ExplainedSide Probe { get; init; }

    public required ExplainedSide Reference { get; init; }

    /// <summary>Stage 3; absent where the similarity was too low for it.</summary>
    public ExplainedAlignment? Alignment { get; init; }
}

/// <summary>One side, in its record's own pixels.</summary>
internal sealed record ExplainedSide
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Pixels per centimetre; 197 is 500 dpi.</summary>
    public required int ResolutionX { get; init; }

    public required int ResolutionY { get; init; }

    public required int MinutiaeScored { get; init; }

    public required int Cylinders { get; init; }

    public required IReadOnlyList<ExplainedMinutia> Minutiae { get; init; }
}

/// <param name="X">Pixels from the left edge.</param>
/// <param name="Y">Pixels from the top edge.</param>
/// <param name="Angle">Degrees, counter-clockwise from the positive x axis.</param>
internal readonly record struct ExplainedMinutia(int X, int Y, double Angle);

/// <summary>How the reference was laid onto the probe.</summary>
internal sealed record ExplainedAlignment
{
    /// <summary>Degrees by which the reference was turned to lie on the probe as sent, counter-clockwise.</summary>
    public required double Turn { get; init; }

    public required int ProbeOverlap { get; init; }

    public required int ReferenceOverlap { get; init; }

    public required double ExpectedByChance { get; init; }

    /// <summary>Evidence as a natural logarithm.</summary>
    public required double MatesEvidence { get; init; }

    /// <summary>Evidence as a natural logarithm.</summary>
    public required double CountEvidence { get; init; }

    /// <summary>The paired minutiae, strongest first.</summary>
    public required IReadOnlyList<ExplainedMate> Mates { get; init; }

    /// <summary>How far the ridges agree; missing where one of the two records does not say what its ridges do.
    /// </summary>
    public ExplainedRidges? Ridges { get; init; }
}

/// <param name="Cells">Cells of the probe's grid that lie on the reference.</param>
/// <param name="Turn">Mean degrees between the directions there.</param>
/// <param name="Period">Mean per cent between the periods there.</param>
/// <param name="Counts">Ridge counts that both have between paired minutiae.</param>
/// <param name="CountDifference">Mean ridges between the two counts.</param>
/// <param name="Evidence">Natural logarithm.</param>
internal sealed record ExplainedRidges(
    int Cells, double Turn, double Period, int Counts, double CountDifference, double Evidence);

/// <param name="Probe">Index into the probe's minutiae.</param>
/// <param name="Reference">Index into the reference's minutiae.</param>
/// <param name="Distance">Left between them, pixels at 500 dpi.</param>
/// <param name="Turn">Left between their directions, degrees.</param>
/// <param name="Evidence">Natural logarithm: what the pair says.</param>
internal readonly record struct ExplainedMate(
    int Probe, int Reference, double Distance, double Turn, double Evidence);

/// <summary>One comparison of two eyes.</summary>
internal sealed record ExplainedIris
{
    public BiometricSubType? ProbeSubType { get; init; }

    public BiometricSubType? BiometricSubType { get; init; }

    /// <summary>-10 log10 FMR of this comparison alone.</summary>
    public required double Score { get; init; }

    /// <summary>Fractional Hamming distance, 0..1, at the best rotation.</summary>
    public required double Distance { get; init; }

    /// <summary>The distance as if the usual number of bits had been valid.</summary>
    public required double NormalisedDistance { get; init; }

    /// <summary>The calibration that gave the score; it depends on what made both codes.</summary>
    public required string Calibration { get; init; }

    public required int ValidBits { get; init; }

    public required int DifferingBits { get; init; }

    /// <summary>Degrees by which the probe was turned before it agreed, 180; null as sent.</summary>
    public int? Turned { get; init; }

    /// <summary>Columns by which the probe was turned, after that.</summary>
    public required int Rotation { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int BitsPerCell { get; init; }

    /// <summary>
    /// Bits valid in both codes: bit (column * rows + row) * bitsPerCell + i is bit b % 8 (least significant first) of
    /// byte b / 8; columns as the stored code has them.
    /// </summary>
    public required byte[] Compared { get; init; }

    /// <summary>The compared bits that differ, in that order.</summary>
    public required byte[] Differing { get; init; }
}
