using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Second looks at finalists: fingers turned first, then labels swapped, each where it is better than what was there.
/// </summary>
internal sealed class Finalists
{
    private readonly TurnedFingers? turned;
    private readonly SwappedFingers? swapped;

    private Finalists(TurnedFingers? turned, SwappedFingers? swapped) =>
        (this.turned, this.swapped) = (turned, swapped);

    /// <summary>The second looks of a probe; null where its fingers allow none.</summary>
    /// <param name="probe">The probe, fingers of which take part.</param>
    /// <param name="everybody">Whether whoever is compared is a finalist.</param>
    /// <param name="budget">How long.</param>
    /// <param name="calibration">What fingers are scored by.</param>
    public static Finalists? Of(Probe probe, bool everybody, ComparisonBudget budget, ScoreCalibration calibration)
    {
        bool isLabelled = SwappedFingers.MayBe(probe);
        bool isComparable = probe.Fingers.Any(finger => finger.Template.IsComparable);
        return isLabelled || isComparable
            ? new Finalists(
                isComparable ? new TurnedFingers(probe, everybody, budget, calibration) : null,
                isLabelled ? new SwappedFingers(probe, everybody, budget, calibration) : null)
            : null;
    }

    /// <summary>Comparisons made since this was asked last.</summary>
    public int TakeComparisons() => (turned?.TakeComparisons() ?? 0) + (swapped?.TakeComparisons() ?? 0);

    /// <summary>What a second look makes better; the samples are valid until the next call.</summary>
    /// <param name="asSent">What each sample scored as sent.</param>
    /// <param name="score">Their fused score; NaN where no sample met a row.</param>
    /// <param name="slots">Every encounter of the identity that was compared.</param>
    /// <param name="scratch">The working memory of the calling thread.</param>
    public (SampleBests Bests, double Score)? Better(
        SampleBests asSent, double score, ReadOnlySpan<SlotRef> slots, FingerScratch scratch)
    {
        (SampleBests Bests, double Score)? upright = turned?.Better(asSent, score, slots, scratch);
        return swapped?.Better(upright?.Bests ?? asSent, upright?.Score ?? score, slots, scratch) ?? upright;
    }
}
