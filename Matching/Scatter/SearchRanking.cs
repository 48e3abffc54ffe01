using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scatter;

/// <summary>Merges the partitions' lists and adds up what they looked at.</summary>
public static class SearchRanking
{
    public static Coverage Cover(IReadOnlyList<PartitionAnswer> answers) => new()
    {
        PartitionsAsked = answers.Count,
        PartitionsAnswered = answers.Count(answer => answer.Outcome == PartitionOutcome.Complete),
        IdentitiesHeld = answers.Sum(answer => answer.IdentitiesHeld),
        IdentitiesSearched = answers.Sum(answer => answer.IdentitiesSearched),
        Missing = [.. answers.Where(a => a.Outcome != PartitionOutcome.Complete).Select(a => a.Reason!).Distinct()],
        RetryAfter = answers.Max(answer => answer.RetryAfter),
    };

    /// <summary>
    /// Leaves out of the answers of several partitions the hits that can no longer be among the best: what lies
    /// behind as many better hits of these partitions alone lies behind them in the whole gallery too. A machine with
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

    public static IdentifyAnswer Rank(
        Search search, int index, IReadOnlyList<PartitionAnswer> answers, Coverage coverage, TimeSpan elapsed)
    {
        SearchHits[] found = [.. answers.Where(a => a.Results.Count > 0).Select(a => a.Results[index])];
        IdentifyAnswer answer = new()
        {
            Refusal = Refuse(search, answers, found, coverage),
            Coverage = coverage,
            Threshold = search.Threshold,
            FpirAtThreshold = Fpir.At(search.Threshold, coverage.IdentitiesHeld),
            Comparisons = answers.Sum(a => a.Comparisons),
            FirstStage = found.Aggregate((FirstStage?)null, (sum, hits) => FirstStage.Add(sum, hits.FirstStage)),
            Fast = search.FastIrises && search.Probe.Irises.Count > 0 && search.Filter.Includes(Modality.Iris)
                ? FastIrises.Measured : null,
            Elapsed = elapsed,
        };
        return answer.Refusal is not null ? answer : answer with
        {
            Candidates =
            [
                .. Ordered(found.SelectMany(hits => hits.Hits))
                    .Take(search.MaxCandidates)
                    .Select((hit, rank) => new Candidate(
                        rank + 1, hit.PersonId, hit.Score, Fpir.At(hit.Score, coverage.IdentitiesHeld), hit.Details)),
            ],
        };
    }

    /// <summary>Best first; the person id settles a tie, wherever the hits come from.</summary>
    internal static IOrderedEnumerable<Hit> Ordered(IEnumerable<Hit> hits) =>
        hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.PersonId, StringComparer.Ordinal);

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
