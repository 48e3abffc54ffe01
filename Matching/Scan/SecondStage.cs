using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Runs the second stage alone of one search, for slots that the first stage chose: whether an identity is
/// like the probe at all. Only then is it scored in full, and the comparison that said so is not made again.
/// </summary>
internal sealed class SecondStage(Probe probe, SecondStageThresholds likeness, ComparisonBudget budget)
{
    private Made last = new(default, -1, -1, default);

    /// <summary>
    /// Whether second stages let an identity reach the threshold, and how many were made. The finger that agrees best
    /// in the first stage comes first: where it is unlike its row, the other fingers of a non-mated person
    /// are not compared.
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

        int found = MostLike(slot, strongest, scratch, ref made);
        bool isLike = found >= likeness.Any;
        for (int i = 0; !isLike && found >= likeness.Strongest && i < probe.Fingers.Count; i++)
        {
            isLike = i != strongest && MostLike(slot, i, scratch, ref made) >= likeness.Any;
        }

        return (isLike, made);
    }

    /// <summary>The comparison that let a slot pass, if it is that one.</summary>
    public bool HasMade(SlotRef slot, int row, int finger, out FingerMatch match)
    {
        match = last.Match;
        return last.Finger == finger && last.Row == row && last.Slot == slot;
    }

    /// <summary>
    /// Similarity of a finger with the first row of a slot that is like it, otherwise the greatest. The third stage is
    /// made for a row that is like it alone, while the pairs are in the scratch.
    /// </summary>
    private int MostLike(SlotRef slot, int finger, FingerScratch scratch, ref int made)
    {
        FingerProbe of = probe.Fingers[finger];
        int most = 0;
        (int first, int end) = slot.Segment.RowsOf(slot.Slot);
        for (int row = first; row < end && most < likeness.Any; row++)
        {
            if (of.Position.IsComparableWith(slot.Segment.PositionOf(row)) && !budget.Ends())
            {
                made++;
                ReadOnlySpan<byte> memory = slot.Segment.Row(row);
                int similarity = FingerScorer.Compare(of.Template, memory, scratch);
                most = Math.Max(most, similarity);
                if (similarity >= likeness.Any)
                {
                    last = new(slot, row, finger, FingerMatcher.Judge(similarity, of.Template, memory, scratch));
                }
            }
        }

        return most;
    }

    private readonly record struct Made(SlotRef Slot, int Row, int Finger, FingerMatch Match);
}
