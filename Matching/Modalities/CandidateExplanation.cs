using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Modalities;

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
    /// <param name="probe">Samples that were searched with.</param>
    /// <param name="reference">Samples of the encounter.</param>
    /// <param name="budget">How long it may take.</param>
    /// <param name="calibration">What fingers are scored by; null takes the committed curves.</param>
    public static Decoded<CandidateExplanation> Of(
        IReadOnlyList<Sample> probe, IReadOnlyList<Sample> reference, SearchBudget budget,
        ScoreCalibration? calibration = null)
    {
        Decoded<DecodedSample> a = DecodeAll(probe, Limits.RowsPerProbe);
        Decoded<DecodedSample> b = DecodeAll(reference, Limits.RowsPerEncounter);
        if (!a.IsAccepted || !b.IsAccepted)
        {
            return a.IsAccepted ? b.Rejection! : a.Rejection;
        }

        CandidateExplanation[] each =
        [
            .. ModalityTable.All.Select(rules => rules.Explain(a.Value, b.Value, budget, calibration)),
        ];
        return new CandidateExplanation(
            [.. each.SelectMany(part => part.Fingers)], [.. each.SelectMany(part => part.Irises)]);
    }

    private static Decoded<DecodedSample> DecodeAll(IReadOnlyList<Sample> samples, int mostRows)
    {
        List<DecodedSample> each = [];
        for (int i = 0; i < samples.Count; i++)
        {
            Decoded<DecodedSample> decoded = SampleDecoder.Decode(samples[i], i);
            if (!decoded.IsAccepted)
            {
                return decoded.Rejection;
            }

            each.Add(decoded.Value);
        }

        DecodedSample all = DecodedSample.Of(each);
        return all.Count > mostRows
            ? new Rejection(-1, $"{all.Count} views and codes", $"at most {mostRows}") : all;
    }
}
