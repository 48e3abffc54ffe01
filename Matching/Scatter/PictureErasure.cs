using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Erases the pictures of every encounter of a gallery; templates stay. What was cut off is asked for again: what is
/// erased already is passed over.
/// </summary>
public sealed class PictureErasure(EncounterRoot encounters)
{
    private const int MembersPerPage = 500;

    private long erased;
    private long held;

    /// <param name="gallery">The gallery.</param>
    /// <param name="budget">How long the caller waits, and on whose behalf it asks.</param>
    public async Task<ErasedPictures> RunAsync(string gallery, SearchBudget budget)
    {
        GalleryMember? last = null;
        while (true)
        {
            ReadAnswer page = await encounters.ReadGalleryAsync(gallery, 0, MembersPerPage, budget, last);
            if (page.Refusal is not null || page.Outage is not null)
            {
                return new ErasedPictures(erased, held) { Refusal = page.Refusal, Outage = page.Outage };
            }

            if (page.Members.Count == 0)
            {
                return new ErasedPictures(erased, held);
            }

            foreach (string person in page.Members.Select(member => member.PersonId).Distinct(StringComparer.Ordinal))
            {
                Outage? broken = budget.IsSpent ? new Outage("the deadline passed", MayRetry: true)
                    : await EraseAsync(person, gallery, budget);
                if (broken is not null)
                {
                    return new ErasedPictures(erased, held)
                    {
                        Outage = broken with
                        {
                            Reason = $"{broken.Reason}: the pictures of {erased} encounters were erased; ask again for "
                                + "the rest",
                        },
                    };
                }
            }

            last = page.Members[^1];
        }
    }

    private async Task<Outage?> EraseAsync(string person, string gallery, SearchBudget budget)
    {
        ReadAnswer read = await encounters.ReadPersonAsync(person, budget);
        foreach (Encounter encounter in read.Encounters.Where(
            one => one.Pictures.Count > 0 && one.Galleries.Contains(gallery)))
        {
            WriteResult result = (await encounters.ApplyAsync(
                [new Write.ErasePictures(person, encounter.EncounterId)], budget))[0];
            if (result.Outage is not null || result.Refusal is { Kind: RefusalKind.Overloaded or RefusalKind.Full })
            {
                return result.Outage ?? new Outage(result.Refusal!.Reason, MayRetry: true);
            }

            erased += result.IsApplied ? 1 : 0;
            held += result.Refusal is { Kind: not RefusalKind.Unknown } ? 1 : 0;
        }

        return read.Outage;
    }
}

/// <summary>What became of the pictures of a gallery.</summary>
/// <param name="Erased">Encounters whose pictures are gone.</param>
/// <param name="Held">Encounters whose pictures stay: under a legal hold, or in another partner's gallery too.</param>
public sealed record ErasedPictures(long Erased, long Held)
{
    /// <summary>Why nothing may be erased; null otherwise.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Why it is not finished; null otherwise.</summary>
    public Outage? Outage { get; init; }
}
