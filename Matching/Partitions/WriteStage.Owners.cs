using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Whose the encounters are that a write would change: decided here, by what is stored at that moment.
/// </summary>
internal sealed partial class WriteStage
{
    /// <summary>
    /// Why whoever owns only these galleries may not do this to what is here now; null where it may. An encounter that
    /// cannot be read may be anybody's.
    /// </summary>
    private async ValueTask<Refusal?> OwnerRefusalAsync(
        Write write, IReadOnlySet<string>? owned, CancellationToken cancel)
    {
        if (owned is null)
        {
            return null;
        }

        string[] touchedByIt = write switch
        {
            Write.Update update => [update.Encounter.EncounterId],
            Write.SetStatus set => [set.EncounterId],
            Write.SetGalleries set => [set.EncounterId],
            Write.SetHold hold => [hold.EncounterId],
            Write.Delete delete => [delete.EncounterId],
            Write.Leave leave => [leave.EncounterId],
            Write.DeletePerson person =>
                [.. LiveEncountersOf(person.Person), .. unreadable.Of(person.Person)],
            _ => [],
        };
        foreach (string id in touchedByIt.Distinct(StringComparer.Ordinal))
        {
            Encounter? held = await FindAsync(write.PersonId, id, cancel);
            bool isHere = held is not null || Exists(write.PersonId, id) || IsUnreadable(write.PersonId, id);
            if (isHere && (held is null || !held.Galleries.All(owned.Contains)))
            {
                return Refusal.Of(UseRule.NotOwner, "the encounter is in a gallery of another partner");
            }
        }

        return null;
    }
}
