using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Reads a person so that every encounter is with exactly one person at any time: one that is leaving still counts for
/// its source until its target holds it.
/// </summary>
internal sealed class PersonReads(IPartitionDirectory directory)
{
    public async ValueTask<ReadAnswer> ReadAsync(string person, SearchBudget budget)
    {
        ReadAnswer answer = await RawAsync(person, budget);
        while (answer.Encounters.Any(IsLeaving))
        {
            HashSet<Guid> gone = [];
            foreach (IGrouping<string, Encounter> other in answer.Encounters.Where(IsLeaving)
                .GroupBy(encounter => encounter.Transit!.Other))
            {
                ReadAnswer target = await RawAsync(other.Key, budget);
                if (target.Outage is not null)
                {
                    return target;
                }

                gone.UnionWith(other
                    .Where(leaving => target.Encounters.Any(held => held.EncounterId == leaving.EncounterId
                        && held.Transit?.Move == leaving.Transit!.Move))
                    .Select(leaving => leaving.RecordId));
            }

            // A mark that is still there says that its move had not ended when the target was read.
            ReadAnswer again = await RawAsync(person, budget);
            if (again.Encounters.Select(one => one.RecordId).SequenceEqual(
                answer.Encounters.Select(one => one.RecordId)))
            {
                Encounter[] left = [.. answer.Encounters.Where(one => !gone.Contains(one.RecordId))];
                return left.Length > 0 ? answer with { Encounters = left }
                    : new ReadAnswer { Refusal = new Refusal(RefusalKind.Unknown, "no such person") };
            }

            answer = again;
        }

        return answer;
    }

    private static bool IsLeaving(Encounter encounter) => encounter.Transit?.Kind == TransitKind.Leaving;

    private ValueTask<ReadAnswer> RawAsync(string person, SearchBudget budget) =>
        directory.Of(person).ReadAsync(new ReadQuery.Person(person), budget);
}
