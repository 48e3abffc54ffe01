using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Partitions;

/// <summary>What writes are in the change logs of the galleries.</summary>
internal sealed partial class WriteStage
{
    /// <summary>The changes of a write that is about to be staged; nothing where no log is kept.</summary>
    private IReadOnlyList<FeedEntry> Noted(string person, string encounterId, FeedVersion? after)
    {
        if (feed is null)
        {
            return [];
        }

        FeedVersion? before = !TryGetTouched(person, encounterId, out Encounter? staged)
            ? table.VersionOf(person, encounterId) : staged is null ? null : VersionOf(staged);
        return feed.Of(person, encounterId, before, after);
    }

    private static FeedVersion VersionOf(Encounter encounter) => new(
        encounter.RecordId, encounter.Galleries, encounter.Status == EncounterStatus.Active);
}
