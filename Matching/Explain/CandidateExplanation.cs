using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Explain;

/// <summary>A probe held against one encounter, taken apart sample by sample.</summary>
/// <param name="Fingers">For each finger of the probe the best comparison with a finger that it may be
/// compared with.</param>
/// <param name="Irises">For each eye of the probe the best comparison with an eye of the same shape.</param>
public sealed record CandidateExplanation(
    IReadOnlyList<FingerExplanation> Fingers, IReadOnlyList<IrisExplanation> Irises)
{
    /// <summary>
    /// The explanation, or the rejection that names the sample by its index; of what came after the budget's end
    /// nothing is explained, so that the caller must look at it again.
    /// </summary>
    public static Decoded<CandidateExplanation> Of(
        IReadOnlyList<Sample> probe, IReadOnlyList<Sample> reference, SearchBudget budget)
    {
        Decoded<DecodedSample> a = DecodeAll(probe, Limits.RowsPerProbe);
        Decoded<DecodedSample> b = DecodeAll(reference, Limits.RowsPerEncounter);
        if (!a.IsAccepted || !b.IsAccepted)
        {
            return a.IsAccepted ? b.Rejection! : a.Rejection;
        }

        return new CandidateExplanation(
            [
                .. a.Value.Fingers.Select(finger => b.Value.Fingers
                    .Where(other => !budget.IsSpent && finger.Position.IsComparableWith(other.Position))
                    .Select(other => FingerExplainer.Explain(finger, other))
                    .MaxBy(explanation => explanation.Score)).OfType<FingerExplanation>(),
            ],
            [
                .. a.Value.Irises.Select(eye => b.Value.Irises
                    .Where(other => !budget.IsSpent && eye.Position.IsComparableWith(other.Position))
                    .Select(other => IrisExplainer.Explain(eye, other))
                    .MaxBy(explanation => explanation?.Score)).OfType<IrisExplanation>(),
            ]);
    }

    private static Decoded<DecodedSample> DecodeAll(IReadOnlyList<Sample> samples, int mostRows)
    {
        List<FingerView> fingers = [];
        List<IrisCode> irises = [];
        for (int i = 0; i < samples.Count; i++)
        {
            Decoded<DecodedSample> decoded = SampleDecoder.Decode(samples[i], i);
            if (!decoded.IsAccepted)
            {
                return decoded.Rejection;
            }

            fingers.AddRange(decoded.Value.Fingers);
            irises.AddRange(decoded.Value.Irises);
        }

        if (fingers.Count + irises.Count > mostRows)
        {
            return new Rejection(-1, $"{fingers.Count + irises.Count} views and codes", $"at most {mostRows}");
        }

        // No search compares a finger that is too small: neither is it explained.
        return new DecodedSample([.. fingers.Where(finger => ProbeBuilder.Insufficient(finger) is null)], irises);
    }
}
