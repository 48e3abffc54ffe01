using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>The steps of moves between persons.</summary>
internal sealed partial class WriteStage
{
    private async ValueTask<Refusal?> StageLeaveAsync(Write.Leave leave, CancellationToken cancel)
    {
        Encounter? current = await FindAsync(leave.Person, leave.EncounterId, cancel);
        if (current is null)
        {
            return leave.OfAll != 0 ? MoveStage.Changed : NotFound(leave.Person, leave.EncounterId);
        }

        return current.IsHeld ? Held
            : current.Transit is not null ? MoveStage.Busy
            : current.RecordId != leave.OnlyRecord ? MoveStage.Changed
            : leave.OfAll != 0 && LiveEncountersOf(leave.Person).Count != leave.OfAll ? MoveStage.Changed
            : await PutAsync(current, NextStep(current, leave.Transit), cancel);
    }

    /// <summary>Done again for the same move it changes nothing: whoever got no answer may ask again.</summary>
    private Refusal? StageArrive(Encounter encounter, EncounterRows rows)
    {
        Transit transit = encounter.Transit!;
        if (TransitOf(encounter.PersonId, encounter.EncounterId)?.Move == transit.Move)
        {
            return null;
        }

        return LiveEncountersOf(encounter.PersonId).Count == 0 ? MoveStage.NoTarget
            : clock.GetUtcNow() - transit.Begun > Limits.LongestDecision ? MoveStage.TooOld
            : StageCreate(NextStep(encounter, transit), rows);
    }

    private async ValueTask<Refusal?> StageEndAsync(Write.EndMove end, CancellationToken cancel)
    {
        if (TransitOf(end.Person, end.EncounterId)?.Move != end.Move)
        {
            return MoveStage.Ended;
        }

        if (!end.Keep)
        {
            Remove(end.Person, end.EncounterId);
            return null;
        }

        Encounter? current = await FindAsync(end.Person, end.EncounterId, cancel);
        return current is null ? NotFound(end.Person, end.EncounterId)
            : await PutAsync(current, NextStep(current, null), cancel);
    }

    /// <summary>A step of a move: a version of its own, that no earlier or later stay with a person has had.</summary>
    private Encounter NextStep(Encounter encounter, Transit? transit) => encounter with
    {
        RecordId = Guid.CreateVersion7(clock.GetUtcNow()),
        MovedFrom = null,
        Transit = transit,
    };

    private Transit? TransitOf(string person, string encounterId) =>
        TryGetTouched(person, encounterId, out Encounter? staged) ? staged?.Transit : moves.Of(person, encounterId);

    private bool IsLeaving(string person) => LiveEncountersOf(person) is { Count: > 0 } all
        && all.All(id => TransitOf(person, id)?.Kind == TransitKind.Leaving);

    /// <summary>
    /// An encounter on its way is its move's alone. A person all of whose encounters are leaving takes in nobody: that
    /// person may be gone in a moment.
    /// </summary>
    private bool IsHeldByMove(Write write) => write switch
    {
        Write.Create create => IsLeaving(create.PersonId),
        Write.Arrive arrive => IsLeaving(arrive.PersonId),
        Write.Update update => TransitOf(update.PersonId, update.Encounter.EncounterId) is not null,
        Write.SetStatus set => TransitOf(set.Person, set.EncounterId) is not null,
        Write.SetGalleries set => TransitOf(set.Person, set.EncounterId) is not null,
        Write.ErasePictures erase => TransitOf(erase.Person, erase.EncounterId) is not null,
        Write.SetHold hold => TransitOf(hold.Person, hold.EncounterId) is not null,
        Write.Delete delete => TransitOf(delete.Person, delete.EncounterId) is not null,
        Write.DeletePerson person =>
            LiveEncountersOf(person.Person).Any(id => TransitOf(person.Person, id) is not null),
        _ => false,
    };
}
