using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Second looks at finalists: fingers turned first, then labels of fingers swapped, then eyes turned and swapped, each
/// where it is better than what was there.
/// </summary>
internal sealed class Finalists
{
    private readonly TurnedFingers? turned;
    private readonly SwappedFingers? swapped;
    private readonly MisplacedEyes? eyes;

    private Finalists(TurnedFingers? turned, SwappedFingers? swapped, MisplacedEyes? eyes) =>
        (this.turned, this.swapped, this.eyes) = (turned, swapped, eyes);

    /// <summary>The second looks of a probe; null where it allows none.</summary>
    /// <remarks>
    /// The eyes of finalists are looked at where fingers make finalists, or where the search is for one person: an eye
    /// alone would have to let everybody pass who scores 30, a thousand times as many as a large gallery can afford.
    /// </remarks>
    /// <param name="probe">The probe.</param>
    /// <param name="fingers">Whether its fingers take part.</param>
    /// <param name="irises">Whether its irises do.</param>
    /// <param name="everybody">Whether whoever is compared is a finalist.</param>
    /// <param name="budget">How long.</param>
    /// <param name="calibration">What fingers are scored by.</param>
    public static Finalists? Of(
        Probe probe, bool fingers, bool irises, bool everybody, ComparisonBudget budget, ScoreCalibration calibration)
    {
        bool isLabelled = fingers && SwappedFingers.MayBe(probe);
        bool isComparable = fingers && probe.Fingers.Any(finger => finger.Template.IsComparable);
        bool hasEyes = irises && probe.Irises.Count > 0 && (everybody || isLabelled || isComparable);
        return isLabelled || isComparable || hasEyes
            ? new Finalists(
                isComparable ? new TurnedFingers(probe, everybody, budget, calibration) : null,
                isLabelled ? new SwappedFingers(probe, everybody, budget, calibration) : null,
                hasEyes ? new MisplacedEyes(probe, everybody, budget) : null)
            : null;
    }

    /// <summary>Comparisons made since this was asked last.</summary>
    public int TakeComparisons() => (this.turned?.TakeComparisons() ?? 0) + (this.swapped?.TakeComparisons() ?? 0)
        + (this.eyes?.TakeComparisons() ?? 0);

    /// <summary>What a second look makes better; the samples are valid until the next call.</summary>
    /// <param name="asSent">What each sample scored as sent.</param>
    /// <param name="score">Their fused score; NaN where no sample met a row.</param>
    /// <param name="slots">Every encounter of the identity that was compared.</param>
    /// <param name="scratch">The working memory of the calling thread.</param>
    public (SampleBests Bests, double Score)? Better(
        SampleBests asSent, double score, ReadOnlySpan<SlotRef> slots, FingerScratch scratch)
    {
        (SampleBests Bests, double Score)? found = this.turned?.Better(asSent, score, slots, scratch);
        found = this.swapped?.Better(found?.Bests ?? asSent, found?.Score ?? score, slots, scratch) ?? found;
        return this.eyes?.Better(found?.Bests ?? asSent, found?.Score ?? score, slots) ?? found;
    }
}
