using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>Merges the partitions' lists and adds up what they looked at.</summary>
public static class SearchRanking
{
    /// <summary>
    /// Adds up what one search of a batch covered. A partition that did not answer counts with what it last said of
    /// such a search, or else with all it holds.
    /// </summary>
    /// <param name="index">Index of the search in the batch.</param>
    /// <param name="answers">One of each partition.</param>
    /// <param name="last">What a partition last said of such a search; null where it never did.</param>
    public static Coverage Cover(
        int index, IReadOnlyList<PartitionAnswer> answers, Func<PartitionId, SearchCount?> last)
    {
        SearchCount[] counts = [.. answers.Select(answer => CountOf(index, answer, last))];
        return new Coverage
        {
            PartitionsAsked = answers.Count,
            PartitionsAnswered = answers.Count(answer => answer.Outcome == PartitionOutcome.Complete),
            IdentitiesHeld = counts.Sum(count => count.Held),
            IdentitiesSearched = counts.Sum(count => count.Searched),
            IdentitiesComparable = counts.Sum(count => count.Comparable),
            Missing = [.. answers.Where(a => a.Outcome != PartitionOutcome.Complete).Select(a => a.Reason!).Distinct()],
            RetryAfter = answers.Max(answer => answer.RetryAfter),
        };
    }

    private static SearchCount CountOf(int index, PartitionAnswer answer, Func<PartitionId, SearchCount?> last)
    {
        if (answer.Results.Count > 0)
        {
            return answer.Results[index].Count ?? new SearchCount(
                answer.IdentitiesHeld, answer.IdentitiesSearched, answer.IdentitiesHeld, 0);
        }

        return last(answer.Partition) is { } said
            ? said with { Searched = 0, Reached = 0 }
            : new SearchCount(answer.IdentitiesHeld, 0, answer.IdentitiesHeld, 0);
    }

    /// <summary>
    /// Leaves out of the answers of several partitions the hits that can no longer be among the best: a hit
    /// with enough better hits in these partitions alone has them in the whole gallery too. A machine with
    /// many partitions sends one list instead of one per partition.
    /// </summary>
    public static PartitionAnswer[] KeepBest(SearchBatch batch, IReadOnlyList<PartitionAnswer> answers)
    {
        PartitionAnswer[] searched = [.. answers.Where(answer => answer.Results.Count > 0)];
        HashSet<Hit>[] kept = [.. batch.Searches.Select((search, i) => new HashSet<Hit>(
            Ordered(searched.SelectMany(answer => answer.Results[i].Hits)).Take(search.MaxCandidates),
            ReferenceEqualityComparer.Instance))];
        return [.. answers.Select(answer => answer with
        {
            Results = [.. answer.Results.Select((found, i) => found with
            {
                Hits = [.. found.Hits.Where(kept[i].Contains)],
            })],
        })];
    }

    /// <summary>Ranks what the partitions found for one search of a batch.</summary>
    /// <param name="search">The search; its list may be longer than the caller's by one.</param>
    /// <param name="index">Index of the search in the batch.</param>
    /// <param name="threshold">The score from which an identity is a candidate.</param>
    /// <param name="answers">One of each partition.</param>
    /// <param name="coverage">What was searched.</param>
    /// <param name="elapsed">Time since the search came.</param>
    public static IdentifyAnswer Rank(
        Search search, int index, double threshold, IReadOnlyList<PartitionAnswer> answers, Coverage coverage,
        TimeSpan elapsed)
    {
        SearchHits[] found = [.. answers.Where(a => a.Results.Count > 0).Select(a => a.Results[index])];
        IdentifyAnswer answer = new()
        {
            Refusal = Refuse(search, answers, found, coverage),
            Coverage = coverage,
            Gallery = search.Gallery,
            State = found.Length < answers.Count || found.Any(hits => hits.State is null) ? null
                : found.Aggregate(default(GalleryState), (sum, hits) => sum + hits.State!.Value),
            Threshold = threshold,
            FpirAtThreshold = Fpir.At(threshold, coverage.IdentitiesComparable),
            Comparisons = answers.Sum(a => a.Comparisons),
            FirstStage = found.Aggregate((FirstStage?)null, (sum, hits) => FirstStage.Add(sum, hits.FirstStage)),
            Fast = IsSampled(search, found) ? FastIrises.Measured : null,
            Elapsed = elapsed,
        };
        if (answer.Refusal is not null)
        {
            return answer;
        }

        Hit[] reached = [.. Ordered(found.SelectMany(hits => hits.Hits)).Where(hit => hit.Score >= threshold)];
        return answer with
        {
            // Partitions that only had a floor to go by counted below the threshold too.
            AboveThreshold = search.TargetFpir is not null ? reached.Length
                : Math.Max(reached.Length, found.Sum(hits => hits.Count?.Reached ?? 0)),
            Candidates =
            [
                .. reached.Take(search.MaxCandidates).Select((hit, rank) => new Candidate(
                    rank + 1, hit.PersonId, hit.Score, Fpir.At(hit.Score, coverage.IdentitiesComparable),
                    Named(search, hit.Details))),
            ],
        };
    }

    /// <summary>
    /// The details with the galleries of their encounters: where one gallery was searched partitions do not say it.
    /// </summary>
    internal static IReadOnlyList<HitDetail> Named(Search search, IReadOnlyList<HitDetail> details) =>
        search.Gallery == Search.AllGalleries ? details
            : [.. details.Select(detail => detail with { Galleries = [search.Gallery] })];

    /// <summary>The list as long as the caller wants it.</summary>
    public static IdentifyAnswer Cut(IdentifyAnswer answer, int candidates) => answer with
    {
        Candidates = [.. answer.Candidates.Take(candidates)],
        AboveThreshold = Math.Max(answer.AboveThreshold ?? 0, answer.Candidates.Count),
    };

    /// <summary>Best first; the person id settles a tie, wherever the hits come from.</summary>
    internal static IOrderedEnumerable<Hit> Ordered(IEnumerable<Hit> hits) =>
        hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.PersonId, StringComparer.Ordinal);

    /// <summary>
    /// Whether any partition sampled irises: a fast search is exact where sampling would not make it faster. A
    /// partition that does not say has sampled.
    /// </summary>
    private static bool IsSampled(Search search, SearchHits[] found) =>
        search.FastIrises && search.Probe.Irises.Count > 0 && search.Filter.Includes(Modality.Iris)
        && found.Any(hits => hits.SampledEyes is not 0);

    /// <summary>A gallery is unknown only where every partition was asked and none knows it.</summary>
    private static Refusal? Refuse(
        Search search, IReadOnlyList<PartitionAnswer> answers, SearchHits[] found, Coverage coverage)
    {
        if (answers.All(answer => answer.Outcome == PartitionOutcome.Refused))
        {
            return new Refusal(RefusalKind.Overloaded, answers[0].Reason!, coverage.RetryAfter);
        }

        bool everyoneSaid = found.Length == answers.Count;
        return everyoneSaid && !found.Any(hits => hits.GalleryKnown)
            ? new Refusal(RefusalKind.Unknown, $"no encounter names the gallery {search.Gallery}")
            : null;
    }
}
