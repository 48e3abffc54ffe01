using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Deletes a gallery: its keys seal nothing any more; encounters that are in no other gallery are deleted, and others
/// leave it; then its keys are destroyed. Where something has to stay, as under a legal hold, the gallery stays with
/// it, and its keys seal again, so that the hold can be ended. A deletion that is cut off goes on where it was when
/// it is asked for again; meanwhile nobody is enrolled in that gallery.
/// </summary>
public sealed class GalleryDeletion(IPartitionDirectory directory, EncounterRoot encounters, IGalleryKeys? keys)
{
    private const int MembersPerPage = 500;

    /// <summary>No person is called so: it only has to be staged after everything that came before.</summary>
    private static readonly Write Nobody = new Write.Delete("\u007f", "\u007f");

    private long deleted;
    private long left;

    /// <summary>Why an encounter of the last walk is still in the gallery; null where all are out.</summary>
    private string? stays;

    /// <param name="gallery">The gallery.</param>
    /// <param name="budget">How long the caller waits.</param>
    /// <exception cref="KeyException">The keys cannot be read.</exception>
    public async Task<DeletedGallery> RunAsync(string gallery, SearchBudget budget)
    {
        // Whoever may not delete it closes none of its keys.
        ReadAnswer asked = await encounters.ReadGalleryAsync(gallery, 0, 1, budget);
        if (asked.Refusal is { Kind: not RefusalKind.Unknown } || asked.Outage is not null)
        {
            return new DeletedGallery(0, 0, false) { Refusal = asked.Refusal, Outage = asked.Outage };
        }

        if (keys is not null)
        {
            await keys.CloseAsync(gallery, budget.Cancel);
            await EndWritesAsync(budget);
        }

        bool isKnown = false;
        GalleryMember? last = null;
        long before = 0;
        while (true)
        {
            ReadAnswer page = await encounters.ReadGalleryAsync(gallery, 0, MembersPerPage, budget, last);
            if (page.Refusal is { Kind: RefusalKind.Unknown } unknown)
            {
                // Nobody is in it any more, or nobody ever was.
                bool hadKey = await DestroyAsync(gallery, budget.Cancel);
                return isKnown || hadKey ? new DeletedGallery(deleted, left, hadKey) : Failed(unknown);
            }

            if (page.Refusal is not null || page.Outage is not null)
            {
                return new DeletedGallery(deleted, left, false) { Refusal = page.Refusal, Outage = page.Outage };
            }

            isKnown = true;
            if (page.Members.Count == 0)
            {
                // All of it was gone through. It is again as long as that takes somebody out.
                if (deleted + left == before)
                {
                    return await StaysAsync(gallery, budget.Cancel);
                }

                (last, before, stays) = (null, deleted + left, null);
                continue;
            }

            foreach (string person in page.Members.Select(member => member.PersonId).Distinct(StringComparer.Ordinal))
            {
                if (budget.IsSpent)
                {
                    return NotFinished("the deadline passed");
                }

                if (await TakeOutAsync(person, gallery, budget) is { } failed)
                {
                    return failed;
                }
            }

            last = page.Members[^1];
        }
    }

    private async Task<bool> DestroyAsync(string gallery, CancellationToken cancel)
    {
        if (keys is null || !(await keys.ListAsync(cancel)).Keys.Any(key => key.Gallery == gallery))
        {
            return false;
        }

        await keys.DestroyAsync(gallery, cancel);
        return true;
    }

    /// <summary>
    /// What was sealed before the keys closed may still be on its way: a write to each partition comes after it.
    /// </summary>
    private async Task EndWritesAsync(SearchBudget budget) => await Task.WhenAll(directory.All.Select(
        partition => partition.ApplyAsync(new WriteBatch([Nobody]), budget).AsTask()));

    private async Task<DeletedGallery?> TakeOutAsync(string person, string gallery, SearchBudget budget)
    {
        ReadAnswer read = await encounters.ReadToChangeAsync(person, budget);
        if (read.Refusal is { Kind: RefusalKind.Unknown })
        {
            return null;
        }

        if (read.Outage is { } outage)
        {
            return NotFinished(outage.Reason, outage.MayRetry);
        }

        foreach (Encounter encounter in read.Encounters.Where(one => one.Galleries.Contains(gallery)))
        {
            string[] others = [.. encounter.Galleries.Where(name => name != gallery)];
            Write write = others.Length == 0
                ? new Write.Delete(person, encounter.EncounterId, encounter.RecordId)
                : new Write.SetGalleries(person, encounter.EncounterId, others);
            WriteResult result = (await encounters.ApplyAsync([write], budget))[0];
            if (result.Outage is { } broken)
            {
                return NotFinished(broken.Reason, broken.MayRetry);
            }

            // One that was changed or deleted in the meantime is looked at again with the next walk.
            deleted += result.IsApplied && others.Length == 0 ? 1 : 0;
            left += result.IsApplied && others.Length > 0 ? 1 : 0;
            if (result.Refusal is { Kind: RefusalKind.Overloaded or RefusalKind.Full or RefusalKind.Invalid } refusal)
            {
                return NotFinished(refusal.Reason);
            }

            // One under a legal hold, or of another partner too, stays; the others are taken out all the same.
            stays = result.Refusal is { Kind: not RefusalKind.Unknown } keeps ? keeps.Reason : stays;
        }

        return null;
    }

    private async Task<DeletedGallery> StaysAsync(string gallery, CancellationToken cancel)
    {
        if (keys is not null)
        {
            await keys.ReopenAsync(gallery, cancel);
        }

        return new DeletedGallery(deleted, left, false)
        {
            Refusal = new Refusal(
                RefusalKind.Conflict,
                $"the gallery stays: {deleted} encounters were deleted and {left} left it; of one that is still there: "
                + (stays ?? "it has expired and is not erased yet")),
        };
    }

    private DeletedGallery NotFinished(string reason, bool mayRetry = true) => new(deleted, left, false)
    {
        Outage = new Outage(
            $"{reason}: {deleted} encounters were deleted and {left} left the gallery, the rest is still in it; "
            + "delete the gallery again", mayRetry),
    };

    private static DeletedGallery Failed(Refusal refusal) => new(0, 0, false) { Refusal = refusal };
}

/// <summary>What became of a gallery.</summary>
/// <param name="Deleted">Encounters that were in no other gallery.</param>
/// <param name="Left">Encounters that are still in others.</param>
/// <param name="HadKey">Whether its keys were destroyed.</param>
public sealed record DeletedGallery(long Deleted, long Left, bool HadKey)
{
    /// <summary>Why there is nothing to delete; null otherwise.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Why it is not finished; null otherwise.</summary>
    public Outage? Outage { get; init; }
}
