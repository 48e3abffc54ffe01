using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// What a caller may be told of persons in galleries that its agreements do not name: nothing, also by refusals. That
/// somebody is in such a gallery is answered as nobody is.
/// </summary>
/// <param name="reads">Reads persons.</param>
/// <param name="directory">The partitions.</param>
internal sealed class KnownPersons(PersonReads reads, IPartitionDirectory directory)
{
    private static readonly Refusal NoPerson = new(RefusalKind.Unknown, "no such person");
    private static readonly Refusal NoEncounter = new(RefusalKind.Unknown, "no such encounter");

    /// <summary>
    /// The result of a write as its caller may know it. A refusal because of another's encounter stays one only where
    /// the caller may know of that encounter; a person who also is where the caller cannot look loses what it can see.
    /// </summary>
    /// <param name="write">The write.</param>
    /// <param name="result">What its partition made of it.</param>
    /// <param name="known">The galleries that the caller may know of.</param>
    /// <param name="owned">Those in which it may change encounters.</param>
    /// <param name="budget">How long the caller waits.</param>
    public async ValueTask<WriteResult> ResultAsync(
        Write write, WriteResult result, IReadOnlySet<string> known, IReadOnlySet<string>? owned, SearchBudget budget)
    {
        if (result.Refusal is not ({ Rule: UseRule.NotOwner } or { Kind: RefusalKind.Unknown }))
        {
            return result;
        }

        // Also where nobody is: how long an answer takes must not tell what it says.
        ReadAnswer read = await reads.ReadAsync(write.PersonId, budget);
        if (result.Refusal.Rule != UseRule.NotOwner || read.Outage is not null)
        {
            return result;
        }

        Encounter[] seen = [.. read.Encounters.Where(one => one.Galleries.Any(known.Contains))];
        return write is not Write.DeletePerson
                ? seen.Any(one => one.EncounterId == write.Changed) ? result : new WriteResult(NoEncounter)
            : seen.Length == 0 ? new WriteResult(NoPerson)
            : seen.Length == read.Encounters.Count ? result
            : await DeleteAsync(seen, owned, budget);
    }

    /// <summary>The encounters of a person that a caller may know of; null knows of all.</summary>
    public static ReadAnswer Of(ReadAnswer read, IReadOnlySet<string>? known)
    {
        if (known is null || read.Encounters.Count == 0)
        {
            return read;
        }

        Encounter[] seen = [.. read.Encounters.Where(one => one.Galleries.Any(known.Contains))];
        return seen.Length == 0 ? new ReadAnswer { Refusal = NoPerson } : read with { Encounters = seen };
    }

    private async ValueTask<WriteResult> DeleteAsync(
        Encounter[] seen, IReadOnlySet<string>? owned, SearchBudget budget)
    {
        WriteBatch batch = new(
            [.. seen.Select(one => new Write.Delete(one.PersonId, one.EncounterId))], AllOrNothing: true)
        {
            Owned = owned,
            Leases = budget.Leases,
        };
        WriteAck ack = await directory.Of(seen[0].PersonId).ApplyAsync(batch, budget);
        return ack.Results.FirstOrDefault(one => !one.IsApplied);
    }
}
