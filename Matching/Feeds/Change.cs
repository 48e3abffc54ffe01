using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Feeds;

/// <summary>What happened to an encounter, seen from one gallery. Numbers are stored and sent.</summary>
public enum ChangeKind : byte
{
    /// <summary>It came into the gallery: enrolled, moved here from another person, or put into the gallery.</summary>
    Added = 1,

    /// <summary>It is another version: its templates, its other galleries or a legal hold changed.</summary>
    Updated = 2,

    /// <summary>Only its status changed.</summary>
    StatusChanged = 3,

    /// <summary>It left the gallery: deleted, moved to another person, or taken out of the gallery.</summary>
    Deleted = 4,

    /// <summary>It was erased because its time had passed.</summary>
    Expired = 5,
}

/// <summary>One line of a gallery's change log. It holds no biometrics; the encounter is read beside it.</summary>
/// <param name="Sequence">Its place: 1, 2, 3 ... in each gallery, without gaps, in the order of commits.</param>
/// <param name="Kind">What happened.</param>
/// <param name="PersonId">Whose encounter it is.</param>
/// <param name="EncounterId">Which encounter.</param>
/// <param name="RecordId">The version that came or, where it left, the version that went.</param>
/// <param name="At">When it was written, by the clock of whoever wrote it; no order follows from it.</param>
public sealed record Change(
    long Sequence, ChangeKind Kind, string PersonId, string EncounterId, Guid RecordId, DateTimeOffset At)
{
    /// <summary>
    /// What the gallery held right after this change, by <see cref="FeedKey"/>; null while some partition has not
    /// said yet what it holds.
    /// </summary>
    public GalleryState? State { get; init; }

    /// <summary>Whether the encounter is not in the gallery any more.</summary>
    public bool IsGone => Kind is ChangeKind.Deleted or ChangeKind.Expired;
}

/// <summary>How far a gallery's change log is.</summary>
/// <param name="First">
/// The smallest position that can be read on from: what happened up to it is not kept any more, or happened before the
/// log began.
/// </param>
/// <param name="Last">Sequence of the last change; equal to <paramref name="First"/> where none is kept.</param>
/// <param name="State">What the gallery holds after it; null while a partition has not said yet.</param>
public sealed record ChangePosition(long First, long Last, GalleryState? State);

/// <summary>A part of a change log.</summary>
/// <param name="Position">How far the log was when the part was read, in one picture with it.</param>
/// <param name="Changes">The changes after the position that was asked for, without a gap.</param>
public sealed record ChangePage(ChangePosition Position, IReadOnlyList<Change> Changes)
{
    /// <summary>Whether there is a position to read on from that the log does not keep, or has not reached.</summary>
    /// <param name="after">The position that was asked for.</param>
    public bool Lacks(long after) => after < Position.First || after > Position.Last;
}
