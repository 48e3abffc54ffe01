namespace MatchCluster.Matching.Model;

/// <summary>Why a part of a body could not be captured.</summary>
public enum MissingReason : byte
{
    Bandaged = 1,
    Amputated = 2,
    Damaged = 3,
}

/// <summary>One part that is missing.</summary>
/// <param name="Place">The caller's word for it, or null: then it is the item's own.</param>
/// <param name="Reason">Null where none is stated.</param>
public readonly record struct MissingPart(string? Place, MissingReason? Reason);

/// <summary>
/// What a caller said is missing of a capture. It is kept and given back, and nothing is compared by it.
/// </summary>
public sealed record MissingItem
{
    public required Modality Modality { get; init; }

    /// <summary>
    /// The caller's word for what was to be captured, one finger or a whole slap; null where it had none.
    /// </summary>
    public string? Place { get; init; }

    public string? Instance { get; init; }

    /// <summary>Index of the sample that came with it; null where nothing could be captured.</summary>
    public int? Sample { get; init; }

    /// <summary>The missing parts, 1..<see cref="Limits.MissingParts"/>.</summary>
    public required IReadOnlyList<MissingPart> Parts { get; init; }
}
