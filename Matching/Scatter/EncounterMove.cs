using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Moves encounters from one person to another. The two persons may live on two partitions that share no transaction,
/// so it is done in an order that can be finished after a crash: first the target takes copies that name their source
/// (all or none), then the source deletes exactly the versions that were copied. In between both persons hold them;
/// a start that finds such a pair deletes the source's (<see cref="FinishAsync"/>).
/// </summary>
internal sealed class EncounterMove(
    IPartitionDirectory directory, string targetPerson, string sourcePerson, SearchBudget budget)
{
    /// <param name="encounterId">The one to move, or null for every encounter of the source.</param>
    public async ValueTask<WriteResult> RunAsync(string? encounterId)
    {
        if (targetPerson == sourcePerson)
        {
            return new WriteResult(new Refusal(RefusalKind.Invalid, "source and target are the same person"));
        }

        ReadAnswer source = await directory.Of(sourcePerson).ReadAsync(new ReadQuery.Person(sourcePerson), budget);
        if (source.Refusal is not null || source.Outage is not null)
        {
            return new WriteResult(source.Refusal, source.Outage);
        }

        Encounter[] moving = [.. source.Encounters.Where(e => encounterId is null || e.EncounterId == encounterId)];
        if (moving.Length == 0)
        {
            return new WriteResult(new Refusal(RefusalKind.Unknown, "no such encounter"));
        }

        Write[] copies = [.. moving.Select(e => new Write.Create(
            e with { PersonId = targetPerson, MovedFrom = sourcePerson }))];
        IPartition from = directory.Of(sourcePerson);
        IPartition to = directory.Of(targetPerson);
        if (from.Id == to.Id)
        {
            return First(await to.ApplyAsync(
                new WriteBatch([.. copies, .. Deletes(sourcePerson, moving)], AllOrNothing: true), budget));
        }

        WriteResult copied = First(await to.ApplyAsync(new WriteBatch(copies, AllOrNothing: true), budget));
        return copied.IsApplied ? await DeleteSourceAsync(from, to, moving) : copied;
    }

    /// <summary>Deletes what a move that was cut off left with its source. Safe to repeat.</summary>
    public static async ValueTask FinishAsync(
        IPartitionDirectory directory, IEnumerable<Encounter> moved, SearchBudget budget)
    {
        foreach (IGrouping<string, Encounter> source in moved.GroupBy(e => e.MovedFrom!))
        {
            await directory.Of(source.Key).ApplyAsync(
                new WriteBatch([.. Deletes(source.Key, source)]), budget);
        }
    }

    private static IEnumerable<Write> Deletes(string person, IEnumerable<Encounter> encounters) =>
        encounters.Select(e => new Write.Delete(person, e.EncounterId, e.RecordId));

    private async ValueTask<WriteResult> DeleteSourceAsync(IPartition from, IPartition to, Encounter[] moving)
    {
        // The caller's deadline no longer counts: half a move is worse than a late answer.
        SearchBudget own = SearchBudget.Of(Limits.DefaultDeadline);
        WriteResult deleted = First(await from.ApplyAsync(
            new WriteBatch([.. Deletes(sourcePerson, moving)], AllOrNothing: true), own));
        if (deleted.Refusal is not null)
        {
            // Somebody changed the source in between: theirs stands, the copies go.
            await to.ApplyAsync(new WriteBatch([.. Deletes(targetPerson, moving)]), own);
            return new WriteResult(new Refusal(
                RefusalKind.Conflict, "an encounter was changed while it was being moved; nothing was moved"));
        }

        return deleted.Outage is { } outage
            ? new WriteResult(Outage: outage with
            {
                Reason = $"moved, but the source could not be cleared and will be at the next start: {outage.Reason}",
            })
            : deleted;
    }

    private static WriteResult First(WriteAck ack) => ack.Results.FirstOrDefault(result => !result.IsApplied);
}
