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
    /// One list of both, where the score with the hands swapped pays for being the second way tried
    /// (<see cref="Fusion.BestOf"/>).
    /// </summary>
    public static IdentifyAnswer Join(Search search, IdentifyAnswer labelled, IdentifyAnswer swapped)
    {
        if (labelled.Refusal is not null)
        {
            return labelled;
        }

        return Looks.Join(search, labelled, swapped with
        {
            Candidates =
            [
                .. swapped.Candidates.Select(candidate => candidate with
                {
                    Score = Math.Round(Fusion.BestOf(candidate.Score, Ways), 2),
                    Details = [.. candidate.Details.Select(AsSent)],
                }),
            ],
        });
    }

    /// <summary>The probe's finger under the label it was sent with.</summary>
    private static HitDetail AsSent(HitDetail detail) =>
        detail with { ProbePosition = detail.ProbePosition.OtherHand };
}
