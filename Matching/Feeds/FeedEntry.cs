using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Feeds;

/// <summary>A change on its way into the log: everything but its place.</summary>
/// <param name="Gallery">The gallery that it is seen from.</param>
/// <param name="Kind">What happened.</param>
/// <param name="PersonId">Whose encounter it is.</param>
/// <param name="EncounterId">Which encounter.</param>
/// <param name="RecordId">The version that came or went.</param>
/// <param name="At">When.</param>
/// <param name="Difference">What the gallery holds afterwards less what it held before.</param>
public sealed record FeedEntry(
    string Gallery, ChangeKind Kind, string PersonId, string EncounterId, Guid RecordId, DateTimeOffset At,
    GalleryState Difference)
{
    /// <summary>The change at its place.</summary>
    public Change Placed(long sequence, GalleryState? state) =>
        new(sequence, Kind, PersonId, EncounterId, RecordId, At) { State = state };
}

/// <summary>A version of an encounter, as far as the log wants to know it.</summary>
/// <param name="RecordId">The version.</param>
/// <param name="Galleries">The galleries that it is in.</param>
/// <param name="IsActive">Whether it is searched.</param>
/// <param name="HasExpired">Whether its time has passed.</param>
public readonly record struct FeedVersion(
    Guid RecordId, IReadOnlyList<string> Galleries, bool IsActive, bool HasExpired = false);
