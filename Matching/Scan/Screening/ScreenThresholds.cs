namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// Evidence of the first stage that an encounter needs to be scored, and to have its next finger looked at. It follows
/// from the threshold that the caller asked for: whoever reaches a high score agrees better in the first stage too, so
/// that fewer need to be scored to lose as few.
/// </summary>
/// <remarks>
/// A share of the evidence that the worst of five sets of real prints needs, chosen so that each set keeps
/// 96.5 / 99.5 / 99.8 % of whom an exhaustive search finds with one, two and four fingers under the same share of what
/// the worst of the others needs (<c>Benchmarks recall</c>; docs/fingers.md). <see cref="ScreenLosses"/> say what is
/// lost then.
/// </remarks>
internal sealed class ScreenThresholds
{
    /// <summary>Scores, -10 log10 FMR, that the rows of <see cref="ToScore"/> are for, this far apart.</summary>
    private const double FirstScore = 20;

    private const double ScoreStep = 10;

    /// <summary>Evidence to be scored by scores of 20, 30 ... 60, by the number of fingers: 0, 1, 2 ...</summary>
    private static readonly int[][] ToScore =
    [
        [0, 280, 360, 1500, 2500, 3000, 3400, 3800, 4200, 4600, 5000],
        [0, 460, 500, 1650, 2500, 3000, 3400, 3800, 4200, 4600, 5000],
        [0, 560, 800, 1900, 2500, 3000, 3400, 3800, 4200, 4600, 5000],
        [0, 600, 960, 2150, 2600, 3000, 3400, 3800, 4200, 4600, 5000],
        [0, 640, 960, 2150, 2600, 3000, 3400, 3800, 4200, 4600, 5000],
    ];

    /// <summary>
    /// Evidence to go on with the next finger, by the number compared so far. At 200 after two fingers half of the
    /// non-mated go on: higher ones lose people with four fingers, and nearly all blocks of eight are read all the
    /// same. At 1,200 after three a twentieth do.
    /// </summary>
    private static readonly int[] ToGoOn = [0, 0, 200, 1200, 1800, 2300, 2700, 3100, 3500, 3900, 4300];

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

    /// <summary>Evidence that an encounter needs to be scored in full.</summary>
    public int LeastFor(int fingers) => toScore[Math.Min(fingers, toScore.Length - 1)];

    /// <summary>Whether an encounter is scored in full.</summary>
    public bool IsEnough(int evidence, int fingers) => evidence >= LeastFor(fingers);

    /// <summary>Whether an encounter's next finger is looked at.</summary>
    public static bool MayGoOn(int evidence, int fingers) =>
        evidence >= ToGoOn[Math.Min(fingers, ToGoOn.Length - 1)];
}
