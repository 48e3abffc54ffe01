namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// Evidence of the first stage that an encounter needs to be scored, and to have its next finger looked at. It follows
/// from the threshold that the caller asked for: whoever reaches a high score agrees better in the first stage too, so
/// that fewer need to be scored to lose as few.
/// </summary>
/// <remarks>
/// Chosen so that five sets of real prints keep 96.5 / 99.5 / 99.8 % of whom an exhaustive search finds with one, two
/// and four fingers at every threshold, the worst of them 0.2 % less at most (<c>Benchmarks recall</c>;
/// docs/fingers.md).
/// </remarks>
internal sealed class ScreenThresholds
{
    /// <summary>Scores, -10 log10 FMR, that the rows of <see cref="ToScore"/> are for, this far apart.</summary>
    private const double FirstScore = 20;

    private const double ScoreStep = 10;

    /// <summary>Evidence to be scored by scores of 20, 30 ... 60, by the number of fingers: 0, 1, 2 ...</summary>
    private static readonly int[][] ToScore =
    [
        [0, 200, 330, 720, 1100, 1600, 1800, 2000, 2200, 2400, 2600],
        [0, 240, 340, 740, 1100, 1600, 1800, 2000, 2200, 2400, 2600],
        [0, 360, 480, 790, 1250, 1600, 1800, 2000, 2200, 2400, 2600],
        [0, 430, 530, 840, 1250, 1600, 1800, 2000, 2200, 2400, 2600],
        [0, 500, 620, 900, 1300, 1600, 1800, 2000, 2200, 2400, 2600],
    ];

    /// <summary>
    /// Evidence to go on with the next finger, by the number compared so far. At 230 after two fingers a third of the
    /// non-mated go on: higher ones lose people with four fingers, and blocks of eight are read all the same.
    /// </summary>
    private static readonly int[] ToGoOn = [0, 0, 230, 570, 800, 1000, 1200, 1400, 1600, 1800, 2000];

    private readonly int[] toScore;

    private ScreenThresholds(int[] toScore) => this.toScore = toScore;

    /// <summary>Thresholds of a search; between two rows of the table in proportion.</summary>
    /// <param name="threshold">-10 log10 FMR.</param>
    public static ScreenThresholds For(double threshold)
    {
        double at = Math.Clamp((threshold - FirstScore) / ScoreStep, 0, ToScore.Length - 1);
        int row = Math.Min((int)at, ToScore.Length - 2);
        return new([.. ToScore[row].Zip(ToScore[row + 1], (low, high) => (int)(low + ((high - low) * (at - row))))]);
    }

    /// <summary>Whether an encounter is scored in full.</summary>
    public bool IsEnough(int evidence, int fingers) => evidence >= toScore[Math.Min(fingers, toScore.Length - 1)];

    /// <summary>Whether an encounter's next finger is looked at.</summary>
    public static bool MayGoOn(int evidence, int fingers) =>
        evidence >= ToGoOn[Math.Min(fingers, ToGoOn.Length - 1)];
}
