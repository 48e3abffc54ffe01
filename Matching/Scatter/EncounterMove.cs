using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Moves encounters from one person to another. The two persons may be on two partitions that share no
/// transaction, so the move takes durable steps. The source marks what leaves, all or none. The target takes
/// it, all or none, if it exists and is not leaving itself; this decides the move. Then the source's copies
/// are deleted and the target's mark is removed. While an encounter is marked only its move may change it. So
/// a crash at any step leaves marks which say how the move ends (<see cref="MoveEnding"/>), and moves that
/// meet happen one after the other.
/// </summary>
/// <remarks>
/// Moves that wait for each other in a ring cannot all go from a smaller person id to a larger one. A move
/// against that order takes its marks back before it waits, so that one move of a ring always gets through.
/// </remarks>
internal sealed class EncounterMove(
    IPartitionDirectory directory, TimeProvider clock, string targetPerson, string sourcePerson,
    UseDecision decision, SearchBudget budget)
{
    private readonly MoveEnding ending = new(directory);
    private readonly PersonReads reads = new(directory);
    private readonly IPartition from = directory.Of(sourcePerson);
    private readonly IPartition to = directory.Of(targetPerson);

    /// <param name="encounterId">The one to move, or null for every encounter of the source.</param>
    public async ValueTask<WriteResult> RunAsync(string? encounterId)
    {
        if (targetPerson == sourcePerson)
        {
            return new WriteResult(new Refusal(RefusalKind.Invalid, "source and target are the same person"));
        }

        MoveWait wait = new(clock, budget);
        WriteResult result = await TryAsync(encounterId);
        while (MoveStage.IsBusy(result.Refusal)
            && await wait.ForAsync(ending, sourcePerson) && await wait.ForAsync(ending, targetPerson))
        {
            result = await TryAsync(encounterId);
        }

        return result;
    }

    private async ValueTask<WriteResult> TryAsync(string? encounterId)
    {
        ReadAnswer all = await reads.ReadAsync(sourcePerson, budget);
        ReadAnswer source = KnownPersons.Of(all, decision.Known);
        if (source.Refusal is not null || source.Outage is not null)
        {
            return new WriteResult(source.Refusal, source.Outage);
        }

        Encounter[] moving = [.. source.Encounters.Where(e => encounterId is null || e.EncounterId == encounterId)];
        if (moving.Length == 0)
        {
            return new WriteResult(new Refusal(RefusalKind.Unknown, "no such encounter"));
        }

        // Asked only to spare a move that is refused its steps; the target decides by what it holds then.
        ReadAnswer target = KnownPersons.Of(await reads.ReadAsync(targetPerson, budget), decision.Known);
        if (target.Refusal is not null)
        {
            return new WriteResult(target.Refusal);
        }

        if (moving.Any(encounter => encounter.Transit is not null))
        {
            return new WriteResult(MoveStage.Busy);
        }

        if (moving.Sum(encounter => encounter.PictureBytes) is > Limits.PictureBytes and var tooMany)
        {
            return new WriteResult(new Refusal(
                RefusalKind.Invalid,
                $"the encounters have {tooMany} bytes of pictures, wanted at most {Limits.PictureBytes} at once; "
                + "move them one by one"));
        }

        for (int i = 0; i < moving.Length; i++)
        {
            if (moving[i].Pictures.Count > 0)
            {
                ReadAnswer whole = await from.ReadAsync(
                    new ReadQuery.Pictures(sourcePerson, moving[i].EncounterId), budget);
                if (whole.Encounters is not [{ } one])
                {
                    return new WriteResult(whole.Refusal, whole.Outage);
                }

                moving[i] = one;
            }
        }

        Guid move = Guid.CreateVersion7(clock.GetUtcNow());
        Transit mark = new(TransitKind.Leaving, move, targetPerson, clock.GetUtcNow());

        // Who also is where the caller cannot look stays there with the rest.
        int ofAll = encounterId is null && moving.Length == all.Encounters.Count ? moving.Length : 0;
        Write[] leaves = [.. moving.Select(e => new Write.Leave(sourcePerson, e.EncounterId, e.RecordId, mark, ofAll))];
        Write[] arrivals = [.. moving.Select(e => new Write.Arrive(e with
        {
            PersonId = targetPerson,
            Transit = mark with { Kind = TransitKind.Arrived, Other = sourcePerson },
        }))];
        return from.Id == to.Id
            ? await ApplyAsync(
                to, [.. leaves, .. arrivals, .. Ends(sourcePerson, moving, move, false),
                    .. Ends(targetPerson, moving, move, true)], budget)
            : await CrossAsync(leaves, arrivals, moving, move);
    }

    private async ValueTask<WriteResult> CrossAsync(Write[] leaves, Write[] arrivals, Encounter[] moving, Guid move)
    {
        WriteResult left = await ApplyAsync(from, leaves, budget);
        if (!left.IsApplied)
        {
            return left.Outage is null ? left : await UndoneAsync(moving, move, left);
        }

        (WriteResult arrived, bool isDoubtful) = await ArriveAsync(arrivals);
        if (arrived.IsApplied)
        {
            // Decided: what is left to do anybody can do, and the answer does not depend on it.
            await EndAsync(from, Ends(sourcePerson, moving, move, false), to, Ends(targetPerson, moving, move, true));
            return arrived;
        }

        if (!isDoubtful)
        {
            return await UndoneAsync(moving, move, arrived);
        }

        string why = arrived.Outage?.Reason ?? arrived.Refusal!.Reason;
        return new WriteResult(Outage: new Outage(
            $"it is not known whether the encounters were moved; they are with one of the two persons: {why}",
            MayRetry: true));
    }

    /// <summary>
    /// Asks the target until it decides. The caller's deadline no longer counts: half a move is worse than a late
    /// answer. An attempt that got no answer may still be carried out: a later refusal says nothing about it then.
    /// </summary>
    private async ValueTask<(WriteResult Result, bool IsDoubtful)> ArriveAsync(Write[] arrivals)
    {
        SearchBudget own = SearchBudget.Of(Limits.DefaultDeadline);
        MoveWait wait = new(clock, own);
        bool mayHoldOn = string.CompareOrdinal(sourcePerson, targetPerson) < 0;
        bool isDoubtful = false;
        while (true)
        {
            WriteResult result = await ApplyAsync(to, arrivals, own);
            isDoubtful |= result.Outage is not null;
            bool again = result.Outage is { MayRetry: true } || (mayHoldOn && MoveStage.IsBusy(result.Refusal));
            if (!again || !await wait.ForAsync(ending, targetPerson))
            {
                return (result, isDoubtful && !result.IsApplied);
            }
        }
    }

    /// <summary>
    /// Takes the marks of the source back, so that whoever is told that nothing was moved can change it at once. Where
    /// they stay, because the source's store does not answer, the answer says so: they are ended when nobody can be
    /// busy with the move any more.
    /// </summary>
    private async ValueTask<WriteResult> UndoneAsync(Encounter[] moving, Guid move, WriteResult why)
    {
        SearchBudget own = SearchBudget.Of(Limits.DefaultDeadline);
        MoveWait wait = new(clock, own);
        WriteBatch back = new(Ends(sourcePerson, moving, move, keep: true));
        while (true)
        {
            WriteAck ack = await from.ApplyAsync(back, own);
            WriteResult stays = ack.Results.FirstOrDefault(
                result => result.Outage is not null || result.Refusal is { Kind: not RefusalKind.Unknown });
            if (stays.IsApplied)
            {
                return why;
            }

            if (stays.Outage is not { MayRetry: true } || !await wait.ForAsync(ending, sourcePerson))
            {
                return new WriteResult(Outage: new Outage(
                    $"nothing was moved ({why.Refusal?.Reason ?? why.Outage!.Reason}), and the encounters cannot be "
                    + $"changed for up to {Limits.LongestMove.TotalSeconds:F0} s: taking the move back failed, "
                    + (stays.Refusal?.Reason ?? stays.Outage!.Reason),
                    MayRetry: true));
            }
        }
    }

    /// <summary>The target's marks stay until the source's copies are gone: they say whose these are.</summary>
    private static async ValueTask EndAsync(IPartition from, Write[] sources, IPartition to, Write[] targets)
    {
        SearchBudget own = SearchBudget.Of(Limits.DefaultDeadline);
        WriteAck gone = await from.ApplyAsync(new WriteBatch(sources), own);
        if (gone.Results.All(result => result.IsApplied || result.Refusal?.Kind == RefusalKind.Unknown))
        {
            await to.ApplyAsync(new WriteBatch(targets), own);
        }
    }

    private static Write[] Ends(string person, Encounter[] encounters, Guid move, bool keep) =>
        [.. encounters.Select(e => new Write.EndMove(person, e.EncounterId, move, keep))];

    private async ValueTask<WriteResult> ApplyAsync(IPartition partition, Write[] writes, SearchBudget budget) =>
        (await partition.ApplyAsync(new WriteBatch(writes, AllOrNothing: true) { Owned = decision.Galleries }, budget))
            .Results.FirstOrDefault(result => !result.IsApplied);
}
