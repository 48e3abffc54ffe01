using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// A second search in which every finger of the probe bears the label of the other hand, and what it adds to the
/// first: whoever was enrolled, or captured, with the hands swapped.
/// </summary>
internal static class SwappedHands
{
    private const int Ways = 2;

    /// <summary>The search with the hands swapped; irises stay as they are.</summary>
    public static Search Of(Search search) => search with
    {
        Probe = new Probe(
            [.. search.Probe.Fingers.Select(finger => finger with { Position = finger.Position.OtherHand })],
            search.Probe.Irises),
    };

    /// <summary>
    /// One list of both, at the higher of their thresholds: a person's better score counts, where the one with the
    /// hands swapped pays for being the second way tried (<see cref="Fusion.BestOf"/>).
    /// </summary>
    public static IdentifyAnswer Join(Search search, IdentifyAnswer labelled, IdentifyAnswer swapped)
    {
        if (labelled.Refusal is not null)
        {
            return labelled;
        }

        // Whoever can be compared in one of the two ways counts: the way that meets more says how many.
        double threshold = Math.Max(labelled.Threshold, swapped.Threshold);
        Coverage coverage = labelled.Coverage with
        {
            IdentitiesComparable = Math.Max(
                labelled.Coverage.IdentitiesComparable, swapped.Coverage.IdentitiesComparable),
        };

        IEnumerable<Candidate> others = swapped.Candidates
            .Select(candidate => candidate with
            {
                Score = Math.Round(Fusion.BestOf(candidate.Score, Ways), 2),
                Details = [.. candidate.Details.Select(AsSent)],
            })
            .Where(candidate => candidate.Score >= threshold);
        return labelled with
        {
            Coverage = coverage,
            Threshold = threshold,
            FpirAtThreshold = Fpir.At(threshold, coverage.IdentitiesComparable),
            FirstStage = FirstStage.Add(labelled.FirstStage, swapped.FirstStage),
            Fast = labelled.Fast ?? swapped.Fast,
            Candidates =
            [
                .. labelled.Candidates.Where(candidate => candidate.Score >= threshold).Concat(others)
                    .GroupBy(candidate => candidate.PersonId, StringComparer.Ordinal)
                    .Select(same => same.MaxBy(candidate => candidate.Score)!)
                    .OrderByDescending(candidate => candidate.Score)
                    .ThenBy(candidate => candidate.PersonId, StringComparer.Ordinal)
                    .Take(search.MaxCandidates)
                    .Select((candidate, rank) => candidate with
                    {
                        Rank = rank + 1,
                        Fpir = Fpir.At(candidate.Score, coverage.IdentitiesComparable),
                    }),
            ],
        };
    }

    /// <summary>The probe's finger under the label it was sent with.</summary>
    private static HitDetail AsSent(HitDetail detail) =>
        detail with { ProbePosition = detail.ProbePosition.OtherHand };
}
