using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Partitions;

/// <summary>What retention and legal holds forbid.</summary>
internal sealed partial class WriteStage
{
    private static Refusal Held { get; } = new(
        RefusalKind.Conflict, "the encounter is under a legal hold: it is neither deleted nor replaced nor moved");

    /// <summary>
    /// The new content of an encounter with what a caller does not give: a change never makes it stay longer.
    /// </summary>
    private static Encounter Replacing(Encounter old, Encounter update) => update with
    {
        Created = old.Created,
        Origin = old.Origin,
        IsHeld = old.IsHeld,
        ExpiresAt = old.ExpiresAt is { } before && update.ExpiresAt is { } after
            ? (before < after ? before : after) : old.ExpiresAt ?? update.ExpiresAt,
    };

    /// <summary>
    /// Where an encounter belongs and whether it has to stay, as the writes before this one leave it; null where it is
    /// not here.
    /// </summary>
    private EncounterKeeping? KeepingOf(string person, string encounterId) =>
        !TryGetTouched(person, encounterId, out Encounter? staged) ? table.KeepingOf(person, encounterId)
        : staged is null ? null : new EncounterKeeping(staged.Galleries, staged.IsHeld);

    private bool IsHeld(string person, string encounterId) => KeepingOf(person, encounterId) is { IsHeld: true };
}
