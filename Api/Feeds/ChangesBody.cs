using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Feeds;

/// <summary>Changes of a gallery.</summary>
/// <param name="GalleryId">Its name.</param>
/// <param name="First">The smallest position that can be read on from.</param>
/// <param name="Last">The last sequence of the log.</param>
/// <param name="Next">What to ask for next: the last sequence of this answer.</param>
/// <param name="Changes">The changes, in order.</param>
internal sealed record ChangesBody(
    string GalleryId, long First, long Last, long Next, IReadOnlyList<ChangeBody> Changes)
{
    /// <summary>Ids and versions alone.</summary>
    public const string None = "none";

    /// <summary>Encounters as OSIA's answers have them.</summary>
    public const string AsEncounter = "encounter";

    /// <summary>Encounters as they are stored, whole: for a copy that answers alike.</summary>
    public const string AsRecord = "record";

    /// <summary>What may be asked for.</summary>
    public static readonly IReadOnlyList<string> Contents = [None, AsEncounter, AsRecord];

    /// <summary>State hash after the last sequence; left out where it is not known yet, or not shown.</summary>
    public string? State { get; init; }

    /// <summary>Encounters after the last sequence.</summary>
    public long? Encounters { get; init; }

    /// <summary>Key that states are hashed with.</summary>
    public byte[]? StateKey { get; init; }

    public static ChangesBody Of(string gallery, long after, ChangesAnswer answer, string content)
    {
        ChangePage page = answer.Page;
        return new ChangesBody(
            gallery, page.Position.First, page.Position.Last,
            page.Changes.Count == 0 ? after : page.Changes[^1].Sequence,
            [.. page.Changes.Select((change, i) => ChangeBody.Of(
                change, answer, i, content))])
        {
            State = page.Position.State?.Hash.ToString(),
            Encounters = page.Position.State?.Encounters,
            StateKey = answer.Key?.Key.ToArray(),
        };
    }
}

/// <summary>One change.</summary>
/// <param name="Sequence">Its place.</param>
/// <param name="Kind">added, updated, statusChanged, deleted or expired.</param>
/// <param name="PersonId">Whose encounter it is; an id of the partner's own where less is released.</param>
/// <param name="At">When it was written.</param>
internal sealed record ChangeBody(long Sequence, string Kind, string PersonId, DateTimeOffset At)
{
    /// <summary>Which encounter.</summary>
    public string? EncounterId { get; init; }

    /// <summary>The version that came or went.</summary>
    public Guid? RecordId { get; init; }

    /// <summary>State hash of the gallery right after the change.</summary>
    public string? State { get; init; }

    /// <summary>Encounters of the gallery right after it.</summary>
    public long? Encounters { get; init; }

    /// <summary>
    /// Whether the version is not there any more: a later change brings the newer one, or deletes it.
    /// </summary>
    public bool? Superseded { get; init; }

    /// <summary>The encounter, in this gallery alone.</summary>
    public OsiaEncounter? Encounter { get; init; }

    /// <summary>The encounter as it is stored (a record of docs/records.md).</summary>
    public byte[]? Record { get; init; }

    public static ChangeBody Of(Change change, ChangesAnswer answer, int index, string asked)
    {
        Encounter? content = index < answer.Encounters.Count ? answer.Encounters[index] : null;
        return new ChangeBody(change.Sequence, WordOf(change.Kind), change.PersonId, change.At)
        {
            EncounterId = change.EncounterId.Length == 0 ? null : change.EncounterId,
            RecordId = change.RecordId == default ? null : change.RecordId,
            State = change.State?.Hash.ToString(),
            Encounters = change.State?.Encounters,
            Superseded = asked != ChangesBody.None && content is null && !change.IsGone ? true : null,
            Encounter = content is not null && asked == ChangesBody.AsEncounter ? AnswerWriter.Of(content) : null,
            Record = asked == ChangesBody.AsRecord ? answer.RecordAt(index) : null,
        };
    }

    private static string WordOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => "added",
        ChangeKind.Updated => "updated",
        ChangeKind.StatusChanged => "statusChanged",
        ChangeKind.Deleted => "deleted",
        ChangeKind.Expired => "expired",
    };
}
