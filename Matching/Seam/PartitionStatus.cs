using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Seam;

public enum PartitionState
{
    Loading,
    Ready,
    Failed,
}

/// <summary>A partition as an operator sees it.</summary>
public sealed record PartitionStatus
{
    public required PartitionId Partition { get; init; }

    public required PartitionState State { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>Encounters rebuilt so far, and encounters the store holds.</summary>
    public long Loaded { get; init; }

    public long ToLoad { get; init; }

    /// <summary>Stored encounters that could not be read or decoded at load; they are not searched.</summary>
    public long Unreadable { get; init; }

    public long Epoch { get; init; }

    public long Identities { get; init; }

    public long Encounters { get; init; }

    /// <summary>Identities this partition is responsible for: in memory, or what the store counts until then.</summary>
    public long Held => State == PartitionState.Ready ? Identities + Unreadable : ToLoad;

    public long FingerRows { get; init; }

    public long IrisRows { get; init; }

    /// <summary>Encounters deleted or replaced whose rows still take space.</summary>
    public long DeadEncounters { get; init; }

    public int Segments { get; init; }

    /// <summary>Bytes of row memory.</summary>
    public long RowBytes { get; init; }

    public int QueuedBatches { get; init; }

    /// <summary>Live encounters per gallery.</summary>
    public IReadOnlyDictionary<string, long> Galleries { get; init; } = new Dictionary<string, long>();

    /// <summary>The state hash of each gallery with encounters; null where nobody says.</summary>
    public IReadOnlyDictionary<string, StateHash>? States { get; init; }

    /// <summary>The state hash of all encounters.</summary>
    public StateHash StateOfAll { get; init; }

    /// <summary>What it holds of a gallery; null where nobody says.</summary>
    public GalleryState? StateOf(string gallery) =>
        States is null ? null
        : gallery == Search.AllGalleries ? new GalleryState(StateOfAll, Encounters)
        : new GalleryState(States.GetValueOrDefault(gallery), Galleries.GetValueOrDefault(gallery));
}
