using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Modalities;

/// <summary>What a caller says of the picture that it sends.</summary>
public sealed record ImageRequest
{
    /// <summary>The finger or eye by its label; unknown where there is none, or where it is a slap.</summary>
    public required BiometricPosition Position { get; init; }

    /// <summary>Whether the label is of both eyes: one picture of them, or records that say which is which.</summary>
    public bool BothEyes { get; init; }

    /// <summary>The code of a slap's label (<see cref="SlapPositions"/>); null for others.</summary>
    public int? Slap { get; init; }

    /// <summary>Fingers, by their codes, that the caller says are missing of a slap.</summary>
    public IReadOnlyList<int> Missing { get; init; } = [];

    /// <summary>Pixels per inch.</summary>
    public int? Ppi { get; init; }

    /// <summary>Whether a print whose resolution nobody states is refused; it is taken for 500 ppi otherwise.</summary>
    public bool RefusesAssumedResolution { get; init; }

    /// <summary>Size of pixels without a header; null where the bytes are a file or a record.</summary>
    public RawSize? Raw { get; init; }

    /// <summary>Whether JPEG and JPEG 2000 are read.</summary>
    public bool AllowsNative { get; init; } = true;

    /// <summary>What is to be drawn of the picture, of what its modality has.</summary>
    public IReadOnlyList<DrawingKind> Drawings { get; init; } = [];
}
