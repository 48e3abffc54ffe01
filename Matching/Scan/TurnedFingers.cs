using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Compares the fingers of finalists once more with the probe turned by 90, 180 and 270 degrees. One comparison meets
/// minutiae whose directions are up to 90 degrees apart, so that the four together meet prints at any turn.
/// </summary>
/// <remarks>
/// Who is a finalist is as for <see cref="SwappedFingers"/>: some sample reaches
/// <see cref="SwappedFingers.FinalistScore"/> as sent, or the search is for this person only. A finger that
/// agrees as sent and lies less than 45 degrees off is left alone; every other one is turned, each for itself. A turned
/// comparison pays its price (<see cref="TurnedPrints"/>), counts from <see cref="TurnedPrints.Counts"/> on, and only
/// where the fused score is then higher.
/// </remarks>
internal sealed class TurnedFingers(
    Probe probe, bool everybody, ComparisonBudget budget, ScoreCalibration calibration)
{
    /// <summary>As for swapped fingers: enough for ten fingers against thirty encounters of ten.</summary>
    public const int MostComparisons = SwappedFingers.MostComparisons;

    private readonly SampleBests tried = new(probe);
    private readonly bool[] isInDoubt = new bool[probe.Fingers.Count];
    private int comparisons;

    /// <summary>Comparisons made since this was asked last.</summary>
    public int TakeComparisons()
    {
        int made = comparisons;
        comparisons = 0;
        return made;
    }

    /// <summary>
    /// The samples with fingers turned where that is better than as sent; they are valid until the next call.
    /// </summary>
    /// <param name="asSent">What each sample scored as sent.</param>
    /// <param name="score">Their fused score; NaN where no sample met a row.</param>
    /// <param name="slots">Every encounter of the identity that was compared.</param>
    /// <param name="scratch">The working memory of the calling thread.</param>
    public (SampleBests Bests, double Score)? Better(
        SampleBests asSent, double score, ReadOnlySpan<SlotRef> slots, FingerScratch scratch)
    {
        if (!everybody && !SwappedFingers.IsFinalist(asSent))
        {
            return null;
        }

        int most = 0;
        for (int i = 0; i < probe.Fingers.Count; i++)
        {
            isInDoubt[i] = IsInDoubt(asSent.Samples[i], i, scratch);
            most += isInDoubt[i] ? asSent.Samples[i].Comparisons * (QuarterTurns.Count - 1) : 0;
        }

        if (most is 0 or > MostComparisons)
        {
            return null;
        }

        List<(SlotRef Slot, int Row)> rows = SwappedFingers.FingerRows(slots);
        bool isTurned = false;
        tried.CopyFrom(asSent);
        for (int i = 0; i < probe.Fingers.Count; i++)
        {
            if (budget.EndsNow())
            {
                return null;
            }

            isTurned |= isInDoubt[i] && Turn(i, rows, scratch);
        }

        double fused = isTurned ? tried.Fuse() : 0;
        return isTurned && fused > score ? (tried, fused) : null;
    }

    private bool IsInDoubt(in SampleBest asSent, int finger, FingerScratch scratch) => asSent.Comparisons > 0
        && TurnedPrints.MayBe(
            asSent.Score, probe.Fingers[finger].Template, asSent.Slot.Segment.Row(asSent.Row), scratch);

    /// <summary>Tries the turns of one finger; whether one counts.</summary>
    private bool Turn(int finger, List<(SlotRef Slot, int Row)> rows, FingerScratch scratch)
    {
        bool counts = false;
        foreach ((SlotRef slot, int row) in rows)
        {
            ReadOnlySpan<byte> memory = slot.Segment.Row(row);
            if (FingerTemplate.CylindersAt(memory) < FingerTemplate.LeastCylinders
                || !probe.Fingers[finger].Position.IsComparableWith(slot.Segment.PositionOf(row)))
            {
                continue;
            }

            for (int quarters = 1; quarters < QuarterTurns.Count; quarters++)
            {
                FingerTemplate turned = probe.Fingers[finger].Template.Turned(quarters);
                FingerMatch match = FingerMatcher.Compare(turned, memory, scratch);
                comparisons++;
                double score = TurnedPrints.Score(
                    calibration.FingerScore(match.Strength, turned, memory), quarters);
                if (TurnedPrints.IsBetter(score, tried.Samples[finger].Score))
                {
                    tried.Turn(finger, score, match.Similarity, slot, row, quarters);
                    counts = true;
                }
            }
        }

        return counts;
    }
}
