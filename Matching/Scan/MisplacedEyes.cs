using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Compares the eyes of finalists once more: upside down, under the label of the other eye, and both, as eyes are that
/// a camera took on its head or whose labels were swapped, in the probe or at enrolment.
/// </summary>
/// <remarks>
/// Who is a finalist is as for <see cref="SwappedFingers"/>. An eye that agrees as sent is left alone, and so is one
/// whose other label belongs to an eye that agrees. The three looks pay their prices (<see cref="EyeLooks"/>); the best
/// of them counts only where its eyes reach <see cref="EyeLooks.Counts"/> together and the fused score is then higher.
/// </remarks>
internal sealed class MisplacedEyes(Probe probe, bool everybody, ComparisonBudget budget)
{
    /// <summary>Comparisons a finalist may cost: four codes against eighty rows in three ways.</summary>
    public const int MostComparisons = SwappedFingers.MostComparisons;

    private static readonly (bool IsTurned, bool IsSwapped)[] Looks = [(true, false), (false, true), (true, true)];

    private readonly SampleBests moved = new(probe);
    private readonly IrisProbe?[] swapped = new IrisProbe?[probe.Irises.Count];
    private SampleBests tried = new(probe);
    private SampleBests best = new(probe);
    private int comparisons;

    /// <summary>Comparisons made since this was asked last.</summary>
    public int TakeComparisons()
    {
        int made = this.comparisons;
        this.comparisons = 0;
        return made;
    }

    /// <summary>
    /// The samples with the eyes of the best look, if that is better than as sent; they are valid until the next call.
    /// </summary>
    /// <param name="asSent">What each sample scored so far.</param>
    /// <param name="score">Their fused score; NaN where no sample met a row.</param>
    /// <param name="slots">Every encounter of the identity that was compared.</param>
    public (SampleBests Bests, double Score)? Better(
        SampleBests asSent, double score, ReadOnlySpan<SlotRef> slots)
    {
        if (!everybody && !SwappedFingers.IsFinalist(asSent))
        {
            return null;
        }

        BiometricPosition[] agreeing =
        [
            .. Enumerable.Range(0, probe.Irises.Count)
                .Where(i => asSent.Samples[probe.Fingers.Count + i] is
                    { Comparisons: > 0, Score: >= EyeLooks.AgreesScore })
                .Select(i => probe.Irises[i].Position),
        ];
        int[] inDoubt =
        [
            .. Enumerable.Range(0, probe.Irises.Count).Where(i => !agreeing.Contains(probe.Irises[i].Position)),
        ];
        List<(SlotRef Slot, int Row)> rows = inDoubt.Length == 0 ? [] : EyeRows(slots);
        if (rows.Count == 0 || (long)rows.Count * inDoubt.Length * Looks.Length > MostComparisons)
        {
            return null;
        }

        double reached = double.IsNaN(score) ? 0 : score;
        bool isBetter = false;
        foreach ((bool isTurned, bool isSwapped) in Looks)
        {
            if (budget.EndsNow())
            {
                return null;
            }

            int[] looked = isSwapped
                ? [.. inDoubt.Where(i => IsLabelledAlone(probe.Irises[i].Position, agreeing))] : inDoubt;
            if (looked.Length > 0 && Try(looked, isTurned, isSwapped, asSent, rows) && this.tried.Fuse() > reached)
            {
                reached = this.tried.Fuse();
                isBetter = true;
                (this.best, this.tried) = (this.tried, this.best);
            }
        }

        return isBetter ? (this.best, reached) : null;
    }

    /// <summary>Whether an eye has a label that it may have been given for the other one.</summary>
    private static bool IsLabelledAlone(BiometricPosition eye, BiometricPosition[] agreeing) =>
        !eye.IsUnknown && !agreeing.Contains(eye.OtherEye);

    /// <summary>The iris rows, ordered by encounter id so that ties never depend on where a row lies.</summary>
    private static List<(SlotRef Slot, int Row)> EyeRows(ReadOnlySpan<SlotRef> slots)
    {
        List<(SlotRef, int)> rows = [];
        foreach (SlotRef slot in SwappedFingers.Ordered(slots))
        {
            (int first, int end) = slot.Segment.RowsOf(slot.Slot);
            for (int row = first; row < end; row++)
            {
                if (slot.Segment.IsIris(row))
                {
                    rows.Add((slot, row));
                }
            }
        }

        return rows;
    }

    /// <summary>Whether a look holds; its samples are then in <see cref="tried"/>.</summary>
    private bool Try(
        int[] eyes, bool isTurned, bool isSwapped, SampleBests asSent, List<(SlotRef Slot, int Row)> rows)
    {
        this.tried.CopyFrom(asSent);
        this.moved.Clear();
        foreach (int i in eyes)
        {
            int sample = probe.Fingers.Count + i;
            ref readonly SampleBest before = ref asSent.Samples[sample];
            SampleBest found = Best(i, isTurned, isSwapped, rows);
            if (found.Comparisons == 0)
            {
                // Fewer eyes compared would be a better score for a worse reason.
                if (before.Comparisons > 0)
                {
                    return false;
                }
            }
            else if (isSwapped || found.Score > before.Score)
            {
                this.tried.Put(sample, found);
                this.moved.Put(sample, found);
            }
        }

        return this.moved.Fuse() >= EyeLooks.Counts;
    }

    /// <summary>The best comparison of one eye in a look.</summary>
    private SampleBest Best(int iris, bool isTurned, bool isSwapped, List<(SlotRef Slot, int Row)> rows)
    {
        IrisProbe eye = isSwapped ? this.swapped[iris] ??= probe.Irises[iris].Swapped : probe.Irises[iris];
        eye = isTurned ? eye.UpsideDown : eye;
        SampleBest found = default;
        foreach ((SlotRef slot, int row) in rows)
        {
            ReadOnlySpan<byte> memory = slot.Segment.Row(row);
            if (!eye.Position.IsComparableWith(slot.Segment.PositionOf(row))
                || !IrisScorer.TryCompare(eye, memory, out IrisComparison comparison))
            {
                continue;
            }

            this.comparisons++;
            double score = EyeLooks.Score(IrisCalibration.Score(comparison, eye, memory), isTurned, isSwapped);
            int compared = found.Comparisons + 1;
            if (compared == 1 || score > found.Score)
            {
                found = new SampleBest
                {
                    Score = score,
                    Iris = comparison,
                    Quarters = isTurned ? EyeLooks.UpsideDown : 0,
                    Slot = slot,
                    Row = row,
                };
            }

            found.Comparisons = compared;
        }

        return found;
    }
}
