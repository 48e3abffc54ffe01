using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// A second search in which every eye of the probe bears the label of the other one, upside down or not, and what it
/// adds to the first. Fingers stay as they are.
/// </summary>
internal static class SwappedEyes
{
    /// <summary>Whether a search compares irises whose labels could be wrong.</summary>
    public static bool MayBe(Search search) => search.Filter.Includes(Modality.Iris)
        && search.Probe.Irises.Any(iris => !iris.Position.IsUnknown);

    /// <summary>The search with the labels of the eyes swapped.</summary>
    public static Search Of(Search search, bool isTurned) => search with
    {
        Probe = new Probe(
            search.Probe.Fingers,
            [
                .. search.Probe.Irises.Select(iris => isTurned ? iris.UpsideDown : iris).Select(iris => iris.Swapped),
            ]),
    };

    /// <summary>One list of both, where scores of the look pay its price (<see cref="EyeLooks"/>).</summary>
    public static IdentifyAnswer Join(Search search, IdentifyAnswer labelled, IdentifyAnswer swapped, bool isTurned)
    {
        if (labelled.Refusal is not null || swapped.Refusal is not null)
        {
            return labelled.Refusal is not null ? labelled : swapped;
        }

        return Looks.Join(search, labelled, swapped with
        {
            Candidates =
            [
                .. swapped.Candidates.Select(candidate => candidate with
                {
                    Score = EyeLooks.Score(candidate.Score, isTurned, true),
                    Details = [.. candidate.Details.Select(detail => detail.IsEye ? AsSent(detail, isTurned) : detail)],
                }),
            ],
        });
    }

    /// <summary>
    /// The probe's eye under the label that it was sent with. One that the look turned and its finalists turned back is
    /// as it was sent.
    /// </summary>
    private static HitDetail AsSent(HitDetail detail, bool isTurned)
    {
        HitDetail sent = detail with { ProbePosition = detail.ProbePosition.OtherEye };
        return sent with
        {
            Turn = isTurned == sent.Turn is null ? EyeLooks.UpsideDown * QuarterTurns.Degrees : null,
            Score = EyeLooks.Score(detail.Score, isTurned, sent.IsSwapped),
        };
    }
}
