using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>Joins the answers of searches that looked for one probe in several ways.</summary>
internal static class Looks
{
    /// <summary>
    /// One list of all, at the highest of their thresholds: a person's best score counts. Whoever can be compared in
    /// one of the ways counts: the way that meets most says how many.
    /// </summary>
    /// <param name="search">The search, as sent.</param>
    /// <param name="first">Its answer.</param>
    /// <param name="others">The answers of the other ways, their candidates with the price of the way.</param>
    public static IdentifyAnswer Join(Search search, IdentifyAnswer first, params IdentifyAnswer[] others)
    {
        IdentifyAnswer[] all = [first, .. others];
        double threshold = all.Max(answer => answer.Threshold);
        Coverage coverage = first.Coverage with
        {
            IdentitiesComparable = all.Max(answer => answer.Coverage.IdentitiesComparable),
        };

        Candidate[] found =
        [
            .. all.SelectMany(answer => answer.Candidates).Where(candidate => candidate.Score >= threshold)
                .GroupBy(candidate => candidate.PersonId, StringComparer.Ordinal)
                .Select(same => same.MaxBy(candidate => candidate.Score)!)
                .OrderByDescending(candidate => candidate.Score)
                .ThenBy(candidate => candidate.PersonId, StringComparer.Ordinal),
        ];
        return first with
        {
            Coverage = coverage,

            // One that was made again saw another snapshot at times.
            State = others.All(other => other.State == first.State) ? first.State : null,
            Threshold = threshold,
            FpirAtThreshold = Fpir.At(threshold, coverage.IdentitiesComparable),
            AboveThreshold = Math.Max(first.AboveThreshold ?? 0, found.Length),
            FirstStage = all.Aggregate((FirstStage?)null, (sum, answer) => FirstStage.Add(sum, answer.FirstStage)),
            Fast = all.Select(answer => answer.Fast).FirstOrDefault(fast => fast is not null),
            Candidates =
            [
                .. found.Take(search.MaxCandidates).Select((candidate, rank) => candidate with
                {
                    Rank = rank + 1,
                    Fpir = Fpir.At(candidate.Score, coverage.IdentitiesComparable),
                }),
            ],
        };
    }
}
