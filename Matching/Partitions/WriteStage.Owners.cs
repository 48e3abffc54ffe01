using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Whose the encounters are that a write would change: decided here, by what is held at that moment.
/// </summary>
internal sealed partial class WriteStage
{
    /// <summary>
    /// Why whoever owns only these galleries may not do this to what is here now; null where it may. An encounter that
    /// cannot be read may be anybody's.
    /// </summary>
    private Refusal? OwnerRefusal(Write write, IReadOnlySet<string>? owned)
    {
        if (owned is null)
        {
            return null;
        }

        string[] touchedByIt = write is Write.DeletePerson person
                ? [.. LiveEncountersOf(person.Person), .. unreadable.Of(person.Person)]
            : write.Changed is { } changed ? [changed] : [];
        foreach (string id in touchedByIt.Distinct(StringComparer.Ordinal))
        {
            bool isForeign = KeepingOf(write.PersonId, id) is { } keeping
                ? !keeping.Galleries.All(owned.Contains) : IsUnreadable(write.PersonId, id);
            if (isForeign)
            {
                return Refusal.Of(UseRule.NotOwner, "the encounter is in a gallery of another partner");
            }
        }

        return null;
    }
}
