namespace MatchCluster.Matching.Model;

/// <summary>Kind of a minutia, with the codes of ISO/IEC 19794-2 and INCITS 378.</summary>
public enum MinutiaKind : byte
{
    Other = 0,
    RidgeEnding = 1,
    Bifurcation = 2,
}

/// <summary>One minutia as its record states it.</summary>
/// <param name="X">Pixels from the left edge, 0..16383.</param>
/// <param name="Y">Pixels from the top edge (down), 0..16383.</param>
/// <param name="Angle">65536ths of a turn, counter-clockwise from the positive x axis.</param>
/// <param name="Quality">1..100, or 0 where the record states none.</param>
/// <param name="Kind">Ridge ending, bifurcation or other.</param>
public readonly record struct Minutia(ushort X, ushort Y, ushort Angle, byte Quality, MinutiaKind Kind);

/// <summary>
/// One view (impression) of one finger in a minutiae record, in the record's own pixels: nothing is resampled or
/// dropped here.
/// </summary>
public sealed record FingerView
{
    public required BiometricPosition Position { get; init; }

    /// <summary>Number of this view among the views of the same finger, 0..255.</summary>
    public int ViewNumber { get; init; }

    /// <summary>Impression type code of the record's standard (0 live-scan plain, 1 live-scan rolled, ...).</summary>
    public int Impression { get; init; }

    /// <summary>Finger quality 0..100, or null where the record states none.</summary>
    public int? Quality { get; init; }

    /// <summary>Image width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Image height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Pixels per centimetre along x; 197 is 500 dpi.</summary>
    public required int ResolutionX { get; init; }

    /// <summary>Pixels per centimetre along y; 197 is 500 dpi.</summary>
    public required int ResolutionY { get; init; }

    public required IReadOnlyList<Minutia> Minutiae { get; init; }

    /// <summary>What extracted the minutiae, where the record says it.</summary>
    public FingerExtractorId Extractor { get; init; }

    /// <summary>What the record says of the ridges besides minutiae; null where it says nothing.</summary>
    public RidgeBlock? Ridges { get; init; }

    /// <summary><see cref="Ridges"/>, where they are still of these minutiae.</summary>
    internal RidgeBlock? OwnRidges => Ridges is { } block && block.IsOf(Minutiae) ? block : null;
}
