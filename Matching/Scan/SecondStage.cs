using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Looks at one finger of a search, for slots that the first stage chose: whether an identity is like the probe at all.
/// Only then is it scored in full, and the comparison that said so is not made again.
/// </summary>
/// <param name="probe">What is searched for.</param>
/// <param name="threshold">-10 log10 FMR that candidates must reach.</param>
/// <param name="budget">How long.</param>
internal sealed class SecondStage(Probe probe, double threshold, ComparisonBudget budget)
{
    private readonly SecondStageThresholds likeness = SecondStageThresholds.For(threshold, probe.Fingers.Count);
    private Made last = new(default, -1, -1, default);

    /// <summary>
    /// Whether the finger that agrees best in the first stage lets an identity reach the threshold, and how many
    /// comparisons were made. Where it is unlike its rows, the other fingers of a non-mated person are not compared.
    /// </summary>
    /// <param name="slot">Slot of an identity with one encounter.</param>
    /// <param name="strongest">Which finger of the probe agrees best.</param>
    /// <param name="scratch">The working memory of the calling thread.</param>
    public (bool IsLike, int Comparisons) IsLike(SlotRef slot, int strongest, FingerScratch scratch)
    {
        int made = 0;
        if (likeness == default)
        {
            return (true, made);
        }

        FingerProbe of = probe.Fingers[strongest];
        (int first, int end) = slot.Segment.RowsOf(slot.Slot);
        for (int row = first; row < end; row++)
        {
            if (of.Position.IsComparableWith(slot.Segment.PositionOf(row)) && !budget.Ends())
            {
                made++;
                if (IsLike(of.Template, slot.Segment.Row(row), scratch, out FingerMatch match))
                {
                    last = new(slot, row, strongest, match);
                    return (true, made);
                }
            }
        }

        return (false, made);
    }

    /// <summary>The comparison that let a slot pass, if it is that one.</summary>
    public bool HasMade(SlotRef slot, int row, int finger, out FingerMatch match)
    {
        match = last.Match;
        return last.Finger == finger && last.Row == row && last.Slot == slot;
    }

    /// <summary>
    /// Whether a row is like a finger. The third stage is made where the second leaves a doubt, while the pairs are in
    /// the scratch.
    /// </summary>
    private bool IsLike(FingerTemplate finger, ReadOnlySpan<byte> row, FingerScratch scratch, out FingerMatch match)
    {
        int similarity = FingerScorer.Compare(finger, row, scratch);
        match = default;
        if (similarity < likeness.Similarity)
        {
            return false;
        }

        match = FingerMatcher.Judge(similarity, finger, row, scratch);
        return likeness.Allows(similarity, FingerCalibration.Score(
            match.Strength, finger.Cylinders, FingerTemplate.CylindersAt(row)));
    }

    private readonly record struct Made(SlotRef Slot, int Row, int Finger, FingerMatch Match);
}
