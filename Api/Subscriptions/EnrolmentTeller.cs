using System.Globalization;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Subscriptions;

/// <summary>Somebody who came into a gallery.</summary>
/// <param name="Encounter">As it is stored now.</param>
/// <param name="Probe">What is compared of it.</param>
internal readonly record struct Newcomer(Encounter Encounter, Probe Probe);

/// <summary>
/// Tells the owner of a gallery which of its persons another partner's enrolment met: one into the gallery itself, or
/// into another one that the owner may search. It says nothing of the encounter that came.
/// </summary>
internal sealed class EnrolmentTeller(
    SubscriptionStores stores, WrapBacks wrapBacks, Backend backend, AlertDesk desk, TimeProvider clock)
{
    private const int MostMet = 100;

    /// <summary>How long one search may take, less than a watch lasts; then it is tried again.</summary>
    private static readonly TimeSpan SearchTime = TimeSpan.FromSeconds(8);

    private readonly SearchRoot search = new(backend.Directory, clock);
    private readonly EncounterRoot people = new(backend.Directory, clock);

    /// <summary>Compares newcomers of a gallery with the galleries whose owners want to know.</summary>
    /// <param name="gallery">Where they came into.</param>
    /// <param name="came">Who came.</param>
    /// <param name="goesOn">Whether this is still ours to do; asked before each of them.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>Whether it was ours until the end.</returns>
    /// <exception cref="StoreException">Not everybody was compared; it is to be done again.</exception>
    public async Task<bool> TellAsync(
        string gallery, IReadOnlyList<Newcomer> came, Func<ValueTask<bool>> goesOn, CancellationToken cancel)
    {
        // As of now: whoever wanted to know before one of them was noted is among them.
        IReadOnlyList<Subscription> all = came.Count == 0 ? [] : await wrapBacks.OfEnrolmentsNowAsync(cancel);
        foreach (Newcomer one in all.Count == 0 ? [] : came)
        {
            if (!await goesOn())
            {
                return false;
            }

            if (await stores.Book.EnrolmentOfAsync(one.Encounter.PersonId, one.Encounter.EncounterId, cancel)
                is not { } note)
            {
                continue;
            }

            foreach (Subscription owner in all.Where(
                owner => owner.Partner != note.Partner && owner.Created <= note.At))
            {
                if (await PolicyAsync(owner, gallery, one.Encounter, cancel) is { } policy)
                {
                    await TellAsync(owner, policy, one, note, cancel);
                }
            }
        }

        return true;
    }

    /// <summary>Owners who want to know of enrolments into a gallery whose changes are not kept any more.</summary>
    public async Task<IReadOnlyList<Subscription>> OfAsync(string gallery, CancellationToken cancel)
    {
        List<Subscription> told = [];
        foreach (Subscription owner in await wrapBacks.OfEnrolmentsAsync(cancel))
        {
            if (await PolicyAsync(owner, gallery, null, cancel) is not null)
            {
                told.Add(owner);
            }
        }

        return told;
    }

    /// <summary>
    /// The policy of the owner's gallery, where it owns it still and what comes into the other gallery may be compared
    /// with it; null otherwise.
    /// </summary>
    private async Task<GalleryPolicy?> PolicyAsync(
        Subscription owner, string gallery, Encounter? encounter, CancellationToken cancel)
    {
        if (backend.Agreements is not { } agreements
            || (await agreements.BookAsync(cancel)).PolicyOf(owner.Gallery) is not { } policy
            || policy.Owner != owner.Partner)
        {
            return null;
        }

        if (gallery == owner.Gallery)
        {
            return policy;
        }

        UseDecision decision = await agreements.DecideAsync(
            owner.Use,
            new UseRequest(Operation.Identify, [gallery])
            {
                Modalities = [.. (encounter?.Samples ?? []).Select(sample => sample.Position.Modality).Distinct()],
                Threshold = owner.Threshold,
            },
            cancel);
        return decision.Refusal is null && owner.Threshold >= decision.MinThreshold ? policy : null;
    }

    private async Task TellAsync(
        Subscription owner, GalleryPolicy policy, Newcomer one, EnrolmentNote note, CancellationToken cancel)
    {
        foreach (string person in await MetAsync(owner, one, cancel))
        {
            await desk.RaiseAsync(
                owner,
                new AlertBody
                {
                    AlertId = AlertDesk.IdOf(
                        owner.Id, AlertKinds.WrapBack, AlertKinds.Enrolment, one.Encounter.PersonId,
                        one.Encounter.EncounterId, person),
                    Kind = AlertKinds.WrapBack,
                    Cause = AlertKinds.Enrolment,
                    SubscriptionId = owner.Id,
                    Reference = owner.Reference,
                    GalleryId = owner.Gallery,
                    At = clock.GetUtcNow(),
                    PersonId = person,
                    Purpose = note.Purpose,
                    Partner = policy.NamesSearchers ? note.Partner : null,
                },
                cancel);
        }
    }

    /// <summary>Tells the owner, once a day, that a part of its gallery cannot be compared with anybody.</summary>
    private ValueTask TellGapAsync(Subscription owner, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return desk.RaiseAsync(
            owner,
            new AlertBody
            {
                AlertId = AlertDesk.IdOf(
                    owner.Id, AlertKinds.Gap, AlertKinds.Enrolment,
                    now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                Kind = AlertKinds.Gap,
                SubscriptionId = owner.Id,
                Reference = owner.Reference,
                GalleryId = owner.Gallery,
                At = now,
            },
            cancel);
    }

    /// <summary>Persons of the owner's gallery that the newcomer is like, or whose further encounter it is.</summary>
    private async Task<IReadOnlyList<string>> MetAsync(Subscription owner, Newcomer one, CancellationToken cancel)
    {
        SearchBudget budget = SearchBudget.Of(SearchTime, clock, cancel).For(Use.Internal);
        IdentifyAnswer answer = (await search.IdentifyAsync(
            [
                new IdentifyRequest
                {
                    Probe = one.Probe,
                    Gallery = owner.Gallery,
                    Threshold = owner.Threshold,
                    MaxCandidates = MostMet,
                },
            ],
            budget))[0];

        // What asking again cannot mend, as a record that cannot be read, would hold up everybody for good.
        if (answer.Coverage is { IsComplete: false, RetryAfter: not null }
            || answer.Refusal is { Kind: not RefusalKind.Unknown })
        {
            throw new StoreException(
                $"a gallery was not searched: {answer.Refusal?.Reason ?? string.Join("; ", answer.Coverage.Missing)}");
        }

        if (!answer.Coverage.IsComplete)
        {
            await TellGapAsync(owner, cancel);
        }

        ReadAnswer own = await people.ReadPersonAsync(one.Encounter.PersonId, budget);
        if (own.Outage is { } outage)
        {
            throw new StoreException(outage, "a person");
        }

        // By its own id it is met where the gallery had the person before.
        bool isKnown = own.Encounters.Any(
            other => other.EncounterId != one.Encounter.EncounterId && other.Galleries.Contains(owner.Gallery));
        return
        [
            .. answer.Candidates.Select(found => found.PersonId).Where(id => id != one.Encounter.PersonId),
            .. isKnown ? [one.Encounter.PersonId] : Array.Empty<string>(),
        ];
    }
}
