namespace MatchCluster.Matching.Scores;

/// <summary>
/// What it costs a score that an eye agreed upside down or under the label of the other eye: whoever looks several
/// times finds more by chance.
/// </summary>
public static class EyeLooks
{
    /// <summary>
    /// Taken off a score of an eye that was compared upside down, decibels. Codes of different eyes of which one is
    /// upside down agree by chance an eighth as often or less, because lids cover other parts of them. So half of an
    /// eighth is what this look adds at most to the false matches as sent (<c>Benchmarks iris-looks</c>).
    /// </summary>
    public const double TurnedPrice = 3;

    /// <summary>
    /// Taken off a score of an eye that was compared under the label of the other one. Such a look agrees by chance as
    /// often as the one as sent: with this price it adds a tenth.
    /// </summary>
    public const double SwappedPrice = 10;

    /// <summary>An eye that reaches this as sent is where it belongs, and the right way up.</summary>
    public const double AgreesScore = 20;

    /// <summary>From this score on, its price paid, what eyes of a look score together counts.</summary>
    public const double Counts = 20;

    /// <summary>Quarters of a turn of an eye that is upside down.</summary>
    public const int UpsideDown = 2;

    /// <summary>The score of a look, its price paid.</summary>
    /// <param name="score">-10 log10 FMR as of a comparison as sent.</param>
    /// <param name="isTurned">Whether the eyes were compared upside down.</param>
    /// <param name="isSwapped">Whether they were compared under the label of the other eye.</param>
    public static double Score(double score, bool isTurned, bool isSwapped) => Math.Max(
        0, Math.Round(score - (isTurned ? TurnedPrice : 0) - (isSwapped ? SwappedPrice : 0), 2));
}
