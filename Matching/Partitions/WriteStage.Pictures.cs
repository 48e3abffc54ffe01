using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Pictures go where their encounter goes: every version of a record is stored with them again, because they are sealed
/// for that version alone.
/// </summary>
internal sealed partial class WriteStage
{
    private static Refusal PicturesUnreadable(Rejection why) => new(
        RefusalKind.Conflict,
        $"the pictures of the encounter cannot be read ({why}): restore a backup, replace the encounter or delete it");

    private ValueTask<Decoded<Encounter>> WithPicturesAsync(Encounter encounter, CancellationToken cancel) =>
        encounter.HasItsPictures ? ValueTask.FromResult<Decoded<Encounter>>(encounter)
            : store.ReadPicturesAsync(partition, encounter, cancel);

    /// <summary>Puts the next version of an encounter with the same samples, with the pictures that it keeps.</summary>
    private async ValueTask<Refusal?> PutAsync(Encounter current, Encounter next, CancellationToken cancel)
    {
        if (next.Pictures.Count == 0)
        {
            return Put(next, null);
        }

        Decoded<Encounter> whole = await WithPicturesAsync(current, cancel);
        return whole.IsAccepted ? Put(next with { Pictures = Staying(current, next, whole.Value) }, null)
            : PicturesUnreadable(whole.Rejection);
    }

    /// <summary>Those of the next version, which has all of the current one or fewer, with their bytes.</summary>
    private static IReadOnlyList<Picture> Staying(Encounter current, Encounter next, Encounter whole) =>
        next.Pictures.Count == current.Pictures.Count ? whole.Pictures
            : [.. whole.Pictures.Where((_, i) => next.Pictures.Contains(current.Pictures[i]))];

    private async ValueTask<Refusal?> StageErasureAsync(Write.ErasePictures erase, CancellationToken cancel)
    {
        Encounter? current = await FindAsync(erase.Person, erase.EncounterId, cancel);
        return current is null ? NotFound(erase.Person, erase.EncounterId)
            : current.Pictures.Count == 0 ? null
            : current.IsHeld ? Held
            : Put(Next(current with { Pictures = [] }, current.Updated), null);
    }
}
