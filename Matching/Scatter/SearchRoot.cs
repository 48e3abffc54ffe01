using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// The root of a search: scatters a batch over every partition, gathers their answers, ranks, and says what was
/// searched. One code serves local partitions and a cluster. Whether a search is allowed at all is decided here, after
/// the doors: what an agreement does not allow reaches no partition, whatever door it came by. Neither does a door get
/// more of an answer than the agreement releases (<see cref="AnswerRelease"/>).
/// </summary>
public sealed class SearchRoot(
    IPartitionDirectory directory, TimeProvider clock, IUsePolicy? policy = null, PartnerIds? ids = null,
    ICaseOpener? cases = null)
{
    private readonly IUsePolicy policy = policy ?? OpenPolicy.Instance;

    /// <summary>
    /// How far the floor lies below the threshold that the last counts make: a gallery may lose a tenth of its
    /// identities between two searches before one is made twice.
    /// </summary>
    private const double FloorBelow = 0.5;

    private readonly PartitionGather gather = new(directory, clock);

    /// <summary>
    /// Answers every request of the batch, in its order; one pass over each partition serves them all.
    /// </summary>
    public async ValueTask<IReadOnlyList<IdentifyAnswer>> IdentifyAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count is 0 or > Limits.SearchesPerBatch)
        {
            throw new ArgumentException(
                $"{requests.Count} requests, wanted 1 to {Limits.SearchesPerBatch}", nameof(requests));
        }

        UseDecision[] decisions = new UseDecision[requests.Count];
        for (int i = 0; i < requests.Count; i++)
        {
            decisions[i] = await DecideAsync(SearchDecisions.RequestOf(requests[i]), budget);
        }

        int[] allowed = [.. Enumerable.Range(0, requests.Count).Where(i => decisions[i].Refusal is null)];
        IReadOnlyList<IdentifyAnswer> found = allowed.Length == 0 ? []
            : await SearchAsync(
                [.. allowed.Select(i => SearchDecisions.Limited(requests[i], decisions[i]))], budget);
        IdentifyAnswer[] answers = [.. decisions.Select(SearchDecisions.Refused)];
        for (int k = 0; k < allowed.Length; k++)
        {
            answers[allowed[k]] = found[k] with { Permission = decisions[allowed[k]] };
        }

        // What people decide about is kept whole, before the answer is cut to what the agreement releases.
        if (cases is not null)
        {
            foreach (int i in allowed)
            {
                answers[i] = await cases.OpenAsync(requests[i], answers[i], budget.Use, budget.Cancel);
            }
        }

        // A partition that did not answer in time may still read its probe.
        foreach (int i in budget.IsSpent ? [] : allowed.Where(i => decisions[i].NoRetain))
        {
            requests[i].Probe.Erase();
        }

        return [.. answers.Select(answer => AnswerRelease.Of(answer, budget.Use.Partner, ids))];
    }

    private async ValueTask<UseDecision> DecideAsync(UseRequest request, SearchBudget budget)
    {
        UseDecision decision = await policy.DecideAsync(budget.Use, request, budget.Cancel);
        return decision.Refusal is null && request.Operation == Operation.Identify
            ? SearchDecisions.WithIds(decision, ids) : decision;
    }

    private async ValueTask<IReadOnlyList<IdentifyAnswer>> SearchAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchBudget budget)
    {
        Search[] asked = [.. requests.Select(ToSearch)];
        Look[] more = [.. asked.SelectMany((search, i) => MoreOf(requests[i], search, i))];

        // A search for swapped hands or eyes is two of the batch, one at full rotation four.
        if (requests.Count > 1 && requests.Count + more.Length > Limits.SearchesPerBatch)
        {
            int half = requests.Count / 2;
            return
            [
                .. await SearchAsync([.. requests.Take(half)], budget),
                .. await SearchAsync([.. requests.Skip(half)], budget),
            ];
        }

        long begun = clock.GetTimestamp();
        IdentifyAnswer[] ranked = await RankedAsync([.. asked, .. more.Select(look => look.Search)], begun, budget);
        for (int i = 0; i < asked.Length; i++)
        {
            IdentifyAnswer[] turned = [.. AnswersTo(look => look.Request == i && look.Labels == Labels.AsSent)];
            IdentifyAnswer answer = turned.Length == 0 ? ranked[i] : TurnedLooks.JoinFull(asked[i], ranked[i], turned);
            answer = AnswersTo(look => look.Request == i && look.Labels == Labels.HandsSwapped)
                .Aggregate(answer, (labelled, swapped) => SwappedHands.Join(asked[i], labelled, swapped));
            foreach (int quarters in (int[])[0, EyeLooks.UpsideDown])
            {
                answer = AnswersTo(
                    look => look.Request == i && look.Labels == Labels.EyesSwapped && look.Quarters == quarters)
                    .Aggregate(answer, (labelled, swapped) => SwappedEyes.Join(
                        asked[i], labelled, swapped, quarters != 0));
            }

            ranked[i] = answer;
        }

        await RetryAsync(requests, asked, ranked, begun, budget);
        return [.. requests.Select((request, i) => SearchRanking.Cut(ranked[i], request.MaxCandidates))];

        IEnumerable<IdentifyAnswer> AnswersTo(Func<Look, bool> isMeant) =>
            Enumerable.Range(0, more.Length).Where(k => isMeant(more[k])).Select(k => ranked[asked.Length + k]);
    }

    /// <summary>Whose labels a look exchanges.</summary>
    private enum Labels
    {
        AsSent,
        HandsSwapped,
        EyesSwapped,
    }

    /// <summary>One more search of a batch, for a request that asks for several looks.</summary>
    /// <param name="Request">The request's index.</param>
    /// <param name="Search">The search.</param>
    /// <param name="Quarters">Quarters of a turn of the probe.</param>
    /// <param name="Labels">Which labels are swapped.</param>
    private readonly record struct Look(int Request, Search Search, int Quarters, Labels Labels);

    /// <summary>The other looks that a request asks for.</summary>
    private static IEnumerable<Look> MoreOf(IdentifyRequest request, Search asked, int i)
    {
        bool isFull = request.Rotation == Rotation.Full;
        foreach (int quarters in isFull ? TurnedLooks.Others(asked) : [])
        {
            yield return new Look(i, TurnedLooks.Of(asked, quarters), quarters, Labels.AsSent);
        }

        if (request.SwappedHands)
        {
            yield return new Look(i, SwappedHands.Of(asked), 0, Labels.HandsSwapped);
        }

        if (request.SwappedEyes && SwappedEyes.MayBe(asked))
        {
            yield return new Look(i, SwappedEyes.Of(asked, false), 0, Labels.EyesSwapped);
            if (isFull)
            {
                yield return new Look(i, SwappedEyes.Of(asked, true), EyeLooks.UpsideDown, Labels.EyesSwapped);
            }
        }
    }

    /// <summary>
    /// Searches once more, upside down, for those who were not found and look so, where the caller waits at least as
    /// long again.
    /// </summary>
    private async ValueTask RetryAsync(
        IReadOnlyList<IdentifyRequest> requests, Search[] asked, IdentifyAnswer[] ranked, long begun,
        SearchBudget budget)
    {
        int[] empty =
        [
            .. Enumerable.Range(0, asked.Length).Where(i => requests[i].Rotation == Rotation.Normal
                && ranked[i] is { Refusal: null, Candidates.Count: 0, Coverage.HasCompared: true }
                && TurnedLooks.MayBeUpsideDown(asked[i])),
        ];
        if (empty.Length == 0 || budget.IsSpent || budget.Remaining < clock.GetElapsedTime(begun))
        {
            return;
        }

        IdentifyAnswer[] retries = await RankedAsync(
            [.. empty.Select(i => TurnedLooks.OfFingersAlone(asked[i], TurnedLooks.UpsideDown))], begun, budget);
        for (int i = 0; i < empty.Length; i++)
        {
            ranked[empty[i]] = TurnedLooks.JoinRetry(asked[empty[i]], ranked[empty[i]], retries[i]);
        }
    }

    /// <summary>
    /// Searches with the floor that follows from what partitions said last, and once more without it where they now say
    /// that it was too high.
    /// </summary>
    private async ValueTask<IdentifyAnswer[]> RankedAsync(Search[] searches, long begun, SearchBudget budget)
    {
        string[] kinds = [.. searches.Select(GalleryMemory.KindOf)];
        Search[] floored = [.. searches.Select((search, i) => WithFloor(search, kinds[i]))];
        IdentifyAnswer[] ranked = await OnceAsync(floored, kinds, begun, budget);
        int[] missed = [.. Enumerable.Range(0, searches.Length).Where(i =>
            floored[i].TargetFpir is not null && ranked[i].Coverage.IsComplete
            && ranked[i].Threshold < floored[i].Threshold)];
        if (missed.Length > 0)
        {
            IdentifyAnswer[] again = await OnceAsync(
                [.. missed.Select(i => searches[i])], [.. missed.Select(i => kinds[i])], begun, budget);
            for (int i = 0; i < missed.Length; i++)
            {
                ranked[missed[i]] = again[i];
            }
        }

        return ranked;
    }

    private Search WithFloor(Search search, string kind) =>
        search.TargetFpir is { } target && gather.Memory.Comparable(kind) is { } comparable
            ? search with
            {
                Threshold = Math.Max(search.MinThreshold, Fpir.ThresholdFor(target, comparable) - FloorBelow),
            }
            : search;

    private async ValueTask<IdentifyAnswer[]> OnceAsync(
        Search[] searches, string[] kinds, long begun, SearchBudget budget)
    {
        (IReadOnlyList<PartitionAnswer> answers, TimeSpan inVain) =
            await gather.SearchAsync(
                new SearchBatch(searches) { Standing = budget.Standing, Leases = budget.Leases }, kinds, budget);
        TimeSpan elapsed = clock.GetElapsedTime(begun);
        return
        [
            .. searches.Select((search, i) =>
            {
                Coverage coverage = SearchRanking.Cover(
                    i, answers, partition => gather.Memory.Last(kinds[i], partition.Number));
                double threshold = search.TargetFpir is { } target
                    ? Math.Max(Fpir.ThresholdFor(target, coverage.IdentitiesComparable), search.MinThreshold)
                    : search.Threshold;

                // Below its floor a search that is not complete has not looked either.
                threshold = coverage.IsComplete ? threshold : Math.Max(threshold, search.Threshold);
                IdentifyAnswer answer = SearchRanking.Rank(search, i, threshold, answers, coverage, elapsed);
                return answer with { WaitedInVain = inVain };
            }),
        ];
    }

    /// <summary>
    /// Compares a probe with one enrolled person's encounters in a gallery (or <see cref="Search.AllGalleries"/>).
    /// </summary>
    public async ValueTask<VerifyAnswer> VerifyAsync(
        Probe probe, string gallery, string personId, double threshold, SearchBudget budget)
    {
        UseDecision decision = await DecideAsync(
            SearchDecisions.RequestOf(Operation.Verify, probe, gallery) with { Threshold = threshold }, budget);
        if (decision.Refusal is { } refusal)
        {
            return new VerifyAnswer { Refusal = refusal };
        }

        VerifyAnswer answer = await VerifyAllowedAsync(probe, gallery, personId, threshold, budget);
        if (decision.NoRetain && !budget.IsSpent)
        {
            probe.Erase();
        }

        return AnswerRelease.Of(answer with { Permission = decision });
    }

    private async ValueTask<VerifyAnswer> VerifyAllowedAsync(
        Probe probe, string gallery, string personId, double threshold, SearchBudget budget)
    {
        Search search = new()
        {
            Probe = probe,
            Gallery = gallery,
            Threshold = 0,
            MaxCandidates = 1,
            OnlyPerson = personId,
        };
        PartitionAnswer answer = await gather.SearchAsync(
            directory.Of(personId), new SearchBatch([search]) { Standing = budget.Standing }, budget);
        if (answer.Results.Count == 0)
        {
            return answer.Outcome == PartitionOutcome.Refused
                ? new VerifyAnswer { Refusal = new Refusal(RefusalKind.Overloaded, answer.Reason!, answer.RetryAfter) }
                : new VerifyAnswer { Outage = new Outage(answer.Reason ?? "no answer", MayRetry: true) };
        }

        SearchHits found = answer.Results[0];
        if (!found.PersonKnown || !found.GalleryKnown)
        {
            return new VerifyAnswer
            {
                Refusal = new Refusal(RefusalKind.Unknown, found.PersonKnown ? "no such gallery" : "no such person"),
            };
        }

        // What was not looked at, or cannot be read, may be what agrees.
        if (answer.Outcome != PartitionOutcome.Complete && !found.Hits.Any(hit => hit.Score >= threshold))
        {
            return new VerifyAnswer
            {
                Outage = new Outage(answer.Reason ?? "no whole answer", MayRetry: answer.RetryAfter is not null),
            };
        }

        // An encounter of another gallery, or an inactive one, is nobody a search of this gallery would have shown.
        return found is { Count.Held: 0, Hits.Count: 0 }
            ? new VerifyAnswer { Refusal = new Refusal(RefusalKind.Unknown, "no such person in this gallery") }
            : VerifyAnswer.Of(
                [.. found.Hits.Select(hit => hit with { Details = SearchRanking.Named(search, hit.Details) })],
                found.Count, threshold);
    }

    private static Search ToSearch(IdentifyRequest request)
    {
        if (request.MaxCandidates is < 1 or > Limits.CandidatesPerSearch)
        {
            throw new ArgumentException(
                $"{request.MaxCandidates} candidates, wanted 1 to {Limits.CandidatesPerSearch}", nameof(request));
        }

        return new Search
        {
            Probe = request.Probe,
            Gallery = request.Gallery,
            Filter = request.Filter,
            Exhaustive = request.Exhaustive,
            FastIrises = request.FastIrises,
            MaxCandidates = request.MaxCandidates + 1,
            Threshold = Math.Max(request.Threshold ?? 0, request.MinThreshold),
            MinThreshold = request.MinThreshold,
            TargetFpir = request.Threshold is null ? request.TargetFpir : null,
        };
    }
}
