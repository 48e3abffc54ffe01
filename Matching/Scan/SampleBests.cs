using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>The best comparison of one probe sample with the rows of an identity.</summary>
internal struct SampleBest
{
    /// <summary>-10 log10 FMR of the best comparison; meaningful where <see cref="Comparisons"/> is not 0.</summary>
    public double Score;

    /// <summary>Rows compared: the best of several is worth less.</summary>
    public int Comparisons;

    /// <summary>Fingers: similarity in 65536ths.</summary>
    public int Similarity;

    /// <summary>Irises: the fraction and its rotation.</summary>
    public IrisComparison Iris;

    /// <summary>Quarters of a turn that the probe was turned by; an eye is turned by two or none.</summary>
    public int Quarters;

    public SlotRef Slot;

    public int Row;

    public readonly string EncounterId => Slot.Segment.Columns(Slot.Slot).EncounterId;
}

/// <summary>
/// What an identity scored against each sample of a probe: fingers first, then irises. Joined over the encounters of
/// the identity, then fused.
/// </summary>
internal sealed class SampleBests(Probe probe)
{
    private readonly SampleBest[] bests = new SampleBest[probe.Fingers.Count + probe.Irises.Count];
    private readonly double[] scores = new double[probe.Places.Count];
    private readonly int[] comparisons = new int[probe.Places.Count];
    private readonly int[] strongest = new int[probe.Places.Count];

    public ReadOnlySpan<SampleBest> Samples => bests;

    public void Clear() => Array.Clear(bests);

    public void CopyFrom(SampleBests other) => other.bests.CopyTo(bests, 0);

    /// <summary>Replaces what one sample scored by what it scored elsewhere.</summary>
    public void Put(int sample, in SampleBest best) => bests[sample] = best;

    /// <summary>Takes back what one sample scored.</summary>
    public void Retract(int sample) => bests[sample] = default;

    public void Offer(int sample, double score, int similarity, in IrisComparison iris, SlotRef slot, int row)
    {
        ref SampleBest best = ref bests[sample];
        if (best.Comparisons == 0 || score > best.Score)
        {
            best.Score = score;
            best.Similarity = similarity;
            best.Iris = iris;
            best.Quarters = 0;
            best.Slot = slot;
            best.Row = row;
        }

        best.Comparisons++;
    }

    /// <summary>
    /// Replaces what a sample scored by a comparison with the probe turned, which has paid for being one of four looks
    /// already: rows are counted as before.
    /// </summary>
    public void Turn(int sample, double score, int similarity, SlotRef slot, int row, int quarters)
    {
        ref SampleBest best = ref bests[sample];
        (best.Score, best.Similarity, best.Slot, best.Row) = (score, similarity, slot, row);
        best.Quarters = quarters;
    }

    /// <summary>
    /// The identity's score over every place that met a row; NaN where none did. For a place its best
    /// comparison counts, less what it is worth as the best of so many (<see cref="Fusion.BestOf"/>).
    /// </summary>
    public double Fuse()
    {
        comparisons.AsSpan().Clear();
        for (int i = 0; i < bests.Length; i++)
        {
            ref readonly SampleBest best = ref bests[i];
            if (best.Comparisons > 0 && !IsDecidedElsewhere(i))
            {
                int place = probe.Places[i];
                if (comparisons[place] == 0 || best.Score > scores[place])
                {
                    scores[place] = best.Score;
                    strongest[place] = i;
                }

                comparisons[place] += best.Comparisons;
            }
        }

        JoinUnlabelled();
        int count = 0;
        for (int place = 0; place < comparisons.Length; place++)
        {
            if (comparisons[place] > 0)
            {
                scores[count++] = Fusion.BestOf(scores[place], comparisons[place]);
            }
        }

        return count == 0 ? double.NaN : Fusion.Fuse(scores.AsSpan(0, count));
    }

    /// <summary>
    /// Joins samples without a label to a labelled sample of the probe where they agree best with what that
    /// sample was compared with too: they may be of its place, so they count with it.
    /// </summary>
    private void JoinUnlabelled()
    {
        for (int place = 0; place < comparisons.Length; place++)
        {
            if (comparisons[place] == 0 || !probe.Places.PositionOf(strongest[place]).IsUnknown)
            {
                continue;
            }

            ref readonly SampleBest best = ref bests[strongest[place]];
            BiometricPosition met = best.Slot.Segment.PositionOf(best.Row);
            for (int i = 0; i < bests.Length; i++)
            {
                int other = probe.Places[i];
                if (other != place && bests[i].Comparisons > 0 && comparisons[other] > 0
                    && (probe.Places.PositionOf(i) == met
                        || (bests[i].Row == best.Row && bests[i].Slot == best.Slot)))
                {
                    strongest[other] = scores[place] > scores[other] ? strongest[place] : strongest[other];
                    scores[other] = Math.Max(scores[other], scores[place]);
                    comparisons[other] += comparisons[place];
                    comparisons[place] = 0;
                    break;
                }
            }
        }
    }

    /// <summary>Whether a wider code of this sample's eye met a row too.</summary>
    private bool IsDecidedElsewhere(int sample)
    {
        int iris = sample - probe.Fingers.Count;
        int decider = iris < 0 ? -1 : probe.DeciderOf(iris);
        return decider >= 0 && bests[probe.Fingers.Count + decider].Comparisons > 0;
    }

    public SampleBest[] ToArray() => [.. bests];

    /// <summary>
    /// Joins another encounter of the identity. Where two scores are equal, the encounter that is first by id
    /// counts, so that an answer does not depend on the order in which memory was filled.
    /// </summary>
    public void AddAll(SampleBests other)
    {
        for (int i = 0; i < bests.Length; i++)
        {
            ref readonly SampleBest offered = ref other.bests[i];
            if (offered.Comparisons == 0)
            {
                continue;
            }

            int before = bests[i].Comparisons;
            if (before == 0 || offered.Score > bests[i].Score
                || (offered.Score == bests[i].Score
                    && string.CompareOrdinal(offered.EncounterId, bests[i].EncounterId) < 0))
            {
                bests[i] = offered;
            }

            bests[i].Comparisons = before + offered.Comparisons;
        }
    }
}
