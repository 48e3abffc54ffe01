using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// The root of a search: scatters a batch over every partition, gathers their answers, ranks, and says what was
/// searched. The same code stands in front of local partitions and of a cluster.
/// </summary>
public sealed class SearchRoot(IPartitionDirectory directory, TimeProvider clock)
{
    private readonly PartitionGather gather = new(directory);

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

        // A search for swapped hands is two of the batch.
        if (requests.Count + requests.Count(request => request.SwappedHands) > Limits.SearchesPerBatch)
        {
            int half = requests.Count / 2;
            return
            [
                .. await IdentifyAsync([.. requests.Take(half)], budget),
                .. await IdentifyAsync([.. requests.Skip(half)], budget),
            ];
        }

        long begun = clock.GetTimestamp();
        long held = requests.Any(r => r.Threshold is null) ? await directory.HeldAsync(budget.Cancel) : 0;
        Search[] asked = [.. requests.Select(request => ToSearch(request, held))];
        int[] swapped = [.. Enumerable.Range(0, asked.Length).Where(i => requests[i].SwappedHands)];
        Search[] searches = [.. asked, .. swapped.Select(i => SwappedHands.Of(asked[i]))];
        IReadOnlyList<PartitionAnswer> answers = await gather.SearchAsync(new SearchBatch(searches), budget);

        Coverage coverage = SearchRanking.Cover(answers);
        TimeSpan elapsed = clock.GetElapsedTime(begun);
        IdentifyAnswer[] ranked =
            [.. searches.Select((search, i) => SearchRanking.Rank(search, i, answers, coverage, elapsed))];
        for (int i = 0; i < swapped.Length; i++)
        {
            ref IdentifyAnswer answer = ref ranked[swapped[i]];
            answer = SwappedHands.Join(asked[swapped[i]], answer, ranked[asked.Length + i]);
        }

        return ranked[..asked.Length];
    }

    /// <summary>
    /// Compares a probe with one enrolled person's encounters in a gallery (or <see cref="Search.AllGalleries"/>).
    /// </summary>
    public async ValueTask<VerifyAnswer> VerifyAsync(
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
        PartitionAnswer answer = await gather.SearchAsync(directory.Of(personId), new SearchBatch([search]), budget);
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

        return VerifyAnswer.Of(found.Hits, threshold);
    }

    private static Search ToSearch(IdentifyRequest request, long held)
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
            MaxCandidates = request.MaxCandidates,
            Threshold = request.Threshold ?? Fpir.ThresholdFor(request.TargetFpir, held),
        };
    }
}
