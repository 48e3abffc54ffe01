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

    private async ValueTask<bool> AnyHeldAsync(string person, IEnumerable<string> encounters, CancellationToken cancel)
    {
        foreach (string id in encounters)
        {
            if (await FindAsync(person, id, cancel) is { IsHeld: true })
            {
                return true;
            }
        }

        return false;
    }
}
