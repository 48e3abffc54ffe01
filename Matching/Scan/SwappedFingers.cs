using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Compares finalists once more with swapped labels: the left hand sent as the right one, or two fingers
/// swapped, in the probe or at enrolment.
/// </summary>
/// <remarks>
/// Who is a finalist depends on the person and the search alone, never on who else is in the partition, so that any
/// partitioning gives one answer: some sample reaches <see cref="FinalistScore"/> as labelled, or the search is for
/// this person only. Fingers that agree as labelled stay where they are; the others are tried under
/// <see cref="FingerSwaps"/>. The best swap counts only where the swapped fingers alone reach
/// <see cref="SwappedScore"/>, every finger that had met a row meets one again, and the fused score, less the price
/// of having tried so many ways, is above the score as labelled.
/// </remarks>
internal sealed class SwappedFingers(
    Probe probe, bool everybody, ComparisonBudget budget, ScoreCalibration calibration)
{
    /// <summary>
    /// Score (-10 log10 FMR) of one sample as labelled: one non-mated comparison in 1,000 reaches it.
    /// </summary>
    public const double FinalistScore = 30;

    /// <summary>A finger that reaches this as labelled is where it belongs.</summary>
    public const double AgreesScore = 20;

    /// <summary>The score that the swapped fingers must reach together.</summary>
    public const double SwappedScore = 30;

    /// <summary>
    /// Comparisons a finalist may cost; one with more rows than that allows is not compared again. It is
    /// enough for ten fingers against ten encounters of ten fingers.
    /// </summary>
    public const int MostComparisons = 1000;

    private readonly SampleBests tried = new(probe);
    private readonly SampleBests moved = new(probe);
    private SampleBests best = new(probe);
    private SampleBests next = new(probe);
    private FingerMatch[] matches = [];
    private bool[] isKnown = [];
    private int comparisons;

    /// <summary>Whether any finger of a probe bears a label that could be wrong.</summary>
    public static bool MayBe(Probe probe) => probe.Fingers.Any(finger => !finger.Position.IsUnknown);

    /// <summary>Comparisons made since this was asked last.</summary>
    public int TakeComparisons()
    {
        int made = comparisons;
        comparisons = 0;
        return made;
    }

    /// <summary>
    /// The best way of swapping the fingers, if it is better than what the labels say; the samples are valid
    /// until the next call.
    /// </summary>
    /// <param name="labelled">What each sample scored as labelled.</param>
    /// <param name="score">Their fused score; NaN where no sample met a row.</param>
    /// <param name="slots">Every encounter of the identity that was compared.</param>
    /// <param name="scratch">The working memory of the calling thread.</param>
    public (SampleBests Bests, double Score)? Better(
        SampleBests labelled, double score, ReadOnlySpan<SlotRef> slots, FingerScratch scratch)
    {
        if (!everybody && !IsFinalist(labelled))
        {
            return null;
        }

        List<byte[]> swaps = FingerSwaps.Of(InDoubt(labelled));
        List<(SlotRef Slot, int Row)> rows = swaps.Count == 0 ? [] : FingerRows(slots);
        if (rows.Count == 0 || (long)rows.Count * probe.Fingers.Count > MostComparisons)
        {
            return null;
        }

        Forget(rows.Count * probe.Fingers.Count);
        double reached = double.IsNaN(score) ? 0 : score;
        bool isBetter = false;
        foreach (byte[] swap in swaps)
        {
            if (budget.EndsNow())
            {
                return null;
            }

            if (Try(swap, labelled, rows, scratch))
            {
                double fused = Math.Round(Fusion.BestOf(tried.Fuse(), swaps.Count + 1), 2);
                if (fused > reached)
                {
                    reached = fused;
                    isBetter = true;
                    next.CopyFrom(tried);
                    (best, next) = (next, best);
                }
            }
        }

        return isBetter ? (best, reached) : null;
    }

    /// <summary>Whether some sample agrees well enough as sent for a second look.</summary>
    public static bool IsFinalist(SampleBests labelled)
    {
        foreach (ref readonly SampleBest sample in labelled.Samples)
        {
            if (sample.Comparisons > 0 && sample.Score >= FinalistScore)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Labels none of whose fingers agrees with a row.</summary>
    private byte[] InDoubt(SampleBests labelled)
    {
        Span<bool> isNamed = stackalloc bool[FingerSwaps.Labels];
        Span<bool> agrees = stackalloc bool[FingerSwaps.Labels];
        for (int i = 0; i < probe.Fingers.Count; i++)
        {
            int label = probe.Fingers[i].Position.Finger;
            isNamed[label] = true;
            agrees[label] |= labelled.Samples[i] is { Comparisons: > 0, Score: >= AgreesScore };
        }

        List<byte> doubtful = [];
        for (int label = 1; label < FingerSwaps.Labels; label++)
        {
            if (isNamed[label] && !agrees[label])
            {
                doubtful.Add((byte)label);
            }
        }

        return [.. doubtful];
    }

    /// <summary>
    /// The finger rows, ordered by encounter id so that ties never depend on where a row lies.
    /// </summary>
    public static List<(SlotRef Slot, int Row)> FingerRows(ReadOnlySpan<SlotRef> slots)
    {
        List<(SlotRef, int)> rows = [];
        foreach (SlotRef slot in Ordered(slots))
        {
            (int first, int end) = slot.Segment.RowsOf(slot.Slot);
            for (int row = first; row < end; row++)
            {
                if (slot.Segment.IsFinger(row) && FingerTemplate.CylindersAt(slot.Segment.Row(row)) > 0)
                {
                    rows.Add((slot, row));
                }
            }
        }

        return rows;
    }

    /// <summary>Encounters of one identity in the order of their ids.</summary>
    public static SlotRef[] Ordered(ReadOnlySpan<SlotRef> slots)
    {
        SlotRef[] ordered = slots.ToArray();
        Array.Sort(ordered, (a, b) => string.CompareOrdinal(
            a.Segment.Columns(a.Slot).EncounterId, b.Segment.Columns(b.Slot).EncounterId));
        return ordered;
    }

    private void Forget(int pairs)
    {
        if (matches.Length < pairs)
        {
            matches = new FingerMatch[pairs];
            isKnown = new bool[pairs];
        }

        isKnown.AsSpan(0, pairs).Clear();
    }

    /// <summary>Whether a swap holds; its samples are then in <see cref="tried"/>.</summary>
    private bool Try(
        byte[] swap, SampleBests labelled, List<(SlotRef Slot, int Row)> rows, FingerScratch scratch)
    {
        tried.CopyFrom(labelled);
        moved.Clear();
        for (int i = 0; i < probe.Fingers.Count; i++)
        {
            byte label = probe.Fingers[i].Position.Code;
            if (swap[label] == label || !probe.Fingers[i].Template.IsComparable)
            {
                continue;
            }

            tried.Retract(i);
            BiometricPosition place = BiometricPosition.OfFinger(swap[label]);
            for (int r = 0; r < rows.Count; r++)
            {
                (SlotRef slot, int row) = rows[r];
                if (place.IsComparableWith(slot.Segment.PositionOf(row)))
                {
                    ReadOnlySpan<byte> memory = slot.Segment.Row(row);
                    FingerMatch match = Match(i, r, memory, rows.Count, scratch);
                    double score = calibration.FingerScore(match.Strength, probe.Fingers[i].Template, memory);
                    tried.Offer(i, score, match.Similarity, default, slot, row);
                    moved.Offer(i, score, match.Similarity, default, slot, row);
                }
            }

            // Fewer fingers compared would be a better score for a worse reason.
            if (tried.Samples[i].Comparisons == 0 && labelled.Samples[i].Comparisons > 0)
            {
                return false;
            }
        }

        return moved.Fuse() >= SwappedScore;
    }

    private FingerMatch Match(int finger, int row, ReadOnlySpan<byte> memory, int rows, FingerScratch scratch)
    {
        int at = (finger * rows) + row;
        if (!isKnown[at])
        {
            matches[at] = FingerMatcher.Compare(probe.Fingers[finger].Template, memory, scratch);
            isKnown[at] = true;
            comparisons++;
        }

        return matches[at];
    }
}
