using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Evidence;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>What a comparison would be weighed by.</summary>
/// <param name="Set">The set of both prints.</param>
/// <param name="IsMated">Whether they are of one finger.</param>
/// <param name="Features">Logarithms of similarity, of the paired minutiae and of their number against
/// chance.</param>
/// <param name="Strength">The strength by the committed weights.</param>
internal sealed record EvidenceComparison(string Set, bool IsMated, double[] Features, int Strength)
{
    /// <summary>
    /// All comparisons inside the sets, aligned whatever their similarity: all mated ones, and every
    /// <paramref name="every"/>th other.
    /// </summary>
    public static List<EvidenceComparison> Of(
        IReadOnlyList<FvcImpression> names, FingerTemplate[] rows, FingerTemplate[] probes, int every)
    {
        FingerScratch scratch = new();
        List<EvidenceComparison> compared = [];
        for (int i = 0; i < names.Count; i++)
        {
            for (int j = i + 1; j < names.Count && names[j].Set == names[i].Set; j++)
            {
                bool mated = names[i].Finger == names[j].Finger;
                if (!mated && ((i * 31) + j) % every != 0)
                {
                    continue;
                }

                int similarity = FingerScorer.Compare(probes[j], rows[i].Row, scratch);
                EvidenceFound found = scratch.Pairs > 0
                    ? FingerMatcher.Align(probes[j], rows[i].Row, scratch) : default;
                compared.Add(new EvidenceComparison(
                    names[i].Set,
                    mated,
                    [
                        (double)EvidenceTables.Similarity(similarity) / EvidenceParameters.Unit,
                        (double)found.MatesEvidence / EvidenceParameters.Unit,
                        (double)found.CountEvidence / EvidenceParameters.Unit,
                    ],
                    FingerMatcher.Compare(probes[j], rows[i].Row, scratch).Strength));
            }
        }

        return compared;
    }
}
