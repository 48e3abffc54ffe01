using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Ends moves by the marks they left. A move is decided when its target holds it: from then on anybody may take the
/// source's copy and the marks away, as often as they like. Before, it can only be taken back, and only when its mover
/// can do nothing more.
/// </summary>
internal sealed class MoveEnding(IPartitionDirectory directory)
{
    /// <summary>Whether nobody can be busy with a move any more.</summary>
    public static bool IsAbandoned(Encounter moving, TimeProvider clock) =>
        moving.Transit is { } transit && clock.GetUtcNow() - transit.Begun > Limits.LongestMove;

    public async ValueTask EndAsync(
        IEnumerable<Encounter> moving, Func<Encounter, bool> moverIsGone, SearchBudget budget)
    {
        foreach (Encounter encounter in moving)
        {
            await (encounter.Transit switch
            {
                { Kind: TransitKind.Arrived } arrived => FinishAsync(
                    encounter.PersonId, arrived.Other, encounter.EncounterId, arrived.Move, budget),
                { } leaving => EndLeavingAsync(encounter, leaving, moverIsGone(encounter), budget),
                null => FinishOlderAsync(encounter, budget),
            });
        }
    }

    /// <summary>Ends what a person's encounters are marked with, as far as it can be ended now.</summary>
    public async ValueTask EndOfAsync(string person, TimeProvider clock, SearchBudget budget)
    {
        ReadAnswer read = await directory.Of(person).ReadAsync(new ReadQuery.Person(person), budget);
        await EndAsync(
            read.Encounters.Where(encounter => encounter.Transit is not null),
            moving => IsAbandoned(moving, clock), budget);
    }

    /// <summary>The copy of the source goes first: without it the mark of the target says nothing any more.</summary>
    public async ValueTask FinishAsync(
        string target, string source, string encounterId, Guid move, SearchBudget budget)
    {
        if (await WriteAsync(new Write.EndMove(source, encounterId, move, Keep: false), budget))
        {
            await WriteAsync(new Write.EndMove(target, encounterId, move, Keep: true), budget);
        }
    }

    private async ValueTask EndLeavingAsync(
        Encounter encounter, Transit leaving, bool moverIsGone, SearchBudget budget)
    {
        ReadAnswer target = await directory.Of(leaving.Other)
            .ReadAsync(new ReadQuery.Person(leaving.Other), budget);
        if (target.Outage is not null || target.Refusal is { Kind: not RefusalKind.Unknown })
        {
            return;
        }

        if (target.Encounters.Any(held =>
            held.EncounterId == encounter.EncounterId && held.Transit?.Move == leaving.Move))
        {
            await FinishAsync(leaving.Other, encounter.PersonId, encounter.EncounterId, leaving.Move, budget);
        }
        else if (moverIsGone)
        {
            await WriteAsync(
                new Write.EndMove(encounter.PersonId, encounter.EncounterId, leaving.Move, Keep: true), budget);
        }
    }

    /// <summary>
    /// A copy made by an older version of this program names its source, which holds an equal version where
    /// the move was cut off. Where both name each other, one of them is kept.
    /// </summary>
    private async ValueTask FinishOlderAsync(Encounter moved, SearchBudget budget)
    {
        string from = moved.MovedFrom!;
        ReadAnswer source = await directory.Of(from).ReadAsync(new ReadQuery.Person(from), budget);
        Encounter? same = source.Encounters.FirstOrDefault(
            held => held.EncounterId == moved.EncounterId && held.RecordId == moved.RecordId);
        bool isTheOneToKeep = same?.MovedFrom == moved.PersonId && string.CompareOrdinal(from, moved.PersonId) < 0;
        if (same is not null && !isTheOneToKeep)
        {
            await WriteAsync(new Write.Delete(from, moved.EncounterId, moved.RecordId), budget);
        }
    }

    /// <returns>Whether it is done, now or before.</returns>
    private async ValueTask<bool> WriteAsync(Write write, SearchBudget budget)
    {
        WriteResult result = (await directory.Of(write.PersonId)
            .ApplyAsync(new WriteBatch([write]), budget)).Results[0];
        return result.IsApplied || result.Refusal?.Kind == RefusalKind.Unknown;
    }
}
