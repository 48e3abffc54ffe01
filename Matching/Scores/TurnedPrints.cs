using MatchCluster.Matching.Fingers;

namespace MatchCluster.Matching.Scores;

/// <summary>What it costs a score that the probe was turned: whoever looks four times finds more by chance.</summary>
public static class TurnedPrints
{
    /// <summary>
    /// Taken off the score of a comparison with the probe turned by 90 or 270 degrees, decibels. The best of four turns
    /// reaches a score of 20 or 30 some 1.4 to 1.75 times as often as the comparison as sent, because the looks overlap
    /// and prints upside down agree less by chance. With the prices it does 1.3 to 1.4 times as often
    /// (<c>Benchmarks rotation</c>).
    /// </summary>
    public const double QuarterPrice = 2;

    /// <summary>
    /// Taken off a score at 180 degrees. Of upright prints and prints upside down fewer than half as many agree by
    /// chance, so that of the two looks one counts for little, whichever way up the probe is.
    /// </summary>
    public const double HalfPrice = 1;

    /// <summary>
    /// A comparison that reaches this as sent, and aligns the two prints by less than half a quarter, is not made at
    /// other turns: one non-mated comparison in 1,000 reaches it.
    /// </summary>
    public const double AgreesAsSent = 30;

    /// <summary>From this score on, its price paid, a turned comparison counts.</summary>
    public const double Counts = 20;

    /// <summary>
    /// Whether another turn of the probe may fit better than as sent. A print turned by 90 degrees is still compared as
    /// sent with the half of its minutiae that are inside the window.
    /// </summary>
    /// <param name="asSent">Score as sent.</param>
    /// <param name="probe">The one print, as sent.</param>
    /// <param name="row">The other, as a row.</param>
    /// <param name="scratch">Memory of the calling thread.</param>
    internal static bool MayBe(double asSent, FingerTemplate probe, ReadOnlySpan<byte> row, FingerScratch scratch) =>
        asSent < AgreesAsSent
        || Math.Abs((int)FingerMatcher.TurnOf(probe, row, scratch)) > MccParameters.Turn / (2 * QuarterTurns.Count);

    /// <summary>Whether a turned comparison takes the place of another one of the two prints.</summary>
    /// <param name="turned">Its score, the price paid.</param>
    /// <param name="other">The best score so far.</param>
    public static bool IsBetter(double turned, double other) => turned >= Counts && turned > other;

    /// <summary>How a comparison of one with one scores two prints: at which turn of the probe, and how high.</summary>
    /// <param name="probe">The one.</param>
    /// <param name="row">The other, as a row.</param>
    /// <param name="by">What it is scored by.</param>
    /// <param name="scratch">Memory of the calling thread.</param>
    public static (int Quarters, double Score) Best(
        FingerTemplate probe, ReadOnlySpan<byte> row, ScoreCalibration by, FingerScratch scratch)
    {
        double asSent = by.FingerScore(FingerMatcher.Compare(probe, row, scratch).Strength, probe, row);
        (int Quarters, double Score) best = (0, asSent);
        bool mayBe = MayBe(asSent, probe, row, scratch);
        for (int quarters = 1; mayBe && quarters < QuarterTurns.Count; quarters++)
        {
            int strength = FingerMatcher.Compare(probe.Turned(quarters), row, scratch).Strength;
            double score = Score(by.FingerScore(strength, probe, row), quarters);
            best = IsBetter(score, best.Score) ? (quarters, score) : best;
        }

        return best;
    }

    /// <summary>The score of a turned comparison, or of a search with the probe turned, its price paid.</summary>
    /// <param name="score">-10 log10 FMR as of a comparison as sent.</param>
    /// <param name="quarters">Quarters of a turn, 1..3.</param>
    public static double Score(double score, int quarters) =>
        Math.Max(0, Math.Round(score - (quarters == 2 ? HalfPrice : QuarterPrice), 2));
}
